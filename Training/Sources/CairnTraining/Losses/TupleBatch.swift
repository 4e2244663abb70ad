import CairnNN
import CairnTorch
import CairnTrainingData

/// The tuples of a batch as pairs of rows.
struct TupleBatch {
    /// Rows of length 1.
    let units: TorchTensor
    /// Each tuple's query beside its matching photo.
    private(set) var matches: [Pair] = []
    /// Each tuple's query beside each other photo, tuple by tuple.
    private(set) var others: [Pair] = []
    private let divisor: Double
    private let weights: [Float]?
    private let input: LossInput

    /// Two rows, and the tuple that they are of.
    struct Pair {
        let query: Int
        let photo: Int
        let tuple: Int
    }

    /// Throws for a batch without tuples, and for rows that it does not have.
    init(_ input: LossInput, for loss: String) throws {
        try input.check()
        guard let tuples = input.tuples else {
            throw TrainingError(
                .invalidArgument, "the loss \(loss) takes tuples; set the stage's “sampler” to tuples and its “mining”")
        }
        for (number, tuple) in tuples.enumerated() {
            let rows = [tuple.query, tuple.positive] + tuple.negatives
            if let row = rows.first(where: { !(0..<input.count).contains($0) }) {
                throw TrainingError(.invalidArgument, "tuple \(number) names row \(row) of a batch of \(input.count)")
            }
            matches.append(Pair(query: tuple.query, photo: tuple.positive, tuple: number))
            others += tuple.negatives.map { Pair(query: tuple.query, photo: $0, tuple: number) }
        }
        units = try input.preciseEmbeddings.unitRows()
        divisor = input.tuplesPerProcess ?? Double(max(tuples.count, 1))
        weights = input.weights
        self.input = input
    }

    /// `[P, D]`: query less photo of each pair.
    func differences(_ pairs: [Pair]) throws -> TorchTensor {
        try units.rows(at: pairs.map(\.query)) - units.rows(at: pairs.map(\.photo))
    }

    /// The sum of `[P, 1]`, each by its query's weight, divided by the number of tuples.
    func meanOverTuples(_ losses: TorchTensor, _ pairs: [Pair]) throws -> TorchTensor {
        var losses = try losses.reshaped([pairs.count])
        if let weights { losses = try losses * input.photoNumbers(pairs.map { weights[$0.query] }) }
        return try losses.sum([0]).scaled(by: 1 / divisor)
    }
}
