import CairnRecipes
import CairnTorch

/// ArcFace with several weights a class, of which the nearest counts: `cos θ_j = max_k cos θ_jk`.
///
/// Deng et al. 2020, *Sub-center ArcFace: Boosting Face Recognition by Large-scale Noisy Web Faces*: photos with wrong labels
/// gather around other sub-centres than the class itself. `subcenters` 3, the rest as `ArcFaceLoss`. Parameters: those of
/// `CosineClassifier`, `weight` being `[C · K, D]` with sub-centre `k` of class `j` in row `j K + k`.
public struct SubcenterArcFaceLoss: Loss {
    private let objective: ArcFaceObjective

    /// Makes the classifier.
    public init(_ settings: TrainingLoss, _ context: LossContext) throws {
        let classifier = try CosineClassifier(context, weightsPerClass: settings.setting(\.subcenters))
        objective = try ArcFaceObjective(settings, context, classifier)
    }

    /// See `Loss`. Logits are the nearest sub-centres' cosines without the margin.
    public func callAsFunction(_ input: LossInput) throws -> LossValue { try objective(input) }
}
