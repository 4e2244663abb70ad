import CairnNN
import CairnRecipes
import CairnTorch

/// A matching photo shall be nearer than another by a margin: `max(0, d_p² - d_n² + m)`.
///
/// Schroff, Kalenichenko and Philbin 2015, *FaceNet*, equation 1, with squared distances of embeddings of length 1. Each tuple's query
/// and match make a triplet with each of its other photos. `margin` 0.1, as Radenović et al. 2018 (FaceNet's own: 0.2).
///
/// The loss is the sum over triplets divided by the number of tuples, as in `ContrastiveLoss`. A batch without any tuple has loss 0
/// and gradient 0.
public struct TripletLoss: Loss {
    private let margin: Double

    /// Takes the margin.
    public init(_ settings: TrainingLoss) { margin = settings.setting(\.margin) }

    /// See `Loss`. Throws for a batch whose `tuples` are `nil`.
    public func callAsFunction(_ input: LossInput) throws -> LossValue {
        let batch = try TupleBatch(input, for: "triplet")
        let near = try batch.differences(batch.matches)
        let far = try batch.differences(batch.others)
        let matches = try (near * near).sum([1]).rows(at: batch.others.map(\.tuple))
        let losses = try (matches - (far * far).sum([1])).shifted(by: margin).relu()
        return LossValue(try batch.meanOverTuples(losses, batch.others), named: "triplet")
    }
}
