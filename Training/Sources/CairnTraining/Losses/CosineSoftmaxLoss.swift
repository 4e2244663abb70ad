import CairnRecipes
import CairnTorch

/// Cross-entropy of scaled cosines: `-log(exp(s cos θ_y) / Σ_j exp(s cos θ_j))`.
///
/// Wang et al. 2017, *NormFace*, section 3.3; Zhai and Wu 2019, *Classification is a Strong Baseline for Deep Metric Learning*.
/// `scale` 30, fixed unless `learnsScale`; label smoothing and class weights as in `CrossEntropy`. Parameters: those of
/// `CosineClassifier`.
public struct CosineSoftmaxLoss: Loss {
    private let name: String
    private let classifier: CosineClassifier
    private let scale: LogitScale
    private let crossEntropy: CrossEntropy

    /// Makes the classifier.
    public init(_ settings: TrainingLoss, _ context: LossContext) throws {
        name = settings.kind.rawValue
        classifier = try CosineClassifier(context)
        scale = try LogitScale(settings, context)
        crossEntropy = try CrossEntropy(settings, context)
    }

    /// See `Loss`. Logits are cosines.
    public func callAsFunction(_ input: LossInput) throws -> LossValue {
        let cosines = try classifier.cosines(input)
        let logits = try scale(cosines)
        return LossValue(try crossEntropy(input) { _ in logits }, named: name, logits: cosines)
    }
}
