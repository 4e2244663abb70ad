import CairnTorch
import CairnTraining
import Foundation
import Testing

@testable import CairnRecipes

@Suite struct GradientClipperTests {
    private func clipping(_ kind: GradientClipping.Kind, _ threshold: Double) -> GradientClipping {
        var clipping = GradientClipping()
        (clipping.kind, clipping.threshold) = (kind, threshold)
        return clipping
    }

    private func gradients(_ network: FormulaNetwork) throws -> [Double] {
        try network.parameters.flatMap { try #require(try $0.tensor.gradient).doubles() }
    }

    @Test(
        "Clipped steps and norms are those of torch's clipping and timm's adaptive one",
        arguments: [
            ("sgd-clip-norm", GradientClipping.Kind.norm), ("sgd-clip-value", .value), ("sgd-clip-adaptive", .adaptive),
            ("sgd-clip-adaptive-part", .adaptive),
        ])
    func goldens(name: String, kind: GradientClipping.Kind) throws {
        let goldens = try OptimizerGoldens.load()
        let golden = try #require(goldens.cases[name])
        let clipper = GradientClipper(clipping(kind, try #require(golden.settings.threshold)))
        let network = try FormulaNetwork()
        let optimizer = try makeOptimizer(golden.settings.optimizer(name), for: network.groups())
        var norms: [Double] = []
        for step in 0..<goldens.steps {
            try network.addGradients(step: step)
            norms.append(try clipper.clip(network.parameters))
            try optimizer.step(rateFactor: 1)
            try optimizer.clearGradients()
            if let expected = golden.after[String(step + 1)] {
                #expect(greatestDifference(try network.weights(), expected) < 5.1e-9, "after \(step + 1) steps")
            }
        }
        #expect(greatestDifference(norms, try #require(golden.norms)) < 1e-9)
    }

    @Test("Without settings the norm of all gradients is measured, and they stay")
    func measuresOnly() throws {
        let network = try FormulaNetwork()
        #expect(try GradientClipper().clip(network.parameters) == 0)
        try network.addGradients(step: 3)
        let before = try gradients(network)
        let norm = try GradientClipper().clip(network.parameters)
        #expect(abs(norm - before.map { $0 * $0 }.reduce(0, +).squareRoot()) < 1e-12)
        #expect(try gradients(network) == before)
    }

    @Test("A gradient that is not finite tells, and nothing is cut", arguments: [Double.nan, .infinity])
    func notFinite(value: Double) throws {
        for kind in [GradientClipping.Kind.norm, .value, .adaptive] {
            let network = try FormulaNetwork()
            try network.addGradients(step: 0)
            try network.parameters[1].tensor.setGradient(TorchTensor(doubles: [5, value, 7], shape: [3]))
            let norm = try GradientClipper(clipping(kind, 0.01)).clip(network.parameters)
            #expect(!norm.isFinite)
            #expect(try gradients(network)[26] == 7)
        }
    }

    @Test(
        "Adaptive clipping cuts units one by one, takes small weights as 0.001, and leaves classifiers and zeros alone")
    func adaptive() throws {
        func parameter(_ part: NetworkPart, _ weights: [Double], _ gradients: [Double]) throws -> LearnedParameter {
            let tensor = try TorchTensor(doubles: weights, shape: [3, 2]).requiringGradient()
            try tensor.setGradient(TorchTensor(doubles: gradients, shape: [3, 2]))
            return LearnedParameter(name: part.rawValue, tensor: tensor, part: part)
        }
        // Units with ‖W‖ = 5, 0 and 10 may have gradients of 0.5, 0.0001 and 1.
        let weights: [Double] = [3, 4, 0, 0, 6, 8]
        let all = [
            try parameter(.head, weights, [30, 40, 0.6, 0.8, 0.3, 0.4]),
            try parameter(.backbone, weights, [0, 0, 0, 0, 0, 0]),
            try parameter(.classifier, weights, [30, 40, 0.6, 0.8, 0.3, 0.4]),
        ]
        _ = try GradientClipper(clipping(.adaptive, 0.1)).clip(all)
        let cut = try all.map { try #require(try $0.tensor.gradient).doubles() }
        #expect(greatestDifference(cut[0], [0.3, 0.4, 6e-5, 8e-5, 0.3, 0.4]) < 1e-12)
        #expect(cut[1] == [0, 0, 0, 0, 0, 0])
        #expect(cut[2] == [30, 40, 0.6, 0.8, 0.3, 0.4])
    }
}
