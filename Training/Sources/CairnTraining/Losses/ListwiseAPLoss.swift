import CairnNN
import CairnRecipes
import CairnTorch

/// One less the mean average precision of the rankings that each photo of a batch gives of the batch, made smooth by bins.
///
/// Revaud, Almazán, Rezende and de Souza 2019, *Learning with Average Precision: Training Image Retrieval with a Listwise Loss*, section 3.2. Similarities
/// in [-1, 1] are shared between the two nearest of `bins` (20) centres, `1` the first and `-1` the last; from the number `n_b` of
/// photos in each bin, and of matching ones `n_b⁺`, precision at a bin is `Σ_{c≤b} n_c⁺ / Σ_{c≤b} n_c`, and the photo's average precision
/// `Σ_b precision_b · n_b⁺ / Σ_b n_b⁺`.
///
/// A photo is itself part of its ranking, as in the paper, so that one without a match counts, and costs next to nothing. The
/// authors' later public code bins [0, 1] instead. Of a mixed photo the label that counts more is taken. A batch over several
/// processes is one batch.
///
/// Each similarity is in two bins, so that memory is a few times `[N, N]`, not `[N, N, bins]`.
public struct ListwiseAPLoss: Loss {
    private let bins: Int

    /// Takes the number of bins.
    public init(_ settings: TrainingLoss) { bins = settings.setting(\.bins) }

    /// See `Loss`.
    public func callAsFunction(_ input: LossInput) throws -> LossValue {
        let batch = try WholeBatch(input)
        let (all, matching) = try histograms(batch)
        // Bins before the first photo hold nothing at all: 0 / 1e-16.
        let precision =
            try LossOperator.cumulativeSum(matching, 1) / LossOperator.cumulativeSum(all, 1).shifted(by: 1e-16)
        let recall = try matching / matching.sum([1], keepingAxes: true)
        let losses = try (precision * recall).sum([1]).scaled(by: -1).shifted(by: 1)
        let mean = try (losses * batch.weights).sum([0]).scaled(by: 1 / Double(batch.count))
        return LossValue(mean, named: "listwiseAP")
    }

    /// `[N, bins]` twice: the photos in each bin of each ranking, and the matching ones.
    private func histograms(_ batch: WholeBatch) throws -> (all: TorchTensor, matching: TorchTensor) {
        let width = 2 / Double(bins - 1)
        // 0 at the first centre, bins - 1 at the last.
        let places = try batch.products().bounded(-1...1).scaled(by: -1 / width).shifted(by: 1 / width)
        let (lower, upper) = try Torch.withoutGradients {
            let lower = try places.mapped(.floor).bounded(0...Double(bins - 2)).converted(to: .int64)
            return (lower, try lower.shifted(by: 1).converted(to: .int64))
        }
        let shares = try places - lower.converted(to: places.elementType)
        let isSame = try batch.isSameClass.converted(to: places.elementType)
        let empty = try places.constant([Float](repeating: 0, count: batch.count * bins), shape: [batch.count, bins])
            .converted(to: places.elementType)
        func filled(_ counted: (TorchTensor) throws -> TorchTensor) throws -> TorchTensor {
            let near = try LossOperator.scatterAdd(empty, 1, lower, counted(shares.scaled(by: -1).shifted(by: 1)))
            return try LossOperator.scatterAdd(near, 1, upper, counted(shares))
        }
        return (try filled { $0 }, try filled { try $0 * isSame })
    }
}
