import CairnTorch
import CairnTraining
import Foundation
import Testing

@testable import CairnRecipes

/// Twenty steps of torch.optim; Scripts/parity/optimizers.py made them and says how weights and gradients are computed.
struct OptimizerGoldens: Decodable {
    struct Case: Decodable {
        let settings: Settings
        /// All weights by the number of gradients that came before.
        let after: [String: [Double]]
        let norms: [Double]?
        let average: [Double]?
    }

    struct Settings: Decodable {
        var learningRate: Double
        var momentum, weightDecay, beta1, beta2, epsilon, classifierMultiplier, threshold, decay: Double?
        var nesterov: Bool?
        var accumulation: Int?
        var rates: [Double]?

        func optimizer(_ name: String) -> OptimizerSettings {
            var settings = OptimizerSettings()
            settings.kind = name.hasPrefix("sgd") ? .sgd : name.hasPrefix("adamw") ? .adamw : .adam
            settings.learningRate = learningRate
            settings.weightDecay = weightDecay ?? 0
            (settings.momentum, settings.nesterov) = (momentum, nesterov)
            (settings.beta1, settings.beta2, settings.epsilon) = (beta1, beta2, epsilon)
            return settings
        }
    }

    let steps: Int
    let cases: [String: Case]

    static func load() throws -> OptimizerGoldens {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/optimizers", withExtension: "json"))
        return try JSONDecoder().decode(OptimizerGoldens.self, from: Data(contentsOf: url))
    }
}

/// The four parameters that the goldens are of, and their gradients.
struct FormulaNetwork {
    static let shapes: [(name: String, sizes: [Int])] = [
        ("conv.weight", [3, 2, 2, 2]), ("norm.weight", [3]), ("norm.bias", [3]), ("fc.weight", [4, 3]),
    ]

    let parameters: [LearnedParameter]
    private let isDouble: Bool

    init(isDouble: Bool = true) throws {
        self.isDouble = isDouble
        parameters = try Self.shapes.enumerated().map { k, parameter in
            let values = Self.values(parameter.sizes) { 0.5 * cos(1 + 1.3 * Double(k) + 0.7 * $0) }
            let tensor = try Self.tensor(values, parameter.sizes, isDouble).requiringGradient()
            return LearnedParameter(name: parameter.name, tensor: tensor)
        }
    }

    /// Adds the gradients of a step times `factor` to those there are.
    func addGradients(step: Int, factor: Double = 1) throws {
        for (k, parameter) in Self.shapes.enumerated() {
            let values = Self.values(parameter.sizes) {
                factor * 0.2 * sin(0.3 * Double(step) + 1.7 * Double(k) + 0.9 * $0)
            }
            let gradient = try Self.tensor(values, parameter.sizes, isDouble)
            let before = try parameters[k].tensor.gradient
            try parameters[k].tensor.setGradient(
                before.map { try ATen("aten::add", "Tensor")($0, gradient) } ?? gradient)
        }
    }

    func weights() throws -> [Double] { try parameters.flatMap { try $0.tensor.doubles() } }

    /// One group, or norms without decay and a classifier with a multiple of the rate.
    func groups(decay: Double = 0, classifierMultiplier: Double? = nil) -> ParameterGroups {
        func group(_ range: Range<Int>, _ multiplier: Double, _ decay: Double) -> ParameterGroups.Group {
            ParameterGroups.Group(
                name: "\(range)", rateMultiplier: multiplier, weightDecay: decay, parameters: Array(parameters[range]))
        }
        guard let classifierMultiplier else { return ParameterGroups([group(0..<4, 1, decay)]) }
        return ParameterGroups([group(0..<1, 1, decay), group(1..<3, 1, 0), group(3..<4, classifierMultiplier, decay)])
    }

    private static func values(_ sizes: [Int], _ value: (Double) -> Double) -> [Double] {
        (0..<sizes.reduce(1, *)).map { value(Double($0)) }
    }

    private static func tensor(_ values: [Double], _ sizes: [Int], _ isDouble: Bool) throws -> TorchTensor {
        isDouble
            ? try TorchTensor(doubles: values, shape: .init(sizes))
            : try TorchTensor(values.map(Float.init), shape: .init(sizes))
    }
}

/// The greatest difference, relative where numbers are above 1.
func greatestDifference(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0 : .infinity
}
