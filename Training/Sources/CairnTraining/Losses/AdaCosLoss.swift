import CairnNN
import CairnRecipes
import CairnTorch
import Foundation

/// Cross-entropy of cosines whose scale follows from the number of classes, or from the batch.
///
/// Zhang et al. 2019, *AdaCos: Adaptively Scaling Cosine Logits for Effectively Learning Deep Face Representations*.
/// - `fixed`: `s = √2 ln(C - 1)`.
/// - `dynamic`: `s_t = ln B / cos(min(π/4, θ))`, with `θ` the median angle between photos and their labels' weights
///   and `B` the mean over photos of `Σ_{j≠y} exp(s_{t-1} cos θ_j)`. The batch that gives `s_t` uses it, without gradient; the
///   median of an even number is the lower of both in the middle, as in the authors' code. It begins with the fixed one.
///
/// Deviations: a batch over several processes has one scale, from all its photos. Of a mixed photo the label that counts more
/// gives the angle. A scale is 1 at least, and two classes count as three for the fixed one: the formulas give 0 or less for next
/// to no classes. Outside of training the dynamic scale stays.
///
/// Parameters: those of `CosineClassifier`, and for `dynamic` the buffer `scale` `[1]`.
public struct AdaCosLoss: Loss {
    private let classifier: CosineClassifier
    private let fixedScale: Double
    private let dynamicScale: TorchTensor?
    private let crossEntropy: CrossEntropy
    private let phase: ForwardPhase

    /// Makes the classifier.
    public init(_ settings: TrainingLoss, _ context: LossContext) throws {
        classifier = try CosineClassifier(context)
        fixedScale = max(1, 2.0.squareRoot() * log(Double(max(context.classes - 1, 2))))
        let isDynamic = settings.setting(\.scaleRule) == .dynamic
        dynamicScale =
            isDynamic ? try context.parameters("scale", [1], role: .buffer, .constant(Float(fixedScale))) : nil
        crossEntropy = try CrossEntropy(settings, context)
        phase = context.parameters.phase
    }

    /// See `Loss`. Logits are cosines.
    public func callAsFunction(_ input: LossInput) throws -> LossValue {
        let cosines = try classifier.cosines(input)
        guard let dynamicScale else {
            let logits = try cosines.scaled(by: fixedScale)
            return LossValue(try crossEntropy(input) { _ in logits }, named: "adaCos", logits: cosines)
        }
        if phase.isTraining { try Torch.withoutGradients { try follow(cosines, input, dynamicScale) } }
        // A copy: the buffer changes in place, and gradients may still need what it was.
        let scale = try dynamicScale.shifted(by: 0)
        let logits = try cosines * scale
        var value = LossValue(try crossEntropy(input) { _ in logits }, named: "adaCos", logits: cosines)
        value.parts.append(LossPart("adaCos.scale", try scale.reshaped([])))
        return value
    }

    private func follow(_ cosines: TorchTensor, _ input: LossInput, _ scale: TorchTensor) throws {
        let labels = try input.labelTensor(input.mainLabels, classes: cosines.shape[1])
        let others = try LossOperator.scatterValue(cosines * scale, 1, labels, -Double.infinity)
        let logSums = try input.processes.allRows(LossOperator.logSumExp(others, [1]))
        let own = try input.processes.allRows(cosines.elements(at: labels).bounded(-1...1))
        let logMean = try LossOperator.logSumExp(logSums, [0]).shifted(by: -log(Double(logSums.shape[0])))
        let angle = try LossOperator.median(LossOperator.acos(own)).bounded(0...Double.pi / 4)
        let next = try logMean / angle.mapped(.cosine)
        try scale.copy(from: next.bounded(1 ... .infinity).reshaped([1]))
    }
}
