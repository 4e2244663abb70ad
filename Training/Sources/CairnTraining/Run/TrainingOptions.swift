import CairnTorch

/// What a run is told beside its recipe. `weights` and `startsFromScratch` change what a run computes, `device` and `threads` its
/// rounding, the rest nothing.
public struct TrainingOptions: Codable, Sendable, Hashable {
    /// Where operators run.
    public enum Device: String, Codable, Sendable, Hashable, CaseIterable {
        /// A CUDA device where there is one, else the processor.
        case automatic = "auto"
        /// The processor.
        case cpu
        /// A CUDA device, of several processes each its own.
        case cuda
    }

    /// The folder of photos.
    public var data: String
    /// Where operators run; automatic.
    public var device = Device.automatic
    /// Checkpoints that models begin with, by the recipe's names of models.
    public var weights: [String: String] = [:]
    /// Models without a checkpoint begin with random numbers, whatever the recipe says; no.
    public var startsFromScratch = false
    /// The models that are trained; all of the recipe where it is empty.
    public var models: [String] = []
    /// Threads of an operator on the processor; nil for all cores, shared by the processes of a machine.
    public var threads: Int?
    /// Threads that load photos; 2.
    public var workers = 2
    /// Minutes between two checkpoints within an epoch; 10. There is one after each epoch in any case.
    public var checkpointMinutes = 10.0
    /// Steps between two lines of the log; 10.
    public var logEvery = 10
    /// Changes of the weights after which this process stops as if it were interrupted; nil for none.
    public var stopAfter: Int?

    /// The defaults.
    public init(data: String) { self.data = data }
}
