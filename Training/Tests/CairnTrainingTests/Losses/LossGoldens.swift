import CairnNN
import CairnTorch
import Foundation
import Testing

@testable import CairnRecipes
@testable import CairnTraining

/// What PyTorch makes of the same numbers, by Scripts/parity/losses.py.
struct LossGoldens: Decodable {
    let inputs: Inputs
    let cases: [String: Case]

    struct Inputs: Decodable {
        let labels: [Int]
        let secondLabels: [Int]
        let shares: [Float]
        let counts: [Int]
        let weights: [Double]
        let subcenters: [Double]
        let bias: [Double]
        let embeddings: [Double]
        let near: [Double]
        let opposite: [Double]
    }

    struct Case: Decodable {
        let loss: Double
        let embeddingGradient: [Double]
        let weightGradient: [Double]?
        let biasGradient: [Double]?
        let scaleGradient: Double?
        let embeddings: String?
        let rows: Int?
        let scale: Double?
        let t: Double?
        let sampleWeights: [Float]?
        let classWeights: [Double]?
    }

    static func load() throws -> LossGoldens { try decoded("losses") }

    static func decoded<Value: Decodable>(_ name: String) throws -> Value {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json"))
        return try JSONDecoder().decode(Value.self, from: Data(contentsOf: url))
    }

    /// The rows of a case, `[rows, 16]`.
    func rows(_ golden: Case) -> [Double] {
        let all =
            switch golden.embeddings {
            case "near": inputs.near
            case "opposite": inputs.opposite
            default: inputs.embeddings
            }
        return Array(all.prefix((golden.rows ?? 8) * 16))
    }
}

/// Goldens of losses without classes, and of DELG's local half.
struct PairGoldens: Decodable {
    let inputs: Inputs
    let cases: [String: LossGoldens.Case]
    let delg: DELG

    struct Inputs: Decodable {
        let tuples: [Double]
        let grouped: [Double]
        let groups: [Int]
    }

    struct DELG: Decodable {
        let inputs: Inputs
        let reconstructionLoss: Case
        let attentionLoss: Case
        let sum: Case

        enum CodingKeys: String, CodingKey { case inputs, reconstructionLoss, attentionLoss, sum = "sum-1-10" }

        struct Inputs: Decodable {
            let labels: [Int]
            let shallow: [Double]
            let reconstruction: [Double]
            let attention: [Double]
            let weights: [Double]
            let bias: [Double]
        }

        struct Case: Decodable {
            let loss: Double
            let reconstructionGradient: [Double]
            let attentionGradient: [Double]?
            let weightGradient: [Double]?
            let biasGradient: [Double]?
        }
    }

    static func load() throws -> PairGoldens { try LossGoldens.decoded("losses_pairs") }
}

/// Parameters with given values by name, others as they begin; in double precision where tests look at more digits.
final class GivenParameters: ParameterSource {
    let phase = ForwardPhase()
    private(set) var tensors: [String: TorchTensor] = [:]
    private(set) var specs: [ParameterSpec] = []
    private let values: [String: [Double]]
    private let isDouble: Bool

    init(_ values: [String: [Double]] = [:], isDouble: Bool = true) {
        self.values = values
        self.isDouble = isDouble
    }

    func parameter(_ spec: ParameterSpec) throws -> TorchTensor {
        if let tensor = tensors[spec.name] { return tensor }
        var given = values[spec.name] ?? []
        if given.isEmpty {
            guard case .constant(let value) = spec.initializer else { throw MissingParameter(name: spec.name) }
            given = [Double](repeating: Double(value), count: spec.shape.elementCount)
        }
        let tensor = try leaf(given, spec.shape, isDouble: isDouble, requiresGradient: spec.role != .buffer)
        tensors[spec.name] = tensor
        specs.append(spec)
        return tensor
    }

    struct MissingParameter: Error { let name: String }
}

/// A tensor whose gradient is wanted.
func leaf(
    _ values: [Double], _ shape: Shape, isDouble: Bool = true, requiresGradient: Bool = true
) throws -> TorchTensor {
    let tensor =
        isDouble
        ? try TorchTensor(doubles: values, shape: shape) : try TorchTensor(values.map(Float.init), shape: shape)
    return try tensor.requiringGradient(requiresGradient)
}

/// The greatest difference, as a part of the greatest element, which counts as 1 at least.
func difference(_ actual: [Double], _ expected: [Double]) -> Double {
    guard actual.count == expected.count, actual.allSatisfy(\.isFinite) else { return .infinity }
    let size = expected.map(abs).max() ?? 0
    return (zip(actual, expected).map { abs($0 - $1) }.max() ?? 0) / max(1, size)
}

extension TorchTensor {
    /// Its gradient's elements; none where it has none.
    var gradientValues: [Double] { get throws { try gradient?.doubles() ?? [] } }
}
