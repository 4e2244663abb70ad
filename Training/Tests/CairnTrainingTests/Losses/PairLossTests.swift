import CairnNN
import CairnTorch
import CairnTrainingData
import Testing

@testable import CairnRecipes
@testable import CairnTraining

@Suite struct PairLossTests {
    private let tuples = [
        TupleRows(query: 0, positive: 1, negatives: [2, 3]), TupleRows(query: 4, positive: 5, negatives: [6, 7]),
    ]

    private func value(_ kind: TrainingLoss.Kind, _ input: LossInput) throws -> LossValue {
        let context = LossContext(parameters: Parameters(GivenParameters()), classCounts: [], dimensions: 16)
        let loss = try TrainingLoss(standard: kind).makeLoss(context)
        return try loss(input)
    }

    @Test(
        "Values and gradients are PyTorch's, in single precision to 1e-5 and in double to the digits given",
        arguments: [TrainingLoss.Kind.contrastive, .triplet, .batchHardTriplet, .listwiseAP], [false, true])
    func goldens(kind: TrainingLoss.Kind, isDouble: Bool) throws {
        let goldens = try PairGoldens.load()
        // The paper's bins, from -1 to 1.
        let golden = try #require(goldens.cases[kind == .listwiseAP ? "listwiseAPFullRange" : kind.rawValue])
        let rows = kind.needsTuples ? goldens.inputs.tuples : goldens.inputs.grouped
        let input = LossInput(
            embeddings: try leaf(rows, [8, 16], isDouble: isDouble), labels: goldens.inputs.groups,
            tuples: kind.needsTuples ? tuples : nil)
        let value = try value(kind, input)
        try value.total.backward()
        // Goldens of tuples are sums over both.
        let factor = kind.needsTuples ? 0.5 : 1
        #expect(difference([try value.total.item()], [golden.loss * factor]) < (isDouble ? 1e-9 : 1e-5))
        let expected = golden.embeddingGradient.map { $0 * factor }
        #expect(difference(try input.embeddings.gradientValues, expected) < (isDouble ? 1e-7 : 1e-5))
        #expect(value.logits == nil)
    }

    @Test(
        "A tuple counts as its query's weight says, and a ranking or an anchor as its photo's",
        arguments: [TrainingLoss.Kind.contrastive, .triplet, .batchHardTriplet, .listwiseAP])
    func weights(kind: TrainingLoss.Kind) throws {
        let goldens = try PairGoldens.load()
        let rows = kind.needsTuples ? goldens.inputs.tuples : goldens.inputs.grouped
        func loss(_ weights: [Float]?) throws -> Double {
            let input = LossInput(
                embeddings: try leaf(rows, [8, 16]), labels: goldens.inputs.groups, weights: weights, tuples: tuples)
            return try value(kind, input).total.item()
        }
        let first = try loss([1, 1, 1, 1, 0, 0, 0, 0])
        let second = try loss([0, 0, 0, 0, 1, 1, 1, 1])
        #expect(abs(first + second - (try loss(nil))) < 1e-12)
        #expect(first > 0)
        #expect(abs(try loss([3, 3, 3, 3, 0, 0, 0, 0]) - 3 * first) < 1e-12)
    }

    @Test(
        "A batch without tuples to learn from has loss 0 and gradient 0",
        arguments: [TrainingLoss.Kind.contrastive, .triplet])
    func noTuples(kind: TrainingLoss.Kind) throws {
        let input = LossInput(embeddings: try leaf([1, 2, 3, 4], [2, 2]), labels: [0, 1], tuples: [])
        let value = try value(kind, input)
        try value.total.backward()
        #expect(try value.total.item() == 0)
        #expect(try input.embeddings.gradientValues == [0, 0, 0, 0])
        #expect(throws: TrainingError.self) {
            try self.value(kind, LossInput(embeddings: input.embeddings, labels: [0, 1]))
        }
    }

    @Test("Contrastive and triplet losses of equal rows have finite gradients, also without other photos")
    func equalRows() throws {
        for kind in [TrainingLoss.Kind.contrastive, .triplet] {
            for negatives in [[], [2]] {
                let input = LossInput(
                    embeddings: try leaf([1, 2, 1, 2, 1, 2], [3, 2], isDouble: false), labels: [0, 0, 1],
                    tuples: [TupleRows(query: 0, positive: 1, negatives: negatives)])
                try value(kind, input).total.backward()
                #expect(try input.embeddings.gradientValues.allSatisfy(\.isFinite))
            }
        }
    }

    @Test("Batch-hard leaves out photos without a match or without others, and says how many there are")
    func anchors() throws {
        let rows = [1.0, 0, 0.9, 0.2, 0, 1, -1, 0.1]
        func loss(_ labels: [Int]) throws -> (loss: Double, anchors: Double, gradient: [Double]) {
            let input = LossInput(embeddings: try leaf(rows, [4, 2]), labels: labels)
            let value = try value(.batchHardTriplet, input)
            try value.total.backward()
            let anchors = try #require(value.parts.first { $0.name == "batchHardTriplet.anchors" })
            return (try value.total.item(), try anchors.value.item(), try input.embeddings.gradientValues)
        }
        #expect(try loss([0, 0, 1, 2]).anchors == 2)
        let apart = try loss([0, 1, 2, 3])
        #expect(apart.loss == 0 && apart.anchors == 0 && apart.gradient == [Double](repeating: 0, count: 8))
        #expect(try loss([5, 5, 5, 5]).anchors == 0)
        // By hand: rows 0 and 2 are of one class at distance √2, and row 1 is nearer to either.
        let length = (0.9 * 0.9 + 0.2 * 0.2).squareRoot()
        let margins = [0.9, 0.2].map { 0.1 + 2.0.squareRoot() - (2 - 2 * $0 / length).squareRoot() }
        #expect(abs(try loss([0, 1, 0, 2]).loss - (margins[0] + margins[1]) / 2) < 1e-9)
    }

    @Test("Listwise AP is near 0 where each class stands apart, and near 1 - 1/C where all are mixed up")
    func listwiseLimits() throws {
        let apart = LossInput(
            embeddings: try leaf([1, 0, 1, 0, -1, 0, -1, 0], [4, 2]), labels: [0, 0, 1, 1])
        #expect(try value(.listwiseAP, apart).total.item() < 1e-12)
        let mixed = LossInput(embeddings: try leaf([1, 0, 1, 0, 1, 0, 1, 0], [4, 2]), labels: [0, 0, 1, 1])
        #expect(abs(try value(.listwiseAP, mixed).total.item() - 0.5) < 1e-12)
    }

    @Test("Of a mixed photo the label that counts more is taken")
    func mixedLabels() throws {
        let goldens = try PairGoldens.load()
        let rows = try leaf(goldens.inputs.grouped, [8, 16])
        let plain = LossInput(embeddings: rows, labels: goldens.inputs.groups)
        var mixed = plain
        mixed.labels = [9, 9, 9, 9, 1, 1, 2, 2]
        mixed.secondLabels = [0, 0, 0, 1, 9, 9, 9, 9]
        mixed.shares = [0.2, 0, 0.49, 0.1, 0.5, 1, 0.9, 0.6]
        for kind in [TrainingLoss.Kind.batchHardTriplet, .listwiseAP] {
            #expect(try value(kind, plain).total.item() == value(kind, mixed).total.item())
        }
    }
}
