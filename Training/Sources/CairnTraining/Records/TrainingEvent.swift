/// What a run writes down: a line of its log each.
///
/// As JSON an event is one flat object whose `event` names its kind, beside the fields of its record. Numbers that are not finite
/// are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, as strict JSON has no such numbers and a run that diverged must be
/// readable to the end.
public enum TrainingEvent: Codable, Sendable, Hashable {
    /// The first line.
    case runStarted(RunRecord)
    /// A stage begins.
    case stageStarted(StageRecord)
    /// Weights were changed once.
    case step(StepRecord)
    /// All photos of an epoch were seen, and the model was validated where that was due.
    case epoch(EpochRecord)
    /// Something worth knowing: what was mined, say.
    case note(NoteRecord)
    /// Something that was left out or went wrong without ending the run: an unreadable photo, say.
    case warning(NoteRecord)
    /// The run can be taken up from here.
    case checkpoint(CheckpointRecord)
    /// The run ended before its time.
    case stopped(StopRecord)
    /// The run is complete.
    case finished(FinishRecord)

    private enum Kind: String, Codable {
        case runStarted, stageStarted, step, epoch, note, warning, checkpoint, stopped, finished
    }

    private enum CodingKeys: String, CodingKey { case event }

    /// Reads the record that the kind names.
    public init(from decoder: any Decoder) throws {
        let kind = try decoder.container(keyedBy: CodingKeys.self).decode(Kind.self, forKey: .event)
        self =
            switch kind {
            case .runStarted: .runStarted(try RunRecord(from: decoder))
            case .stageStarted: .stageStarted(try StageRecord(from: decoder))
            case .step: .step(try StepRecord(from: decoder))
            case .epoch: .epoch(try EpochRecord(from: decoder))
            case .note: .note(try NoteRecord(from: decoder))
            case .warning: .warning(try NoteRecord(from: decoder))
            case .checkpoint: .checkpoint(try CheckpointRecord(from: decoder))
            case .stopped: .stopped(try StopRecord(from: decoder))
            case .finished: .finished(try FinishRecord(from: decoder))
            }
    }

    /// Writes the record's fields and the kind into one object.
    public func encode(to encoder: any Encoder) throws {
        let (kind, record): (Kind, any Encodable) =
            switch self {
            case .runStarted(let record): (.runStarted, record)
            case .stageStarted(let record): (.stageStarted, record)
            case .step(let record): (.step, record)
            case .epoch(let record): (.epoch, record)
            case .note(let record): (.note, record)
            case .warning(let record): (.warning, record)
            case .checkpoint(let record): (.checkpoint, record)
            case .stopped(let record): (.stopped, record)
            case .finished(let record): (.finished, record)
            }
        try record.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .event)
    }
}

extension TrainingEvent {
    /// The event without what differs between equal runs: times, rates and memory are 0 or `nil`. A resumed run's events are
    /// those of an uninterrupted one, compared so.
    public var withoutTimes: TrainingEvent {
        switch self {
        case .runStarted(var record):
            record.date = ""
            return .runStarted(record)
        case .step(var record):
            (record.seconds, record.imagesPerSecond) = (0, 0)
            return .step(record)
        case .epoch(var record):
            (record.seconds, record.imagesPerSecond) = (0, 0)
            (record.miningSeconds, record.validationSeconds) = (0, 0)
            record.peakResidentBytes = nil
            return .epoch(record)
        case .finished(var record):
            record.seconds = 0
            return .finished(record)
        case .stopped(var record):
            record.seconds = 0
            return .stopped(record)
        case .stageStarted, .note, .warning, .checkpoint: return self
        }
    }
}
