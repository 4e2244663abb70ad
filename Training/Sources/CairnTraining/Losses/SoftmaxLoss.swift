import CairnNN
import CairnRecipes
import CairnTorch

/// Cross-entropy of a linear classifier: `-log(exp z_y / Σ_j exp z_j)` with `z = x Wᵀ + b`.
///
/// The embeddings are taken as they are, without normalisation. With `classWeights` it is the weighted cross-entropy for classes of
/// very different sizes, with `labelSmoothing` (0.1 or 0.2, say) that of Szegedy et al. 2016, *Rethinking the Inception Architecture*,
/// section 7; formulas and deviations of both are `CrossEntropy`'s.
///
/// Parameters: `weight` `[C, D]`, as the stage's classifier settings begin it, and `bias` `[C]`, zeros at first.
public struct SoftmaxLoss: Loss {
    private let name: String
    private let weight: TorchTensor
    private let bias: TorchTensor
    private let crossEntropy: CrossEntropy

    /// Makes the classifier.
    public init(_ settings: TrainingLoss, _ context: LossContext) throws {
        try self.init(settings, context, named: settings.kind.rawValue)
    }

    init(_ settings: TrainingLoss, _ context: LossContext, named name: String) throws {
        self.name = name
        weight = try context.classWeights(rows: context.classes)
        bias = try context.parameters("bias", [context.classes], role: .bias, .constant(0))
        crossEntropy = try CrossEntropy(settings, context)
    }

    /// See `Loss`. Logits are `z`.
    public func callAsFunction(_ input: LossInput) throws -> LossValue {
        try input.check()
        let logits = try input.preciseEmbeddings.linearProducts(with: weight) + bias
        return LossValue(try crossEntropy(input) { _ in logits }, named: name, logits: logits)
    }
}
