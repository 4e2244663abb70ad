import CairnNN
import CairnRecipes
import CairnTorch
import Foundation

/// Cross-entropy of a batch, with everything that classifying losses share.
///
/// `l_i = w_y (-(1 - ε) log p_y - ε / C Σ_j log p_j)` for label smoothing ε (Szegedy et al. 2016) and class weights `w`, mixed photos
/// `share · l(first) + (1 - share) · l(second)` (Yun et al. 2019), then the mean over photos with their weights.
///
/// Class weights have mean 1 over classes. Deviation from `torch.nn.CrossEntropyLoss`, which divides by the sum of its photos' class
/// weights: here the divisor is the number of photos, so that a batch of rare classes counts as much as those classes should, and
/// what a photo counts does not depend on the rest of its batch.
struct CrossEntropy {
    private let smoothing: Double
    private let classWeights: [Float]?
    private let classes: Int

    init(_ settings: TrainingLoss, _ context: LossContext) throws {
        smoothing = settings.labelSmoothing ?? 0
        classes = context.classes
        classWeights = (settings.classWeights ?? .uniform).weights(of: context.classCounts)
    }

    /// The loss; `logits` makes those `[N, C]` that belong to labels `[N, 1]`, as margins are at labels.
    func callAsFunction(_ input: LossInput, _ logits: (_ labels: TorchTensor) throws -> TorchTensor) throws
        -> TorchTensor
    {
        guard input.isMixed, let second = input.secondLabels, let shares = input.shares else {
            return try input.meanOverPhotos(losses(input, input.labels, logits))
        }
        let share = try input.photoNumbers(shares)
        let (first, other) = (try losses(input, input.labels, logits), try losses(input, second, logits))
        return try input.meanOverPhotos(share * first + (1 - share) * other)
    }

    /// The loss of each photo: `[N]`.
    private func losses(
        _ input: LossInput, _ labels: [Int], _ logits: (_ labels: TorchTensor) throws -> TorchTensor
    ) throws -> TorchTensor {
        let columns = try input.labelTensor(labels, classes: classes)
        let logs = try logits(columns).logSoftmax(axis: 1)
        var losses = try logs.elements(at: columns).scaled(by: smoothing - 1)
        if smoothing > 0 { losses = try losses - logs.mean([1], keepingAxes: true).scaled(by: smoothing) }
        losses = try losses.reshaped([labels.count])
        guard let classWeights else { return losses }
        return try losses * input.photoNumbers(labels.map { classWeights[$0] })
    }
}

extension TrainingLoss.ClassWeights {
    /// A weight for each class, with mean 1; `nil` where all are alike. A class without photos counts as one of a single photo, and
    /// logarithms are those of `1 + n`, as a single photo's own is 0.
    func weights(of counts: [Int]) -> [Float]? {
        let numbers = counts.map { Double(max($0, 1)) }
        let raw: [Double]
        switch self {
        case .uniform: return nil
        case .inverse: raw = numbers.map { 1 / $0 }
        case .inverseSquareRoot: raw = numbers.map { 1 / $0.squareRoot() }
        case .inverseLog: raw = numbers.map { 1 / log(1 + $0) }
        }
        let mean = raw.reduce(0, +) / Double(max(raw.count, 1))
        return raw.map { Float($0 / mean) }
    }
}
