import CairnModels
import CairnNN
import CairnONNX
import Testing

@Suite("LoFTR")
struct LoFTRTests {
    private static let cells = (48, 40)
    private static func small(_ encoding: LoFTRConfiguration.PositionEncoding) -> LoFTRConfiguration {
        var configuration = LoFTRConfiguration()
        configuration.stemSize = 16
        configuration.stageSizes = [16, 24, 32]
        configuration.coarseLayerPairs = 2
        configuration.heads = 4
        configuration.positionEncoding = encoding
        return configuration
    }
    private static let goldens = ["loftr": small(.original), "loftr_corrected": small(.corrected)]

    private func images() -> [MatchingRunner.Input] {
        let shapes: [Shape] = [[1, 1, 48, 64], [1, 1, 64, 40]]
        return shapes.enumerated().map { index, shape in
            let values = SeededParameters.image(shape, name: "image\(index)").map { $0 / 4 + 0.5 }
            return MatchingRunner.Input(name: "image\(index)", shape: shape, values: values)
        }
    }

    @Test("gives kornia's features and coarse matches with seeded weights", arguments: ["loftr", "loftr_corrected"])
    func coarse(_ name: String) throws {
        let configuration = try #require(Self.goldens[name])
        let outputs = try MatchingRunner.outputs(of: images()) { parameters, tensors in
            let network = try LoFTR(parameters, configuration: configuration)
            let (a, b) = (try network.features(tensors[0]), try network.features(tensors[1]))
            let matches = try network.coarse(a.coarse, b.coarse)
            return [
                ("coarse", a.coarse), ("fine", a.fine), ("cells", matches.a), ("confidence", matches.confidence),
            ]
        }
        let errors = ParityRunner.errors(try .named(name), outputs)
        #expect(errors.count == 4)
        #expect(errors.values.allSatisfy { $0 < 1e-4 }, "\(errors)")
    }

    @Test("gives kornia's fine matches with seeded weights")
    func fine() throws {
        let inputs = (0..<2).flatMap { index in
            [("windows", [6, 25, 16] as Shape), ("cells", [6, 32])].map { name, shape in
                let values = SeededParameters.image(shape, name: "\(name)\(index)").map { $0 / 2 }
                return MatchingRunner.Input(name: "\(name)\(index)", shape: shape, values: values)
            }
        }
        let outputs = try MatchingRunner.outputs(of: inputs) { parameters, tensors in
            let network = try LoFTRFineMatching(parameters, configuration: Self.small(.original))
            return [("moved", try network(windows: (tensors[0], tensors[2]), cells: (tensors[1], tensors[3])))]
        }
        let errors = ParityRunner.errors(try .named("loftr"), outputs)
        #expect(errors.count == 1)
        #expect(errors.values.allSatisfy { $0 < 1e-4 }, "\(errors)")
    }

    @Test("gives the same confidences when cells are padded, and none to padding")
    func padding() throws {
        func confidence(padding: Int) throws -> [Float] {
            let inputs = [("a", Self.cells.0), ("b", Self.cells.1)].flatMap { name, count in
                let size = count + padding
                let values =
                    SeededParameters.image([count, 32], name: name).map { $0 / 2 }
                    + [Float](repeating: 0.4, count: padding * 32)
                let validity = [Float](repeating: 1, count: count) + [Float](repeating: 0, count: padding)
                return [
                    MatchingRunner.Input(name: name, shape: [1, size, 32], values: values),
                    MatchingRunner.Input(name: "\(name)_validity", shape: [1, size], values: validity),
                ]
            }
            let outputs = try MatchingRunner.outputs(of: inputs) { parameters, tensors in
                let network = try LoFTRCoarseMatching(parameters, configuration: Self.small(.original))
                let matches = try network(tensors[0], tensors[2], validities: (tensors[1], tensors[3]))
                return [("confidence", matches.confidence)]
            }
            return try #require(outputs["confidence"])
        }
        let (plain, padded) = (try confidence(padding: 0), try confidence(padding: 9))
        let scale = try #require(plain.max())
        for row in 0..<(Self.cells.0 + 9) {
            for column in 0..<(Self.cells.1 + 9) {
                let value = padded[row * (Self.cells.1 + 9) + column]
                let isCell = row < Self.cells.0 && column < Self.cells.1
                let expected = isCell ? plain[row * Self.cells.1 + column] : 0
                #expect(abs(value - expected) <= 1e-4 * scale)
            }
        }
    }

    @Test("asks for the names of the published checkpoints")
    func names() throws {
        let source = ShapeParameters()
        _ = try LoFTR(Parameters(source))
        let specs = Dictionary(uniqueKeysWithValues: source.specs.map { ($0.name, $0.shape) })
        #expect(specs.count == source.specs.count)
        #expect(specs["backbone.conv1.weight"] == [128, 1, 7, 7])
        #expect(specs["backbone.layer2.0.downsample.1.running_mean"] == [196])
        #expect(specs["backbone.layer1.0.downsample.0.weight"] == nil)
        #expect(specs["backbone.layer3_outconv.weight"] == [256, 256, 1, 1])
        #expect(specs["backbone.layer1_outconv2.3.weight"] == [128, 196, 3, 3])
        #expect(specs["loftr_coarse.layers.7.mlp.2.weight"] == [256, 512])
        #expect(specs["fine_preprocess.merge_feat.weight"] == [128, 256])
        #expect(specs["loftr_fine.layers.1.norm2.bias"] == [128])
        #expect(source.specs.filter { $0.role != .buffer }.reduce(0) { $0 + $1.shape.elementCount } == 11_561_456)
    }

    @Test("asks for as many numbers as kornia's")
    func parameterCount() throws {
        let source = ShapeParameters()
        _ = try LoFTR(Parameters(source), configuration: Self.small(.original))
        let learned = source.specs.filter { $0.role != .buffer }.reduce(0) { $0 + $1.shape.elementCount }
        #expect(try learned == ModelGolden.named("loftr").parameterCount)
    }

    @Test("refuses images that do not divide into cells, and colour")
    func wrongSize() throws {
        let network = try LoFTRFeatures(Parameters(ShapeParameters()))
        #expect(throws: NetworkError.self) { try network(ShapeTensor([1, 1, 44, 64])) }
        #expect(throws: NetworkError.self) { try network(ShapeTensor([1, 3, 48, 64])) }
        let maps = try network(ShapeTensor([2, 1, 48, 64]))
        #expect(maps.coarse.shape == [2, 48, 256] && maps.fine.shape == [2, 24, 32, 128])
    }
}
