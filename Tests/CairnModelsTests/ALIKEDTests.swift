import CairnModels
import CairnNN
import CairnONNX
import Testing

@Suite("ALIKED")
struct ALIKEDTests {
    @Test("asks for the parameters of the published networks", arguments: ["aliked-t16", "aliked-n16", "aliked-n32"])
    func names(_ name: String) throws {
        let source = ShapeParameters()
        let configuration = try #require(ALIKEDConfiguration.named(name))
        _ = try ALIKED(Parameters(source), configuration: configuration)
        let learned = source.specs.filter { $0.role != .buffer }
        #expect(
            try learned.reduce(0) { $0 + $1.shape.elementCount } == ModelGolden.named(name).parameterCount)
        let specs = Dictionary(uniqueKeysWithValues: source.specs.map { ($0.name, $0.shape) })
        #expect(specs["block3.conv1.offset_conv.bias"] == [18])
        #expect(specs["score_head.0.weight"] == [8, configuration.descriptorSize, 1, 1])
        let size = configuration.descriptorSize
        #expect(specs["desc_head.agg_weights"] == [configuration.samplesPerKeypoint, size, size])
    }

    @Test("knows the published names alone")
    func presets() {
        #expect(ALIKEDConfiguration.named("aliked-n16rot") == .n16)
        #expect(ALIKEDConfiguration.named("aliked-x") == nil)
    }

    @Test("refuses images whose sides 32 does not divide")
    func wrongSize() throws {
        let network = try ALIKED(Parameters(ShapeParameters()))
        let maps = try network(ShapeTensor([1, 3, 64, 96]))
        #expect(maps.scores.shape == [1, 1, 64, 96])
        #expect(maps.levels.map(\.shape) == [[1, 32, 64, 96], [1, 32, 32, 48], [1, 32, 8, 12], [1, 32, 2, 3]])
        #expect(throws: NetworkError.self) { try network(ShapeTensor([1, 3, 64, 100])) }
    }

    @Test("gives kornia's numbers with seeded weights", arguments: ["aliked-t16", "aliked-n16", "aliked-n32"])
    func parity(_ name: String) throws {
        let golden = try ModelGolden.named(name)
        let configuration = try #require(ALIKEDConfiguration.named(name))
        let shape = Shape(golden.inputShape)
        let image = SeededParameters.image(shape).map { $0 / 4 + 0.5 }
        let outputs = try ParityRunner.outputs(of: image, shape: shape) { parameters, image in
            let network = try ALIKED(parameters, configuration: configuration)
            let maps = try network(image)
            let features = try network.featureMap(maps)
            let keypoints = try image.constant(Self.keypoints, shape: [16, 2])
            let descriptors = try network.descriptorHead(features, keypoints: keypoints)
            return [("scores", maps.scores), ("features", features), ("descriptors", descriptors)]
        }
        let errors = ParityRunner.errors(golden, outputs)
        #expect(errors.count == 3)
        #expect(errors.values.allSatisfy { $0 < 1e-4 }, "\(errors)")
    }

    /// Sixteen places from 4 px to 4 px before the edges of a 96 x 64 image: numbers that the parity script draws too.
    private static let keypoints: [Float] = SeededParameters.image([32], name: "keypoints").enumerated().map {
        4 + ($0.element + 2) / 4 * ($0.offset % 2 == 0 ? 88 : 56)
    }
}
