import CairnNN
import CairnTorch
import Foundation
import Testing

@testable import CairnModels
@testable import CairnRecipes
@testable import CairnTraining

@Suite struct DELGObjectiveTests {
    /// A DELG on ResNet-18 with small heads, and a loss of each part.
    private struct Trainee {
        let source = TorchParameters(seed: 5)
        let network: DELG<TorchTensor>
        let objective: DELGObjective
        let settings: DELGLosses

        init(_ settings: DELGLosses) throws {
            self.settings = settings
            let parameters = Parameters(source)
            let pooling = PoolingConfiguration.learnedGeM
            network = try DELG(
                parameters,
                configuration: DELGConfiguration(
                    architecture: "resnet18", pooling: pooling, dimensions: 16, localDimensions: 8,
                    attentionChannels: 12))
            let context = LossContext(
                parameters: parameters["classifier"], classCounts: [1, 1, 1], dimensions: 16)
            objective = try DELGObjective(
                settings, global: WeightedLossSum([TrainingLoss(standard: .arcFace)], context), context,
                shallowChannels: 256)
            // Blocks begin as the identity, so that at first no gradient goes through their convolutions.
            for entry in source.entries where entry.spec.name.hasSuffix("bn2.weight") {
                try Torch.withoutGradients { try ATen("aten::fill_", "Scalar").run(entry.tensor, 0.5) }
            }
        }

        /// Names of parameters whose gradient is not 0 after a step.
        func learners() throws -> Set<String> {
            let pixels = (0..<2 * 3 * 64 * 64).map { (index: Int) -> Float in sin(0.37 * Float(index % 4099)) }
            let output = try network.trainingOutput(
                TorchTensor(pixels, shape: [2, 3, 64, 64]), stopsAttentionGradient: settings.stopsAttentionGradient,
                stopsReconstructionGradient: settings.stopsReconstructionGradient)
            let value = try objective(output, LossInput(embeddings: output.embedding, labels: [0, 2]))
            try value.total.backward()
            var names: Set<String> = []
            for entry in source.entries {
                let slopes = try entry.tensor.gradientValues
                let areFinite = slopes.allSatisfy { $0.isFinite }
                #expect(areFinite, "\(entry.spec.name)")
                if slopes.contains(where: { $0 != 0 }) { names.insert(entry.spec.name) }
            }
            return names
        }

        /// Names of all that is learned below one of these places, or is such.
        func names(_ places: String...) -> Set<String> {
            Set(
                source.entries.filter { $0.spec.role != .buffer }.map(\.spec.name).filter { name in
                    places.contains { name == $0 || name.hasPrefix($0 + ".") }
                })
        }
    }

    private func losses(global: Double = 0, attention: Double = 0, reconstruction: Double = 0) -> DELGLosses {
        var settings = DELGLosses()
        (settings.globalWeight, settings.attentionWeight, settings.reconstructionWeight) = (
            global, attention, reconstruction
        )
        return settings
    }

    private func trunk(_ trainee: Trainee) -> Set<String> {
        trainee.names("conv1", "bn1", "layer1", "layer2", "layer3")
    }

    /// Of what learns and what should, nothing is in one alone.
    private func check(_ trainee: Trainee, _ expected: Set<String>) throws {
        let difference = try trainee.learners().symmetricDifference(expected).sorted()
        #expect(difference == [])
    }

    @Test(
        "The global loss trains the backbone, the pooling, the head and its classifier, and nothing of the local half")
    func global() throws {
        let trainee = try Trainee(losses(global: 1))
        let expected = trunk(trainee).union(trainee.names("layer4", "pool", "head", "classifier.0"))
        try check(trainee, expected)
        #expect(expected.contains("pool.p") && expected.contains("classifier.0.weight") && expected.count > 60)
    }

    @Test("The attention's loss trains attention, autoencoder and its classifier, and stops at the shallow map")
    func attention() throws {
        let trainee = try Trainee(losses(attention: 1))
        try check(trainee, trainee.names("local", "classifier.attention"))
    }

    @Test("The reconstruction's loss trains the autoencoder alone, and stops at the shallow map")
    func reconstruction() throws {
        let trainee = try Trainee(losses(reconstruction: 10))
        try check(trainee, trainee.names("local.autoencoder"))
    }

    @Test("All together train everything")
    func together() throws {
        let trainee = try Trainee(DELGLosses())
        let everything = Set(trainee.source.entries.filter { $0.spec.role != .buffer }.map(\.spec.name))
        try check(trainee, everything)
    }

    @Test("A gradient that is not to stop reaches the backbone up to the shallow map, the other one does not")
    func flowing() throws {
        var settings = losses(attention: 1)
        settings.stopsAttentionGradient = false
        var trainee = try Trainee(settings)
        try check(trainee, trunk(trainee).union(trainee.names("local", "classifier.attention")))
        settings = losses(reconstruction: 1)
        settings.stopsReconstructionGradient = false
        trainee = try Trainee(settings)
        try check(trainee, trunk(trainee).union(trainee.names("local.autoencoder")))
        settings = losses(attention: 1)
        settings.stopsReconstructionGradient = false
        trainee = try Trainee(settings)
        try check(trainee, trainee.names("local", "classifier.attention"))
        settings = losses(reconstruction: 1)
        settings.stopsAttentionGradient = false
        trainee = try Trainee(settings)
        try check(trainee, trainee.names("local.autoencoder"))
    }

    @Test("Values and gradients of the local losses and their sum 1 : 10 are PyTorch's", arguments: [false, true])
    func goldens(isDouble: Bool) throws {
        let goldens = try PairGoldens.load().delg
        let cases = [
            (losses(reconstruction: 1), goldens.reconstructionLoss), (losses(attention: 1), goldens.attentionLoss),
            (losses(attention: 1, reconstruction: 10), goldens.sum),
        ]
        for (settings, golden) in cases {
            let source = GivenParameters(
                ["attention.weight": goldens.inputs.weights, "attention.bias": goldens.inputs.bias], isDouble: isDouble)
            let context = LossContext(
                parameters: Parameters(source), classCounts: [1, 1, 1, 1, 1], dimensions: 4)
            let objective = try DELGObjective(
                settings, global: WeightedLossSum([], context), context, shallowChannels: 8)
            let shape: Shape = [2, 8, 3, 3]
            let reconstruction = try leaf(goldens.inputs.reconstruction, shape, isDouble: isDouble)
            let attention = try leaf(goldens.inputs.attention, [2, 1, 3, 3], isDouble: isDouble)
            let output = DELG<TorchTensor>.TrainingOutput(
                embedding: try leaf([1, 2, 3, 4, 5, 6, 7, 8], [2, 4], isDouble: isDouble),
                shallow: try leaf(goldens.inputs.shallow, shape, isDouble: isDouble, requiresGradient: false),
                reconstruction: reconstruction, attention: attention,
                pooledReconstruction: try (reconstruction.l2Normalized(axis: 1) * attention).mean([2, 3]))
            let value = try objective(output, LossInput(embeddings: output.embedding, labels: goldens.inputs.labels))
            try value.total.backward()
            let tolerance = isDouble ? 1e-7 : 1e-5
            #expect(difference([try value.total.item()], [golden.loss]) < tolerance)
            #expect(difference(try reconstruction.gradientValues, golden.reconstructionGradient) < tolerance)
            if let expected = golden.attentionGradient {
                #expect(difference(try attention.gradientValues, expected) < tolerance)
            }
            if let expected = golden.weightGradient, let bias = golden.biasGradient {
                #expect(difference(try source.tensors["attention.weight"]?.gradientValues ?? [], expected) < tolerance)
                #expect(difference(try source.tensors["attention.bias"]?.gradientValues ?? [], bias) < tolerance)
            }
            #expect(value.parts.map(\.name) == ["attention", "reconstruction"])
        }
    }
}
