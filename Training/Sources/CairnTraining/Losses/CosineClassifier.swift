import CairnNN
import CairnRecipes
import CairnTorch

/// Weights of classes that are compared with embeddings by angle: `cos θ_j = x · w_j / (|x| |w_j|)`.
///
/// Products are divided by the lengths of weights, not weights themselves: that needs `[N, C]` numbers instead of `[C, D]`.
/// Parameters: `weight` `[C, D]`, or `[C · K, D]` with `K` weights a class, those of a class one behind the other; of them the nearest
/// counts. `scale` `[1]` where it is learned; it takes no weight decay.
struct CosineClassifier {
    private let weight: TorchTensor
    private let classes: Int
    private let weightsPerClass: Int

    init(_ context: LossContext, weightsPerClass: Int = 1) throws {
        classes = context.classes
        self.weightsPerClass = weightsPerClass
        weight = try context.classWeights(rows: classes * weightsPerClass)
    }

    /// `[N, C]`.
    func cosines(_ input: LossInput) throws -> TorchTensor {
        try input.check()
        let products = try input.preciseEmbeddings.unitRows().linearProducts(with: weight)
        let lengths = try weight.lengths().bounded(1e-12 ... .infinity)
        let cosines = try products / LossOperator.transpose(lengths)
        guard weightsPerClass > 1 else { return cosines }
        return try cosines.reshaped([input.count, classes, weightsPerClass]).maximum([2])
    }
}

extension TorchTensor {
    /// `x wᵀ` of `[N, D]` with `[C, D]`, in the precision of both.
    ///
    /// Throws under autocast, which would round products to 16 bits: angles near 0 and losses near their end need more.
    func linearProducts(with weight: TorchTensor) throws -> TorchTensor {
        guard shape[1] == weight.shape[1] else {
            throw TrainingError(
                .invalidArgument, "classes are compared with embeddings of \(weight.shape[1]) numbers, not \(shape[1])")
        }
        let products = try matrixProduct(with: LossOperator.transpose(weight))
        guard products.elementType == elementType else {
            throw TrainingError(.invalidArgument, "a loss was computed under autocast; compute it outside, in 32 bits")
        }
        return products
    }
}

/// What cosines are multiplied by before they are logits: a number, or a parameter that begins with it.
struct LogitScale {
    private let value: Double
    private let learned: TorchTensor?

    init(_ settings: TrainingLoss, _ context: LossContext) throws {
        value = settings.setting(\.scale)
        let learns = settings.setting(\.learnsScale)
        learned = learns ? try context.parameters("scale", [1], role: .normalization, .constant(Float(value))) : nil
    }

    func callAsFunction(_ cosines: TorchTensor) throws -> TorchTensor {
        try learned.map { try cosines * $0 } ?? cosines.scaled(by: value)
    }
}
