import CairnNN
import CairnRecipes
import CairnTorch

/// Matching pairs are drawn together, others pushed apart up to a margin: `½ d²` for a match, `½ max(0, m - d)²` for others.
///
/// Hadsell, Chopra and LeCun 2006; as Radenović, Tolias and Chum 2018, *Fine-tuning CNN Image Retrieval with No Human Annotation*,
/// equation 6, use it: each tuple's query with its matching photo and with each other one, `d` the Euclidean distance of
/// embeddings of length 1, `m` 0.7. As in their code 1e-6 is added to each difference, so that `d` is never 0.
///
/// Deviation from their code, where the loss is the sum over a batch's pairs: it is that sum divided by the number of tuples, so
/// that rates do not depend on the batch or on how processes share it. A batch without any tuple has loss 0 and gradient 0.
public struct ContrastiveLoss: Loss {
    private let margin: Double

    /// Takes the margin.
    public init(_ settings: TrainingLoss) { margin = settings.setting(\.margin) }

    /// See `Loss`. Throws for a batch whose `tuples` are `nil`.
    public func callAsFunction(_ input: LossInput) throws -> LossValue {
        let batch = try TupleBatch(input, for: "contrastive")
        let near = try batch.differences(batch.matches).shifted(by: 1e-6).lengths()
        let far = try batch.differences(batch.others).shifted(by: 1e-6).lengths()
        let excess = try far.scaled(by: -1).shifted(by: margin).relu()
        let matches = try batch.meanOverTuples((near * near).scaled(by: 0.5), batch.matches)
        let others = try batch.meanOverTuples((excess * excess).scaled(by: 0.5), batch.others)
        return LossValue(try matches + others, named: "contrastive")
    }
}
