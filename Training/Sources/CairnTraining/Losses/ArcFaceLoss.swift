import CairnRecipes
import CairnTorch

/// Cross-entropy of scaled cosines with a margin added to the label's angle: `s cos(θ_y + m)` against `s cos θ_j`.
///
/// Deng et al. 2019, *ArcFace: Additive Angular Margin Loss for Deep Face Recognition*, equation 3. `margin` 0.3 (radians) and `scale`
/// 30, fixed unless `learnsScale` (the paper's own: 0.5 and 64); label smoothing and class weights as in `CrossEntropy`. Of a mixed
/// photo each of both terms has its margin at its own label. Beyond π the angle goes on as in `AngularMargin`. Parameters: those of
/// `CosineClassifier`.
public struct ArcFaceLoss: Loss {
    private let objective: ArcFaceObjective

    /// Makes the classifier.
    public init(_ settings: TrainingLoss, _ context: LossContext) throws {
        objective = try ArcFaceObjective(settings, context, CosineClassifier(context))
    }

    /// See `Loss`. Logits are cosines without the margin.
    public func callAsFunction(_ input: LossInput) throws -> LossValue { try objective(input) }
}

/// ArcFace over any cosines.
struct ArcFaceObjective {
    private let name: String
    private let margin: AngularMargin
    private let classifier: CosineClassifier
    private let scale: LogitScale
    private let crossEntropy: CrossEntropy

    init(_ settings: TrainingLoss, _ context: LossContext, _ classifier: CosineClassifier) throws {
        name = settings.kind.rawValue
        margin = AngularMargin(settings.setting(\.margin))
        self.classifier = classifier
        scale = try LogitScale(settings, context)
        crossEntropy = try CrossEntropy(settings, context)
    }

    func callAsFunction(_ input: LossInput) throws -> LossValue {
        let cosines = try classifier.cosines(input)
        let loss = try crossEntropy(input) { labels in
            let own = try margin.addedMonotonically(to: cosines.elements(at: labels))
            return try scale(cosines.replacing(labels, by: own))
        }
        return LossValue(loss, named: name, logits: cosines)
    }
}
