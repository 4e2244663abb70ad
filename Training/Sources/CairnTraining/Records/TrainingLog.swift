import CairnCore
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The log of a run: a file of JSON lines, one event each, only ever appended to.
///
/// A line is handed to the system in one piece before `append` returns, so that a killed process loses at most the line under
/// way; a checkpoint's line is also brought to the disk. One process writes a log.
///
/// ```swift
/// let log = try TrainingLog(creating: folder + "/log.jsonl")
/// try log.append(.step(step))
/// try TrainingReport(events: log.events).write(to: folder + "/report.html")
/// ```
public final class TrainingLog: Sendable {
    /// Where the file is.
    public let path: String

    private struct State: ~Copyable {
        let file: FileHandle
        var events: [TrainingEvent]
    }

    private let state: Mutex<State>

    private init(path: String, events: [TrainingEvent], isNew: Bool) throws {
        self.path = path
        let flags = O_WRONLY | O_APPEND | O_CLOEXEC | (isNew ? O_CREAT | O_EXCL : 0)
        let descriptor = open(path, flags, 0o644)
        guard descriptor >= 0 else { throw Self.failure(errno, path) }
        state = Mutex(State(file: FileHandle(fileDescriptor: descriptor, closeOnDealloc: true), events: events))
    }

    /// Begins a log. Throws `TrainingError`: `conflict` where there is a file, else what the system says.
    public convenience init(creating path: String) throws { try self.init(path: path, events: [], isNew: true) }

    /// Goes on with a log from a checkpoint: what was written after it is cut off, as it will happen again.
    ///
    /// Events up to the checkpoint's own stay. Where that line is missing, because the process ended between the checkpoint and
    /// its line, events of later steps and stages are cut and the line is added. A torn last line is dropped. The file is
    /// rewritten beside the old one and takes its place at once.
    ///
    /// - Throws: `TrainingError`: `notFound` without a log, `corrupted` with the line that cannot be read.
    public convenience init(resuming path: String, from checkpoint: CheckpointRecord) throws {
        let read = try Self.read(path)
        let kept = Self.cut(read, after: checkpoint)
        try Self.rewrite(kept, at: path)
        try self.init(path: path, events: kept, isNew: false)
    }

    /// All events so far, those of before a resumption included.
    public var events: [TrainingEvent] { state.withLock { $0.events } }

    /// Writes an event. Throws `TrainingError`: `resourceExhausted` on a full disk, else `failure`; part of a line may then have
    /// been written, which a resumption drops.
    public func append(_ event: TrainingEvent) throws {
        let line = try Self.line(event)
        try state.withLock { state in
            do {
                try state.file.write(contentsOf: line)
                if case .checkpoint = event { try state.file.synchronize() }
            } catch {
                throw Self.failure(Self.code(of: error), path)
            }
            state.events.append(event)
        }
    }

    /// The events of a log. A last line without an end is what a killed process leaves and is dropped.
    ///
    /// - Throws: `TrainingError`: `notFound`, or `corrupted` with file, line and reason.
    public static func read(_ path: String) throws -> [TrainingEvent] {
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw TrainingError(.notFound, "there is no log \(path) that can be read", cause: error)
        }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        var events: [TrainingEvent] = []
        var (start, line) = (data.startIndex, 1)
        while let end = data[start...].firstIndex(of: UInt8(ascii: "\n")) {
            do { events.append(try decoder.decode(TrainingEvent.self, from: data[start..<end])) } catch {
                throw TrainingError(
                    .corrupted,
                    "\(path):\(line): \(reason(error)); the run's log was damaged: take the line out to go on without it"
                )
            }
            start = end + 1
            line += 1
        }
        return events
    }

    /// An event as its line, with the line's end. Keys are sorted, so that equal events are equal bytes.
    static func line(_ event: TrainingEvent) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return try encoder.encode(event) + Data("\n".utf8)
    }

    /// What of a log stands before a checkpoint, and the checkpoint's line.
    static func cut(_ events: [TrainingEvent], after checkpoint: CheckpointRecord) -> [TrainingEvent] {
        let own = events.lastIndex {
            if case .checkpoint(let record) = $0 { record.isOfSameState(as: checkpoint) } else { false }
        }
        if let own { return Array(events[...own]) }
        let place = Place(.checkpoint(checkpoint))
        let end = events.firstIndex { Place($0) > place } ?? events.endIndex
        return events[..<end] + [.checkpoint(checkpoint)]
    }

    private static func rewrite(_ events: [TrainingEvent], at path: String) throws {
        let beside = path + ".new"
        do {
            try events.reduce(into: Data()) { $0 += try line($1) }.write(to: URL(fileURLWithPath: beside))
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: beside))
            try file.synchronize()
            try file.close()
        } catch {
            unlink(beside)
            throw failure(code(of: error), path)
        }
        guard rename(beside, path) == 0 else { throw failure(errno, path) }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "“\(key.stringValue)” is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "“\(context.codingPath.map(\.stringValue).joined(separator: "."))” has the wrong type"
        case DecodingError.dataCorrupted(let context) where context.codingPath.last?.stringValue == "event":
            "an event of this kind is unknown"
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            "“\(context.codingPath.map(\.stringValue).joined(separator: "."))” cannot be read"
        default: "this is no event"
        }
    }

    /// The system's own number for an error of Foundation's; 0 where there is none.
    private static func code(of error: any Error) -> Int32 {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        return Int32(truncatingIfNeeded: underlying?.code ?? 0)
    }

    private static func failure(_ code: Int32, _ path: String) -> TrainingError {
        switch code {
        case EEXIST:
            TrainingError(.conflict, "\(path) is there already: go on with its run, or name another folder")
        case ENOENT: TrainingError(.notFound, "\(path) cannot be written: make its folder first")
        case ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE:
            TrainingError(.resourceExhausted, "\(path) cannot be written: \(String(cString: strerror(code)))")
        default:
            TrainingError(
                .failure,
                "\(path) cannot be written: \(code == 0 ? "check the disk" : String(cString: strerror(code)))")
        }
    }
}

/// Where in a run an event belongs: by stage, step, and what follows what at one step.
private struct Place: Comparable {
    let stage: Int
    let step: Int
    let order: Int

    init(_ event: TrainingEvent) {
        (stage, step, order) =
            switch event {
            case .runStarted: (-1, 0, 0)
            case .stageStarted(let record): (record.stage, record.globalStep, 0)
            case .step(let record): (record.stage, record.globalStep, 1)
            case .note(let record), .warning(let record): (record.stage, record.globalStep, 1)
            case .checkpoint(let record): (record.stage, record.globalStep, record.isEpochEnd ? 2 : 1)
            case .epoch(let record): (record.stage, record.globalStep, 2)
            case .stopped, .finished: (Int.max, Int.max, 0)
            }
    }

    static func < (first: Place, second: Place) -> Bool {
        (first.stage, first.step, first.order) < (second.stage, second.step, second.order)
    }
}
