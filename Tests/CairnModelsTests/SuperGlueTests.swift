import CairnModels
import CairnNN
import CairnONNX
import Foundation
import Testing

@Suite("SuperGlue")
struct SuperGlueTests {
    private static let small: SuperGlueConfiguration = {
        var configuration = SuperGlueConfiguration()
        configuration.descriptorSize = 64
        configuration.encoderSizes = [32, 64]
        configuration.layerPairs = 2
        configuration.sinkhornIterations = 20
        return configuration
    }()

    /// The two lists of the parity script.
    private static func lists(_ counts: [Int]) -> [MatchingRunner.List] {
        let positions = SeededParameters.image([2, 24, 3], name: "positions").map { $0 / 2 }
        let descriptors = SeededParameters.image([2, 24, 64], name: "descriptors").map { $0 / 16 }
        return counts.enumerated().map { index, count in
            MatchingRunner.List(
                count: count, coordinates: 3, entries: 64,
                positions: Array(positions[(72 * index)..<(72 * index + 3 * count)]),
                descriptors: Array(descriptors[(1_536 * index)..<(1_536 * index + 64 * count)]))
        }
    }

    private func outputs(_ counts: [Int], paddedTo size: Int?) throws -> [String: [Float]] {
        try MatchingRunner.outputs(of: MatchingRunner.inputs(Self.lists(counts), size: size)) { parameters, tensors in
            let network = try SuperGlue(parameters, configuration: Self.small)
            let (a, b) = MatchingRunner.sets(tensors, padded: size != nil)
            let (x, y) = try network.matchedDescriptors(a, b)
            return [("descriptors_a", x), ("descriptors_b", y), ("assignment", try network(a, b))]
        }
    }

    @Test("gives transformers' numbers with seeded weights")
    func parity() throws {
        let errors = ParityRunner.errors(try .named("superglue"), try outputs([24, 24], paddedTo: nil))
        #expect(errors.count == 3)
        #expect(errors.values.allSatisfy { $0 < 1e-4 }, "\(errors)")
    }

    @Test("gives the same assignment when lists of different lengths are padded")
    func padding() throws {
        let plain = try #require(outputs([24, 17], paddedTo: nil)["assignment"])
        let padded = try #require(outputs([24, 17], paddedTo: 32)["assignment"])
        let actual = MatchingRunner.unpadded(padded, size: 32, rows: 24, columns: 17)
        #expect(actual.count == plain.count)
        let scale = plain.map(abs).max() ?? 0
        let error = zip(actual, plain).map { abs($0 - $1) }.max() ?? .infinity
        #expect(error < 1e-4 * scale, "\(error)")
    }

    @Test("gives each keypoint of the second image one partner in all, dustbin included")
    func columnSums() throws {
        // The last half iteration normalises columns.
        let assignment = try #require(outputs([24, 17], paddedTo: 32)["assignment"])
        let inner = MatchingRunner.unpadded(assignment, size: 32, rows: 24, columns: 17)
        for column in 0..<18 {
            let sum = (0..<25).reduce(0.0) { $0 + exp(Double(inner[$1 * 18 + column])) }
            #expect(abs(sum - (column < 17 ? 1 : 24)) < 1e-3, "column \(column): \(sum)")
        }
    }

    @Test("asks for the names and shapes of the authors' checkpoints")
    func names() throws {
        let source = ShapeParameters()
        _ = try SuperGlue(Parameters(source))
        let specs = Dictionary(uniqueKeysWithValues: source.specs.map { ($0.name, $0.shape) })
        #expect(specs["kenc.encoder.0.weight"] == [32, 3, 1])
        #expect(specs["kenc.encoder.10.running_var"] == [256])
        #expect(specs["kenc.encoder.12.weight"] == [256, 256, 1])
        #expect(specs["gnn.layers.17.attn.proj.2.bias"] == [256])
        #expect(specs["gnn.layers.0.attn.merge.weight"] == [256, 256, 1])
        #expect(specs["gnn.layers.0.mlp.0.weight"] == [512, 512, 1])
        #expect(specs["gnn.layers.0.mlp.1.running_mean"] == [512])
        #expect(specs["gnn.layers.0.mlp.3.weight"] == [256, 512, 1])
        #expect(specs["final_proj.weight"] == [256, 256, 1])
        #expect(specs["bin_score"] == [])
        // The paper says 12 million.
        let learned = source.specs.filter { $0.role != .buffer }.reduce(0) { $0 + $1.shape.elementCount }
        #expect(learned == 12_023_297)
    }

    @Test("refuses settings that no network has")
    func wrongSizes() throws {
        var configuration = SuperGlueConfiguration()
        configuration.heads = 3
        #expect(throws: NetworkError.self) {
            try SuperGlue(Parameters(ShapeParameters()), configuration: configuration)
        }
        let json = Data(#"{"sinkhornIterations": 20, "iterations": 3}"#.utf8)
        #expect(throws: (any Error).self) { try JSONDecoder().decode(SuperGlueConfiguration.self, from: json) }
    }
}
