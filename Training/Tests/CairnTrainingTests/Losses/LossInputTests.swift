import CairnCore
import CairnNN
import CairnTorch
import CairnTrainingData
import Testing

@testable import CairnRecipes
@testable import CairnTraining

@Suite struct LossInputTests {
    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return (error as? TrainingError)?.message ?? "\(error)"
        }
    }

    private func loss(_ kind: TrainingLoss.Kind) throws -> any Loss {
        let source = TorchParameters(seed: 1)
        return try TrainingLoss(standard: kind).makeLoss(
            LossContext(parameters: Parameters(source), classCounts: [1, 1, 1], dimensions: 2))
    }

    @Test("A label that no class has is named with its photo")
    func labels() throws {
        let rows = try leaf([1, 0, 0, 1], [2, 2], isDouble: false)
        for kind in TrainingLoss.Kind.allCases where kind.classifies {
            let loss = try loss(kind)
            let input = LossInput(embeddings: rows, labels: [0, 3])
            #expect(message { _ = try loss(input) } == "photo 1 of the batch has label 3; labels are below 3")
            let mixed = LossInput(embeddings: rows, labels: [0, 1], secondLabels: [-1, 0], shares: [0.5, 0.5])
            #expect(message { _ = try loss(mixed) } == "photo 0 of the batch has label -1; labels are below 3")
        }
    }

    @Test("Parts of different batches are refused", arguments: TrainingLoss.Kind.allCases)
    func counts(kind: TrainingLoss.Kind) throws {
        let loss = try loss(kind)
        let rows = try leaf([1, 0, 0, 1], [2, 2], isDouble: false)
        let tuples = [TupleRows(query: 0, positive: 1, negatives: [])]
        let inputs = [
            LossInput(embeddings: rows, labels: [0], tuples: tuples),
            LossInput(embeddings: rows, labels: [0, 1], weights: [1], tuples: tuples),
            LossInput(embeddings: rows, labels: [0, 1], secondLabels: [1], shares: [1, 1], tuples: tuples),
            LossInput(embeddings: rows, labels: [0, 1], shares: [1, 1], tuples: tuples),
            LossInput(embeddings: try rows.reshaped([0 + 4]), labels: [0, 1], tuples: tuples),
            LossInput(embeddings: try rows.sliced(axis: 0, 0..<0), labels: [], tuples: []),
        ]
        for input in inputs { #expect(throws: TrainingError.self) { try loss(input) } }
        let beyond = [TupleRows(query: 0, positive: 1, negatives: [2])]
        if kind.needsTuples {
            #expect(
                message { _ = try loss(LossInput(embeddings: rows, labels: [0, 1], tuples: beyond)) }
                    == "tuple 0 names row 2 of a batch of 2")
        }
    }

    @Test("Embeddings of another size than the classes' weights are refused")
    func dimensions() throws {
        let rows = try leaf([1, 0, 0, 1, 2, 3], [2, 3], isDouble: false)
        for kind in TrainingLoss.Kind.allCases where kind.classifies {
            let loss = try loss(kind)
            #expect(
                message { _ = try loss(LossInput(embeddings: rows, labels: [0, 1])) }
                    == "classes are compared with embeddings of 2 numbers, not 3")
        }
    }

    @Test("A loss that classifies needs classes")
    func noClasses() {
        #expect(
            message {
                _ = try TrainingLoss(standard: .arcFace).makeLoss(
                    LossContext(parameters: Parameters(TorchParameters(seed: 1)), classCounts: [], dimensions: 2))
            } == "a loss that classifies needs classes: none are given")
    }
}
