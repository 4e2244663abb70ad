/// Which batches of an epoch add their gradients up before weights change.
///
/// Batches come in runs of `accumulation`; weights change after the last of each run, and after the last of the epoch, whose run may
/// be shorter. Each batch's loss is multiplied by one over the length of its run, so that every change of weights follows the mean
/// over its batches, a short run's too, and no gradient is carried into the next epoch.
public struct GradientAccumulation: Sendable, Hashable {
    /// Batches of a run.
    public let accumulation: Int
    /// Batches of the epoch.
    public let batches: Int

    /// Traps where there is less than one batch a run, or less than none in the epoch.
    public init(_ accumulation: Int, batches: Int) {
        precondition(accumulation >= 1 && batches >= 0, "runs of \(accumulation) in an epoch of \(batches) batches")
        self.accumulation = accumulation
        self.batches = batches
    }

    /// How often weights change in the epoch.
    public var steps: Int { (batches + accumulation - 1) / accumulation }

    /// The step, from 0, that a batch counts for.
    public func step(of batch: Int) -> Int { batch / accumulation }

    /// What the loss of a batch is multiplied by before its backward pass.
    public func lossFactor(of batch: Int) -> Double {
        let start = step(of: batch) * accumulation
        return 1 / Double(min(accumulation, batches - start))
    }

    /// Weights change after this batch.
    public func isLastOfStep(_ batch: Int) -> Bool { (batch + 1) % accumulation == 0 || batch + 1 == batches }
}
