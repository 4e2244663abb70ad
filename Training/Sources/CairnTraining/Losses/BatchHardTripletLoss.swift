import CairnNN
import CairnRecipes
import CairnTorch

/// For each photo of a batch the farthest of its class shall be nearer than the nearest of all others, by a margin:
/// `max(0, m + max_p d - min_n d)`.
///
/// Hermans, Beyer and Leibe 2017, *In Defense of the Triplet Loss for Person Re-Identification*, equation 5. `d` is the Euclidean distance, not
/// squared; `margin` 0.1. The loss is the mean over photos that have another of their class and one of another class in the
/// batch, those already at 0 among them; the others are left out. Without any the loss is 0 with gradient 0, and the part
/// `batchHardTriplet.anchors` says so.
///
/// Deviation: embeddings are divided by their length, as those that are searched are. Of a mixed photo the label that counts
/// more is taken. A batch over several processes is one batch: photos are compared over all of them.
///
/// The hardest are found from products, and distances from differences of those rows alone, which are exact where rows are near.
public struct BatchHardTripletLoss: Loss {
    private let margin: Double

    /// Takes the margin.
    public init(_ settings: TrainingLoss) { margin = settings.setting(\.margin) }

    /// See `Loss`.
    public func callAsFunction(_ input: LossInput) throws -> LossValue {
        let batch = try WholeBatch(input)
        let (anchors, positives, negatives) = try Torch.withoutGradients { try hardest(batch) }
        var value: LossValue
        if anchors.isEmpty {
            value = LossValue(try input.nothing(), named: "batchHardTriplet")
        } else {
            let units = batch.units
            let queries = try units.rows(at: anchors)
            let farthest = try (queries - units.rows(at: positives)).lengths()
            let nearest = try (queries - units.rows(at: negatives)).lengths()
            let losses = try (farthest - nearest).shifted(by: margin).relu().reshaped([anchors.count])
            let weights = try batch.weights.rows(at: anchors)
            let mean = try (losses * weights).sum([0]).scaled(by: 1 / Double(anchors.count))
            value = LossValue(mean, named: "batchHardTriplet")
        }
        let count = try input.embeddings.constant([Float(anchors.count)], shape: [])
        value.parts.append(LossPart("batchHardTriplet.anchors", count))
        return value
    }

    private func hardest(_ batch: WholeBatch) throws -> (anchors: [Int], positives: [Int], negatives: [Int]) {
        let products = try batch.products()
        let isOther = try LossOperator.logicalNot(batch.isSameClass)
        let itself = try TorchTensor(Array(0..<batch.count), shape: [batch.count, 1], device: products.device)
        let isMatch = try LossOperator.scatterValue(batch.isSameClass, 1, itself, 0)
        let positives = try farthest(products.scaled(by: -1), where: isMatch)
        let negatives = try farthest(products, where: isOther)
        let anchors = positives.indices.filter { positives[$0] != nil && negatives[$0] != nil }
        return (anchors, anchors.compactMap { positives[$0] }, anchors.compactMap { negatives[$0] })
    }

    /// Of each row the column of the largest element where the mask is true; `nil` where it is true nowhere.
    private func farthest(_ values: TorchTensor, where mask: TorchTensor) throws -> [Int?] {
        let hidden = try LossOperator.maskedFill(values, LossOperator.logicalNot(mask), -Double.infinity)
        let columns = try LossOperator.argmax(hidden, 1).integers()
        let exists = try LossOperator.anyAlong(mask, 1).integers()
        return zip(columns, exists).map { $1 == 0 ? nil : $0 }
    }
}
