/// A state that was written, from which the run can go on.
public struct CheckpointRecord: Codable, Sendable, Hashable {
    /// The stage's number, from 0.
    public var stage: Int
    /// The epoch within the stage, from 1.
    public var epoch: Int
    /// Steps of the run that are done.
    public var globalStep: Int
    /// Whether the epoch is over: its `epoch` event stands before this one.
    public var isEpochEnd: Bool
    /// Whether it is the best so far by the run's figure.
    public var isBest: Bool
    /// Its file's name within the run's folder.
    public var file: String

    /// Makes a record.
    public init(stage: Int, epoch: Int, globalStep: Int, isEpochEnd: Bool, isBest: Bool = false, file: String) {
        self.stage = stage
        self.epoch = epoch
        self.globalStep = globalStep
        self.isEpochEnd = isEpochEnd
        self.isBest = isBest
        self.file = file
    }

    /// Whether both are of the same state of the run.
    func isOfSameState(as other: CheckpointRecord) -> Bool {
        stage == other.stage && epoch == other.epoch && globalStep == other.globalStep
            && isEpochEnd == other.isEpochEnd
    }
}

/// Something said while a run goes on.
public struct NoteRecord: Codable, Sendable, Hashable {
    /// The stage's number, from 0.
    public var stage: Int
    /// Steps of the run that were done.
    public var globalStep: Int
    /// What there is to say.
    public var message: String

    /// Makes a record.
    public init(stage: Int, globalStep: Int, message: String) {
        self.stage = stage
        self.globalStep = globalStep
        self.message = message
    }
}

/// Why a run ended before its time.
public struct StopRecord: Codable, Sendable, Hashable {
    /// Steps of the run that are done.
    public var globalStep: Int
    /// What ended it: “interrupted”, “the loss is NaN”.
    public var reason: String
    /// Seconds since the run began, without pauses.
    public var seconds: Double

    /// Makes a record.
    public init(globalStep: Int, reason: String, seconds: Double) {
        self.globalStep = globalStep
        self.reason = reason
        self.seconds = seconds
    }
}

/// The end of a run that is complete.
public struct FinishRecord: Codable, Sendable, Hashable {
    /// Steps of the run.
    public var globalStep: Int
    /// Seconds since the run began, without pauses.
    public var seconds: Double

    /// Makes a record.
    public init(globalStep: Int, seconds: Double) {
        self.globalStep = globalStep
        self.seconds = seconds
    }
}
