import CairnTorch

/// What is minimised, as a function of a batch's embeddings.
///
/// Losses compute in 32 bits whatever the network computes in, so they belong outside of `Torch.withAutocast`; inside they throw.
/// Each divides by the number of photos or tuples, so that gradients of several processes are averaged.
public protocol Loss {
    /// The loss of a batch.
    ///
    /// - Throws: `TrainingError` for labels, weights or tuples that do not fit the batch, and `TorchError` of LibTorch.
    func callAsFunction(_ input: LossInput) throws -> LossValue
}

/// What a loss finds.
public struct LossValue {
    /// What is minimised: a scalar, differentiable.
    public var total: TorchTensor
    /// What it is made of, before weights, without gradient; a curve each.
    public var parts: [LossPart]
    /// `[N, C]` without gradient, for accuracy: cosines without a margin, or a linear classifier's outputs. `nil` where nothing is
    /// classified.
    public var logits: TorchTensor?

    /// Wraps the parts.
    public init(total: TorchTensor, parts: [LossPart], logits: TorchTensor? = nil) {
        self.total = total
        self.parts = parts
        self.logits = logits
    }

    /// A loss that is its own only part.
    init(_ total: TorchTensor, named name: String, logits: TorchTensor? = nil) {
        self.init(total: total, parts: [LossPart(name, total.detached())], logits: logits?.detached())
    }
}

/// A number of a loss, by name.
public struct LossPart {
    /// `arcFace`, `attention`; of what is no summand, with a dot: `batchHardTriplet.anchors`.
    public var name: String
    /// A scalar without gradient, on the batch's device; reading it waits for the device.
    public var value: TorchTensor

    /// Wraps both.
    public init(_ name: String, _ value: TorchTensor) {
        self.name = name
        self.value = value
    }
}
