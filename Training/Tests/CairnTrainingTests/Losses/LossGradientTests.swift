import CairnNN
import CairnTorch
import CairnTrainingData
import Foundation
import Testing

@testable import CairnRecipes
@testable import CairnTraining

@Suite struct LossGradientTests {
    private static let classifying = TrainingLoss.Kind.allCases.filter(\.classifies)

    /// Embeddings, labels and weights by formula: 6 photos of 4 classes in 5 dimensions.
    private struct Problem {
        var rows = (0..<30).map { 0.8 * sin(1.7 * Double($0) + 0.3) }
        var weight: [Double]
        let bias = [0.1, -0.2, 0.3, 0]
        let settings: TrainingLoss

        init(_ kind: TrainingLoss.Kind) {
            var settings = TrainingLoss(standard: kind)
            if kind.classifies { (settings.labelSmoothing, settings.classWeights) = (0.1, .inverse) }
            // Small, that softmax is not flat anywhere.
            if settings.scale != nil { settings.scale = 4 }
            if settings.learnsScale != nil { settings.learnsScale = true }
            // Large, that nothing is at 0.
            if kind == .contrastive { settings.margin = 1.9 }
            if kind == .triplet { settings.margin = 3 }
            if kind == .batchHardTriplet { settings.margin = 2 }
            self.settings = settings
            let count = kind == .subcenterArcFace ? 12 : 4
            weight = (0..<count * 5).map { 0.6 * cos(2.3 * Double($0) + 1) }
        }

        func makeLoss(_ source: GivenParameters) throws -> any Loss {
            try settings.makeLoss(
                LossContext(parameters: Parameters(source), classCounts: [3, 1, 7, 2], dimensions: 5))
        }

        var source: GivenParameters { GivenParameters(["weight": weight, "bias": bias, "t": [0.2]]) }

        func makeInput() throws -> LossInput {
            LossInput(
                embeddings: try leaf(rows, [6, 5]), labels: [0, 1, 0, 3, 2, 2], weights: [1, 0.5, 2, 1, 1, 0.25],
                secondLabels: settings.kind.classifies ? [1, 1, 2, 0, 2, 3] : nil,
                shares: settings.kind.classifies ? [0.25, 1, 0.5, 0.75, 1, 0] : nil,
                tuples: [
                    TupleRows(query: 0, positive: 2, negatives: [1, 3]),
                    TupleRows(query: 4, positive: 5, negatives: [1]),
                ])
        }

        func value() throws -> Double {
            let batch = try makeInput()
            let made: any Loss = try makeLoss(source)
            let result: LossValue = try made.callAsFunction(batch)
            return try result.total.item()
        }
    }

    @Test(
        "Gradients are finite differences, with mixed labels, photo weights, class weights and smoothing",
        arguments: TrainingLoss.Kind.allCases)
    func finiteDifferences(kind: TrainingLoss.Kind) throws {
        let problem = Problem(kind)
        let source = problem.source
        let input = try problem.makeInput()
        let loss = try problem.makeLoss(source)
        try loss(input).total.backward()
        let step = 1e-6
        func slopes(_ path: WritableKeyPath<Problem, [Double]>) throws -> [Double] {
            try problem[keyPath: path].indices.map { index in
                var (below, above) = (problem, problem)
                below[keyPath: path][index] -= step
                above[keyPath: path][index] += step
                return (try above.value() - below.value()) / (2 * step)
            }
        }
        let gradient = try input.embeddings.gradientValues
        #expect(gradient.contains { abs($0) > 1e-3 })
        #expect(difference(gradient, try slopes(\.rows)) < 1e-7)
        if kind.classifies {
            let weight = try #require(source.tensors["weight"])
            #expect(difference(try weight.gradientValues, try slopes(\.weight)) < 1e-7)
        }
    }

    @Test(
        "The length of embeddings and of class weights does not matter to losses of angles and distances",
        arguments: TrainingLoss.Kind.allCases.filter { $0 != .softmax })
    func lengths(kind: TrainingLoss.Kind) throws {
        let problem = Problem(kind)
        var longer = problem
        for index in longer.rows.indices { longer.rows[index] *= [0.01, 3, 1000, 1, 7, 0.5][index / 5] }
        for index in longer.weight.indices { longer.weight[index] *= [5, 0.2, 1, 100][index / 5 % 4] }
        #expect(abs(try longer.value() - problem.value()) < 1e-10)
    }

    @Test("Where an embedding points along a class weight, or against it, gradients are finite", arguments: classifying)
    func alongWeights(kind: TrainingLoss.Kind) throws {
        var problem = Problem(kind)
        for index in problem.weight.indices { problem.weight[index] = index % 5 == index / 5 % 4 ? 1 : 0 }
        let source = GivenParameters(["weight": problem.weight, "bias": problem.bias], isDouble: false)
        source.phase.isTraining = true
        let rows: [Double] = [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 3, 0, 0, 0, 1e-4]
        for labels in [[0, 0, 0], [1, 1, 1]] {
            let input = LossInput(embeddings: try leaf(rows, [3, 5], isDouble: false), labels: labels)
            let loss = try problem.makeLoss(source)
            let value = try loss(input)
            try value.total.backward()
            #expect(try value.total.item().isFinite)
            #expect(try input.embeddings.gradientValues.allSatisfy(\.isFinite))
            #expect(try #require(source.tensors["weight"]).gradientValues.allSatisfy(\.isFinite))
        }
    }

    @Test(
        "Dynamic scales and moving means take part in no gradient",
        arguments: [TrainingLoss.Kind.adaCos, .curricularFace])
    func stateWithoutGradient(kind: TrainingLoss.Kind) throws {
        let problem = Problem(kind)
        let source = problem.source
        source.phase.isTraining = true
        let loss = try problem.makeLoss(source)
        try loss(problem.makeInput()).total.backward()
        for (name, tensor) in source.tensors where name == "t" || (name == "scale" && kind == .adaCos) {
            #expect(!tensor.requiresGradient)
            #expect(try tensor.gradient == nil)
        }
    }

    @Test("A single class and a single photo are a batch like others", arguments: TrainingLoss.Kind.allCases)
    func smallest(kind: TrainingLoss.Kind) throws {
        for training in [false, true] {
            var settings = TrainingLoss(standard: kind)
            if kind == .adaCos { settings.scaleRule = .dynamic }
            let count = kind == .subcenterArcFace ? 3 : 1
            let source = GivenParameters(["weight": (0..<count * 2).map { Double($0) + 1 }], isDouble: false)
            source.phase.isTraining = training
            let loss = try settings.makeLoss(
                LossContext(parameters: Parameters(source), classCounts: [1], dimensions: 2))
            let input = LossInput(
                embeddings: try leaf([0.5, -1], [1, 2], isDouble: false), labels: [0], tuples: [])
            let value = try loss(input)
            try value.total.backward()
            #expect(abs(try value.total.item()) < 1e-6)
            #expect(try input.embeddings.gradientValues.allSatisfy { abs($0) < 1e-6 })
        }
    }

    @Test("Embeddings of 16 bits are computed with in 32, and autocast is refused")
    func precision() throws {
        let problem = Problem(.arcFace)
        let rows = try leaf(problem.rows, [6, 5], isDouble: false)
        let half = try rows.converted(to: .bfloat16)
        let source = GivenParameters(["weight": problem.weight], isDouble: false)
        let loss = try problem.makeLoss(source)
        var input = try problem.makeInput()
        input.embeddings = half
        let value = try loss(input)
        #expect(value.total.elementType == .float32)
        input.embeddings = try half.converted(to: .float32)
        #expect(try value.total.item() == loss(input).total.item())
        try value.total.backward()
        #expect(try rows.gradientValues.contains { $0 != 0 })
        #expect(throws: TrainingError.self) {
            try Torch.withAutocast(on: .cpu) { _ = try loss(input) }
        }
    }
}
