import CairnCore
import Foundation
import Testing

@testable import CairnTraining

struct TrainingLogTests {
    /// A file in a folder of its own, which is gone afterwards.
    private static func withFile(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/log-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder + "/log.jsonl")
    }

    private static func step(_ global: Int, loss: Double = 1) -> TrainingEvent {
        .step(
            .init(
                stage: 0, epoch: 1, step: global, globalStep: global, photos: global * 4, loss: loss, learningRate: 0.1,
                imagesPerSecond: 10, seconds: 0.4))
    }

    @Test("What was written is read, event by event")
    func roundTrip() throws {
        try Self.withFile { path in
            let events =
                SyntheticRun.events() + [
                    .note(.init(stage: 1, globalStep: 740, message: "“mined”\n2 lines")),
                    .stopped(.init(globalStep: 740, reason: "interrupted", seconds: 3)),
                ]
            let log = try TrainingLog(creating: path)
            for event in events { try log.append(event) }
            #expect(log.events == events)
            #expect(try TrainingLog.read(path) == events)
            #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == events.count)
        }
    }

    @Test("Each line stands in the file when append returns, as one flat object with its kind")
    func lineByLine() throws {
        try Self.withFile { path in
            let log = try TrainingLog(creating: path)
            try log.append(.finished(.init(globalStep: 3, seconds: 1.5)))
            #expect(
                try String(contentsOfFile: path, encoding: .utf8)
                    == #"{"event":"finished","globalStep":3,"seconds":1.5}"# + "\n")
        }
    }

    @Test("Losses that are no numbers are written as strings in strict JSON, and read again")
    func nonFinite() throws {
        try Self.withFile { path in
            let log = try TrainingLog(creating: path)
            try log.append(Self.step(1, loss: .nan))
            try log.append(Self.step(2, loss: .infinity))
            try log.append(Self.step(3, loss: -.infinity))
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for (line, word) in zip(text.split(separator: "\n"), ["NaN", "Infinity", "-Infinity"]) {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(object?["loss"] as? String == word)
            }
            let losses = try TrainingLog.read(path).map { event -> Double in
                if case .step(let record) = event { record.loss } else { 0 }
            }
            #expect(losses[0].isNaN && losses[1] == .infinity && losses[2] == -.infinity)
        }
    }

    @Test("A log is not begun over another one")
    func existing() throws {
        try Self.withFile { path in
            _ = try TrainingLog(creating: path)
            let error = #expect(throws: TrainingError.self) { try TrainingLog(creating: path) }
            #expect(error?.kind == .conflict)
            let absent = #expect(throws: TrainingError.self) { try TrainingLog.read(path + "x") }
            #expect(absent?.kind == .notFound)
        }
    }

    @Test("A run taken up at a checkpoint writes what an uninterrupted one does, wherever it was killed")
    func resumption() throws {
        let whole = SyntheticRun.events()
        let again = SyntheticRun.events(speed: 0.5)
        let ends = whole.indices.filter { if case .checkpoint = whole[$0] { true } else { false } }
        for (index, end) in ends.enumerated() where [2, 6].contains(index) {
            guard case .checkpoint(let checkpoint) = whole[end] else { continue }
            // Killed just before the checkpoint's line, just after it, within the next epoch, and in the epoch's last line.
            for killed in [end, end + 1, end + 30, ends[index + 1] - 1] {
                try Self.withFile { path in
                    var bytes = try whole[..<killed].reduce(into: Data()) { $0 += try TrainingLog.line($1) }
                    if killed > end + 1 { bytes.removeLast(9) }
                    try bytes.write(to: URL(fileURLWithPath: path))
                    let log = try TrainingLog(resuming: path, from: checkpoint)
                    #expect(log.events == Array(whole[...end]))
                    for event in again[(end + 1)...] { try log.append(event) }
                    #expect(try TrainingLog.read(path).map(\.withoutTimes) == whole.map(\.withoutTimes))
                    #expect(try TrainingLog.read(path) != whole)
                    #expect(!FileManager.default.fileExists(atPath: path + ".new"))
                }
            }
        }
    }

    @Test("A checkpoint within an epoch keeps its own step and nothing of the epoch's end; a stop is cut off")
    func withinEpoch() throws {
        let checkpoint = CheckpointRecord(stage: 0, epoch: 1, globalStep: 2, isEpochEnd: false, file: "last")
        let epoch = TrainingEvent.epoch(
            .init(
                stage: 0, epoch: 1, globalStep: 2, photos: 8, loss: 1, learningRate: 0.1, imagesPerSecond: 1, seconds: 1
            ))
        let stop = TrainingEvent.stopped(.init(globalStep: 2, reason: "interrupted", seconds: 1))
        let start: [TrainingEvent] = [.runStarted(SyntheticRun.run), Self.step(1), Self.step(2)]
        #expect(TrainingLog.cut(start + [epoch], after: checkpoint) == start + [.checkpoint(checkpoint)])
        #expect(TrainingLog.cut(start + [stop], after: checkpoint) == start + [.checkpoint(checkpoint)])
        #expect(
            TrainingLog.cut(start + [.checkpoint(checkpoint), stop], after: checkpoint)
                == start + [.checkpoint(checkpoint)])
    }

    @Test(
        "A damaged line is named with its file, number and reason",
        arguments: [
            ("{\"event\":\"finished\"", "this is no event"),
            ("{\"event\":\"finished\",\"globalStep\":1}", "“seconds” is missing"),
            ("{\"event\":\"finished\",\"globalStep\":1,\"seconds\":\"long\"}", "“seconds” has the wrong type"),
            ("{\"event\":\"finished\",\"globalStep\":\"1\",\"seconds\":1}", "“globalStep” has the wrong type"),
            ("{\"event\":\"party\"}", "an event of this kind is unknown"),
            ("", "this is no event"),
        ])
    func damaged(line: String, reason: String) throws {
        try Self.withFile { path in
            let good = String(decoding: try TrainingLog.line(Self.step(1)), as: UTF8.self)
            try (good + line + "\n" + good).write(toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: TrainingError.self) { try TrainingLog.read(path) }
            #expect(error?.kind == .corrupted)
            #expect(error?.message.contains("\(path):2: \(reason);") == true, "\(error?.message ?? "")")
        }
    }
}
