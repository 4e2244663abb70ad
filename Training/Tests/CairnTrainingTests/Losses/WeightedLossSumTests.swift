import CairnNN
import CairnTorch
import Foundation
import Testing

@testable import CairnRecipes
@testable import CairnTraining

@Suite struct WeightedLossSumTests {
    private func input() throws -> LossInput {
        LossInput(
            embeddings: try leaf((0..<24).map { sin(Double($0) + 0.5) }, [6, 4], isDouble: false),
            labels: [0, 0, 1, 1, 2, 2])
    }

    private func context(_ source: TorchParameters) -> LossContext {
        LossContext(
            parameters: Parameters(source)["classifier"], classCounts: [2, 2, 2], dimensions: 4)
    }

    @Test("Losses are multiplied by their weights and added, and parts are their own values by name")
    func sum() throws {
        var (arc, soft, list) = (
            TrainingLoss(standard: .arcFace), TrainingLoss(standard: .softmax), TrainingLoss(standard: .listwiseAP)
        )
        (arc.weight, soft.weight, list.weight) = (0.5, 2, 3)
        let source = TorchParameters(seed: 3)
        let value = try WeightedLossSum([arc, list, soft], context(source))(input())
        let parts = Dictionary(uniqueKeysWithValues: try value.parts.map { ($0.name, try $0.value.item()) })
        #expect(value.parts.map(\.name) == ["arcFace", "listwiseAP", "softmax"])
        var expected = 0.0
        for (name, weight) in [("arcFace", 0.5), ("listwiseAP", 3), ("softmax", 2)] {
            expected += weight * (try #require(parts[name]))
        }
        #expect(abs(try value.total.item() - expected) < 1e-5)
        #expect(
            source.entries.map(\.spec.name) == ["classifier.0.weight", "classifier.2.weight", "classifier.2.bias"])
        // The first classifier's: cosines.
        #expect(try #require(value.logits).doubles().allSatisfy { abs($0) <= 1 + 1e-6 })
        try value.total.backward()
        for entry in source.entries { #expect(try entry.tensor.gradientValues.contains { $0 != 0 }) }
    }

    @Test("Two losses of one kind have weights of their own, and parts that tell them apart")
    func twice() throws {
        let losses = [TrainingLoss(standard: .curricularFace), TrainingLoss(standard: .curricularFace)]
        let source = TorchParameters(seed: 3)
        let value = try WeightedLossSum(losses, context(source))(input())
        #expect(
            value.parts.map(\.name) == [
                "curricularFace.0", "curricularFace.0.t", "curricularFace.1", "curricularFace.1.t",
            ])
        #expect(
            source.entries.map(\.spec.name) == [
                "classifier.0.weight", "classifier.0.t", "classifier.1.weight", "classifier.1.t",
            ])
        #expect(try value.parts[0].value.item() != value.parts[2].value.item())
    }

    @Test("Without losses the sum is 0, with gradient 0")
    func empty() throws {
        let input = try input()
        let value = try WeightedLossSum([], context(TorchParameters(seed: 3)))(input)
        try value.total.backward()
        #expect(try value.total.item() == 0)
        #expect(try input.embeddings.gradientValues == [Double](repeating: 0, count: 24))
    }

    @Test("Buffers keep their state in the source, where checkpoints find it")
    func buffers() throws {
        let source = TorchParameters(seed: 3)
        source.phase.isTraining = true
        let loss = try WeightedLossSum([TrainingLoss(standard: .curricularFace)], context(source))
        _ = try loss(input())
        let t = try #require(source.tensor(named: "classifier.0.t"))
        let first = try t.item()
        #expect(first != 0)
        _ = try loss(input())
        #expect(abs(try t.item() - (0.99 * first + first)) < 1e-6)
    }
}
