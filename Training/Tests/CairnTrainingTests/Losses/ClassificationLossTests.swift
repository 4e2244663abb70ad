import CairnNN
import CairnTorch
import Testing

@testable import CairnRecipes
@testable import CairnTraining

@Suite struct ClassificationLossTests {
    private static let names = [
        "softmax", "softmax-inverse", "softmax-inverseSquareRoot", "softmax-inverseLog", "softmax-smoothed-0.1",
        "softmax-smoothed-0.2", "softmax-inverse-smoothed-0.1", "softmax-mixed", "softmax-sampleWeights",
        "cosineSoftmax",
        "cosineSoftmax-smoothed-0.1", "cosFace", "arcFace", "arcFace-beyond", "arcFace-mixed", "subcenterArcFace",
        "adaCos-fixed",
    ]

    /// The settings that a case's name stands for; those it does not name are the defaults.
    private func settings(_ name: String) throws -> TrainingLoss {
        let words = name.split(separator: "-").map(String.init)
        var settings = TrainingLoss(standard: try #require(TrainingLoss.Kind(rawValue: words[0])))
        if let place = words.firstIndex(of: "smoothed") { settings.labelSmoothing = Double(words[place + 1]) }
        for word in words { if let rule = TrainingLoss.ClassWeights(rawValue: word) { settings.classWeights = rule } }
        return settings
    }

    private func input(_ goldens: LossGoldens, _ name: String, _ golden: LossGoldens.Case, isDouble: Bool) throws
        -> LossInput
    {
        let values = goldens.rows(golden)
        let rows = values.count / 16
        let isMixed = name.hasSuffix("-mixed")
        return LossInput(
            embeddings: try leaf(values, [rows, 16], isDouble: isDouble),
            labels: Array(goldens.inputs.labels.prefix(rows)),
            weights: golden.sampleWeights, secondLabels: isMixed ? goldens.inputs.secondLabels : nil,
            shares: isMixed ? goldens.inputs.shares : nil)
    }

    private func parameters(_ goldens: LossGoldens, _ kind: TrainingLoss.Kind, isDouble: Bool) -> GivenParameters {
        GivenParameters(
            [
                "weight": kind == .subcenterArcFace ? goldens.inputs.subcenters : goldens.inputs.weights,
                "bias": goldens.inputs.bias,
            ], isDouble: isDouble)
    }

    @Test(
        "Values and gradients are PyTorch's, in single precision to 1e-5 and in double to the digits given",
        arguments: names, [false, true])
    func goldens(name: String, isDouble: Bool) throws {
        let goldens = try LossGoldens.load()
        let golden = try #require(goldens.cases[name])
        let settings = try settings(name)
        let source = parameters(goldens, settings.kind, isDouble: isDouble)
        let loss = try settings.makeLoss(
            LossContext(parameters: Parameters(source), classCounts: goldens.inputs.counts, dimensions: 16))
        let input = try input(goldens, name, golden, isDouble: isDouble)
        let value = try loss(input)
        try value.total.backward()
        let tolerance = isDouble ? 6e-6 : 1e-5
        #expect(difference([try value.total.item()], [golden.loss]) < (isDouble ? 1e-7 : 1e-5))
        #expect(difference(try input.embeddings.gradientValues, golden.embeddingGradient) < tolerance)
        let weight = try #require(source.tensors["weight"])
        #expect(difference(try weight.gradientValues, try #require(golden.weightGradient)) < tolerance)
        if let expected = golden.biasGradient {
            #expect(difference(try source.tensors["bias"]?.gradientValues ?? [], expected) < tolerance)
        }
        let logits = try #require(value.logits)
        #expect(logits.shape == [8, 5] && !logits.requiresGradient)
        #expect(value.parts.map(\.name) == [settings.kind.rawValue])
    }

    @Test(
        "The gradient of a learned scale is PyTorch's",
        arguments: ["cosineSoftmax", "cosFace", "arcFace", "subcenterArcFace"])
    func learnedScale(name: String) throws {
        let goldens = try LossGoldens.load()
        let golden = try #require(goldens.cases[name])
        var settings = try settings(name)
        settings.learnsScale = true
        let source = parameters(goldens, settings.kind, isDouble: true)
        let loss = try settings.makeLoss(
            LossContext(parameters: Parameters(source), classCounts: goldens.inputs.counts, dimensions: 16))
        try loss(input(goldens, name, golden, isDouble: true)).total.backward()
        #expect(
            difference(try source.tensors["scale"]?.gradientValues ?? [], [try #require(golden.scaleGradient)]) < 1e-7)
        #expect(source.specs.last?.role == .normalization)
    }

    @Test("CurricularFace's t follows two batches as PyTorch's formulas do, and stays outside of training")
    func curricularFace() throws {
        let goldens = try LossGoldens.load()
        let source = parameters(goldens, .curricularFace, isDouble: true)
        source.phase.isTraining = true
        let loss = try TrainingLoss(standard: .curricularFace).makeLoss(
            LossContext(parameters: Parameters(source), classCounts: goldens.inputs.counts, dimensions: 16))
        let weight = try #require(source.tensors["weight"])
        let t = try #require(source.tensors["t"])
        for name in ["curricularFace-1", "curricularFace-2"] {
            let golden = try #require(goldens.cases[name])
            let input = try input(goldens, name, golden, isDouble: true)
            try weight.setGradient(nil)
            let value = try loss(input)
            try value.total.backward()
            #expect(abs(try t.item() - (try #require(golden.t))) < 1e-9)
            #expect(difference([try value.total.item()], [golden.loss]) < 1e-8)
            #expect(difference(try input.embeddings.gradientValues, golden.embeddingGradient) < 6e-6)
            #expect(difference(try weight.gradientValues, try #require(golden.weightGradient)) < 6e-6)
            source.phase.isTraining = false
            #expect(abs(try loss(input).total.item() - golden.loss) < 1e-8)
            #expect(abs(try t.item() - (try #require(golden.t))) < 1e-9)
            source.phase.isTraining = true
        }
        #expect(source.specs.last?.role == .buffer)
    }

    @Test("AdaCos' dynamic scale follows two batches as PyTorch's formulas do, and is no parameter")
    func adaCosDynamic() throws {
        let goldens = try LossGoldens.load()
        let source = parameters(goldens, .adaCos, isDouble: true)
        source.phase.isTraining = true
        var settings = TrainingLoss(standard: .adaCos)
        settings.scaleRule = .dynamic
        let loss = try settings.makeLoss(
            LossContext(parameters: Parameters(source), classCounts: goldens.inputs.counts, dimensions: 16))
        let weight = try #require(source.tensors["weight"])
        for name in ["adaCos-dynamic-1", "adaCos-dynamic-2"] {
            let golden = try #require(goldens.cases[name])
            let input = try input(goldens, name, golden, isDouble: true)
            try weight.setGradient(nil)
            let value = try loss(input)
            try value.total.backward()
            #expect(abs(try #require(source.tensors["scale"]).item() - (try #require(golden.scale))) < 1e-6)
            #expect(difference([try value.total.item()], [golden.loss]) < 1e-6)
            #expect(difference(try input.embeddings.gradientValues, golden.embeddingGradient) < 6e-6)
            #expect(difference(try weight.gradientValues, try #require(golden.weightGradient)) < 6e-6)
            #expect(
                try value.parts.first { $0.name == "adaCos.scale" }?.value.item() == source.tensors["scale"]?.item())
        }
        #expect(source.specs.map(\.role) == [.weight, .buffer])
    }

    @Test("Class weights have mean 1 and are those of the formulas, and a class without photos is finite")
    func classWeights() throws {
        let goldens = try LossGoldens.load()
        for rule in [TrainingLoss.ClassWeights.inverse, .inverseSquareRoot, .inverseLog] {
            let expected = try #require(goldens.cases["softmax-\(rule.rawValue)"]?.classWeights)
            let weights = try #require(rule.weights(of: goldens.inputs.counts))
            #expect(difference(weights.map(Double.init), expected) < 1e-5)
            #expect(rule.weights(of: [0, 1]) == [1, 1])
        }
        #expect(TrainingLoss.ClassWeights.uniform.weights(of: [1, 100]) == nil)
    }

    @Test("Weights begin as the stage says, and biases at 0")
    func initializers() throws {
        var classifier = ClassifierSettings()
        for deviation in [0.001, 0.1] {
            classifier.deviation = deviation
            let source = TorchParameters(seed: 1)
            _ = try SoftmaxLoss(
                TrainingLoss(standard: .softmax),
                LossContext(
                    parameters: Parameters(source)["classifier"][0], classCounts: [Int](repeating: 1, count: 100),
                    dimensions: 64, classifier: classifier))
            #expect(source.entries.map(\.spec.name) == ["classifier.0.weight", "classifier.0.bias"])
            let weights = try #require(source.tensor(named: "classifier.0.weight")).doubles()
            let measured = (weights.map { $0 * $0 }.reduce(0, +) / Double(weights.count)).squareRoot()
            #expect(abs(measured / deviation - 1) < 0.05)
            #expect(try source.tensor(named: "classifier.0.bias")?.doubles().allSatisfy { $0 == 0 } == true)
        }
        classifier.initializer = .xavier
        let source = TorchParameters(seed: 1)
        _ = try SubcenterArcFaceLoss(
            TrainingLoss(standard: .subcenterArcFace),
            LossContext(parameters: Parameters(source), classCounts: [1, 2, 3], dimensions: 16, classifier: classifier))
        #expect(
            source.entries.map(\.spec) == [
                ParameterSpec(name: "weight", shape: [9, 16], role: .weight, initializer: .xavierUniform)
            ])
    }
}
