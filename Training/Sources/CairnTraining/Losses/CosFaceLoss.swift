import CairnRecipes
import CairnTorch

/// Cross-entropy of scaled cosines with a margin taken from that of the label: `s (cos θ_y - m)` against `s cos θ_j`.
///
/// Wang et al. 2018, *CosFace: Large Margin Cosine Loss for Deep Face Recognition*, equation 4. `margin` 0.35 and `scale` 30, fixed
/// unless `learnsScale` (the paper's own: 0.35 and 64); label smoothing and class weights as in `CrossEntropy`. Of a mixed photo each
/// of both terms has its margin at its own label. Parameters: those of `CosineClassifier`.
public struct CosFaceLoss: Loss {
    private let name: String
    private let margin: Double
    private let classifier: CosineClassifier
    private let scale: LogitScale
    private let crossEntropy: CrossEntropy

    /// Makes the classifier.
    public init(_ settings: TrainingLoss, _ context: LossContext) throws {
        name = settings.kind.rawValue
        margin = settings.setting(\.margin)
        classifier = try CosineClassifier(context)
        scale = try LogitScale(settings, context)
        crossEntropy = try CrossEntropy(settings, context)
    }

    /// See `Loss`. Logits are cosines without the margin.
    public func callAsFunction(_ input: LossInput) throws -> LossValue {
        let cosines = try classifier.cosines(input)
        let loss = try crossEntropy(input) { labels in
            let own = try cosines.elements(at: labels).shifted(by: -margin)
            return try scale(cosines.replacing(labels, by: own))
        }
        return LossValue(loss, named: name, logits: cosines)
    }
}
