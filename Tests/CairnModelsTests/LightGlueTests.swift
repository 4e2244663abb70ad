import CairnModels
import CairnNN
import CairnONNX
import Testing

@Suite("LightGlue")
struct LightGlueTests {
    private static let counts = (24, 17)
    private static let small: LightGlueConfiguration = {
        var configuration = LightGlueConfiguration()
        (configuration.inputSize, configuration.descriptorSize, configuration.layers) = (64, 64, 2)
        return configuration
    }()
    private static let projected: LightGlueConfiguration = {
        var configuration = small
        (configuration.inputSize, configuration.descriptorSize, configuration.heads) = (32, 48, 1)
        return configuration
    }()
    private static let goldens = ["lightglue": small, "lightglue_projected": projected]

    private func assignment(_ configuration: LightGlueConfiguration, paddedTo size: Int?) throws -> [Float] {
        let lists = [Self.counts.0, Self.counts.1].enumerated().map {
            MatchingRunner.List.seeded($0.offset, count: $0.element, entries: configuration.inputSize)
        }
        let outputs = try MatchingRunner.outputs(of: MatchingRunner.inputs(lists, size: size)) { parameters, tensors in
            let (a, b) = MatchingRunner.sets(tensors, padded: size != nil)
            return [("assignment", try LightGlue(parameters, configuration: configuration)(a, b))]
        }
        return try #require(outputs["assignment"])
    }

    @Test("gives kornia's numbers with seeded weights", arguments: ["lightglue", "lightglue_projected"])
    func parity(_ name: String) throws {
        let golden = try ModelGolden.named(name)
        let actual = try assignment(#require(Self.goldens[name]), paddedTo: nil)
        let error = try #require(golden.outputs["assignment"]).relativeError(of: actual)
        #expect(error < 1e-4, "\(error)")
    }

    @Test("gives the same numbers when lists are padded", arguments: ["lightglue", "lightglue_projected"])
    func padding(_ name: String) throws {
        let golden = try ModelGolden.named(name)
        let padded = try assignment(#require(Self.goldens[name]), paddedTo: 32)
        let actual = MatchingRunner.unpadded(padded, size: 32, rows: Self.counts.0, columns: Self.counts.1)
        let error = try #require(golden.outputs["assignment"]).relativeError(of: actual)
        #expect(error < 1e-4, "\(error)")
    }

    @Test("asks for as many numbers as kornia's", arguments: ["lightglue", "lightglue_projected"])
    func parameterCount(_ name: String) throws {
        let source = ShapeParameters()
        _ = try LightGlue(Parameters(source), configuration: #require(Self.goldens[name]))
        #expect(try source.specs.reduce(0) { $0 + $1.shape.elementCount } == ModelGolden.named(name).parameterCount)
    }

    @Test("asks for the names of the published files, first and later")
    func names() throws {
        func specs(_ configuration: LightGlueConfiguration) throws -> [String: Shape] {
            let source = ShapeParameters()
            _ = try LightGlue(Parameters(source), configuration: configuration)
            return Dictionary(uniqueKeysWithValues: source.specs.map { ($0.name, $0.shape) })
        }
        let nested = try specs(.aliked)
        #expect(nested["input_proj.weight"] == [256, 128])
        #expect(nested["posenc.Wr.weight"] == [32, 2])
        #expect(nested["transformers.8.self_attn.Wqkv.weight"] == [768, 256])
        #expect(nested["transformers.0.cross_attn.ffn.3.bias"] == [256])
        #expect(nested["log_assignment.8.matchability.weight"] == [1, 256])
        #expect(nested["token_confidence.7.token.0.weight"] == [1, 256])
        #expect(nested["token_confidence.8.token.0.weight"] == nil)

        var configuration = LightGlueConfiguration.superPoint
        #expect(LightGlueConfiguration.naming(of: nested.keys) == .nested)
        configuration.naming = .flat
        let flat = try specs(configuration)
        #expect(flat["input_proj.weight"] == nil)
        #expect(flat["self_attn.8.Wqkv.weight"] == [768, 256])
        #expect(flat["cross_attn.3.to_qk.bias"] == [256])
        #expect(LightGlueConfiguration.naming(of: flat.keys) == .flat)
    }

    @Test("gives confidences of all layers but the last, for training")
    func confidences() throws {
        let network = try LightGlue(Parameters(ShapeParameters()), configuration: Self.small)
        let a = KeypointSet(positions: ShapeTensor([2, 5, 2]), descriptors: ShapeTensor([2, 5, 64]))
        let b = KeypointSet(positions: ShapeTensor([2, 7, 2]), descriptors: ShapeTensor([2, 7, 64]))
        let states = try network.states(a, b)
        #expect(states.count == 2)
        let confidences = try network.confidences(states[0], layer: 0)
        #expect(confidences.0.shape == [2, 5] && confidences.1.shape == [2, 7])
        #expect(try network(a, b).shape == [2, 6, 8])
    }

    @Test("refuses lists of another shape, and says which is wrong")
    func wrongShapes() throws {
        let network = try LightGlue(Parameters(ShapeParameters()), configuration: Self.small)
        let good = KeypointSet(positions: ShapeTensor([1, 5, 2]), descriptors: ShapeTensor([1, 5, 64]))
        let scored = KeypointSet(positions: ShapeTensor([1, 5, 3]), descriptors: ShapeTensor([1, 5, 64]))
        let long = KeypointSet(positions: ShapeTensor([1, 5, 2]), descriptors: ShapeTensor([1, 5, 128]))
        let marked = KeypointSet(
            positions: ShapeTensor([1, 5, 2]), descriptors: ShapeTensor([1, 5, 64]), validity: ShapeTensor([1, 6]))
        for (set, word) in [(scored, "positions"), (long, "descriptors"), (marked, "validity")] {
            let error = #expect(throws: NetworkError.self) { try network(good, set) }
            #expect(error?.message.contains(word) == true)
        }
    }
}
