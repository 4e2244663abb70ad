import CairnNN
import CairnRecipes
import CairnTorch

/// ArcFace whose hard negatives count little at first and more as training goes on.
///
/// Huang et al. 2020, *CurricularFace: Adaptive Curriculum Learning Loss for Deep Face Recognition*: a class `j ≠ y`
/// with `cos θ_j > cos(θ_y + m)` is hard, and its cosine becomes `cos θ_j (t + cos θ_j)`; the label's is `cos(θ_y + m)`. `t` is the moving
/// mean of `cos θ_y`: `t ← μ t + (1 - μ) mean cos θ_y`, from 0, before the batch uses it, without gradient. `margin` 0.4 and `scale`
/// 30, fixed unless `learnsScale` (the paper's own: 0.5 and 64), `momentum` μ 0.99 as the authors' code; label smoothing and class
/// weights as in `CrossEntropy`.
///
/// As in the authors' code the label's angle goes on beyond π as in `AngularMargin`, while what is hard is told without that.
/// A batch over several processes has one mean. Of a mixed photo the label that counts more gives the mean, and each of both
/// terms has its margin and its hard classes by its own label. Outside of training `t` stays.
///
/// Parameters: those of `CosineClassifier`, and the buffer `t` `[1]`.
public struct CurricularFaceLoss: Loss {
    private let margin: AngularMargin
    private let momentum: Double
    private let classifier: CosineClassifier
    private let scale: LogitScale
    private let crossEntropy: CrossEntropy
    private let mean: TorchTensor
    private let phase: ForwardPhase

    /// Makes the classifier.
    public init(_ settings: TrainingLoss, _ context: LossContext) throws {
        margin = AngularMargin(settings.setting(\.margin))
        momentum = settings.setting(\.momentum)
        classifier = try CosineClassifier(context)
        scale = try LogitScale(settings, context)
        crossEntropy = try CrossEntropy(settings, context)
        mean = try context.parameters("t", [1], role: .buffer, .constant(0))
        phase = context.parameters.phase
    }

    /// See `Loss`. Logits are cosines as they are. The part `curricularFace.t` is `t`.
    public func callAsFunction(_ input: LossInput) throws -> LossValue {
        let cosines = try classifier.cosines(input)
        if phase.isTraining { try Torch.withoutGradients { try follow(cosines, input) } }
        // A copy: the buffer changes in place, and gradients may still need what it was.
        let t = try mean.shifted(by: 0)
        let loss = try crossEntropy(input) { labels in
            let own = try cosines.elements(at: labels)
            let isHard = try Torch.withoutGradients { try LossOperator.greater(cosines, margin.added(to: own)) }
            let modulated = try LossOperator.choose(isHard, cosines * (cosines + t), cosines)
            return try scale(modulated.replacing(labels, by: margin.addedMonotonically(to: own)))
        }
        var value = LossValue(loss, named: "curricularFace", logits: cosines)
        value.parts.append(LossPart("curricularFace.t", try t.reshaped([])))
        return value
    }

    private func follow(_ cosines: TorchTensor, _ input: LossInput) throws {
        let labels = try input.labelTensor(input.mainLabels, classes: cosines.shape[1])
        let own = try input.processes.allRows(cosines.elements(at: labels)).mean([0, 1])
        try mean.copy(from: mean.scaled(by: momentum) + own.scaled(by: 1 - momentum))
    }
}
