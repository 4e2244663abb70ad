import CairnCore
import CairnFeatures
import CairnIndex
import Foundation
import Testing

@testable import Cairn

/// Stops the writer at every place where the machine may stop, then runs again and compares with an uninterrupted run.
struct CrashTests {
    private struct Stop: Error {}

    /// Photos in two states, so that a run adds, changes, moves, drops and fails.
    private static func prepare(_ fixture: CollectionFixture) throws {
        for i in 0..<16 { try fixture.write("photo \(i) with words", to: "\(100 + i)") }
        try fixture.write("photo 3 with words", to: "copy")
        try fixture.write("bad one", to: "109x")
    }

    private static func change(_ fixture: CollectionFixture) throws {
        for i in 0..<5 { try fixture.write("another photo \(i)", to: "\(100 + i)") }
        for i in 5..<9 { try fixture.delete("\(100 + i)") }
        try fixture.move("110", to: "099")
        try fixture.write("fixed", to: "109x")
        try fixture.write("bad now", to: "111")
        for i in 0..<6 { try fixture.write("new photo \(i)", to: "new/\(i)") }
    }

    @discardableResult
    private static func run(
        _ fixture: CollectionFixture, kinds: Set<FeatureKind> = Set(FeatureKind.allCases), fault: FaultHook? = nil
    ) async throws -> IndexingReport {
        var options = CollectionFixture.options
        options.prune = true
        return try await fixture.collection(fault: fault).index(
            [fixture.photos], options: options, analyzer: try ByteAnalyzer(kinds: kinds))
    }

    private static func content(_ fixture: CollectionFixture) throws -> CollectionContent {
        try CollectionContent(fixture.collection(), relativeTo: fixture.root)
    }

    /// The content after a run in each state, nothing stopped.
    private static let uninterrupted = Task { () -> (CollectionContent, CollectionContent) in
        let fixture = try CollectionFixture()
        try prepare(fixture)
        try await run(fixture)
        let first = try content(fixture)
        try change(fixture)
        try await run(fixture)
        return (first, try content(fixture))
    }

    @Test("After an error at any step, a second run ends where one run would have", arguments: FaultPoint.allCases)
    func errors(point: FaultPoint) async throws {
        let (first, second) = try await Self.uninterrupted.value
        #expect(first.images.count == 16 && first.findings.isEmpty)
        #expect(
            second.images.count == 19 && second.findings.isEmpty && second.indexed == 19 && second.scores.count > 10
                && second.similarities.count == 19)
        var stopped = 0
        for occurrence in [1, 3] {
            let fixture = try CollectionFixture()
            let hook: @Sendable () -> FaultHook = {
                let seen = CallLog()
                return { found in
                    guard found == point else { return }
                    seen.append(found.rawValue)
                    if seen.all.count == occurrence { throw Stop() }
                }
            }
            try Self.prepare(fixture)
            do { try await Self.run(fixture, fault: hook()) } catch is Stop { stopped += 1 }
            try await Self.run(fixture)
            #expect(try Self.content(fixture) == first, "first run, \(point) for the \(occurrence)th time")
            try Self.change(fixture)
            do { try await Self.run(fixture, fault: hook()) } catch is Stop { stopped += 1 }
            try await Self.run(fixture)
            #expect(try Self.content(fixture) == second, "second run, \(point) for the \(occurrence)th time")
        }
        #expect(stopped > 0, "\(point) was never passed")
    }

    @Test(
        "After a kill at any step, a second run ends where one run would have",
        arguments: [
            FaultPoint.lockTaken, .recordAppended, .segmentsSynchronized, .invertedFileWritten,
            .descriptorFileWritten, .beforeCommit,
            .afterCommit,
            .mergeWritten, .mergeCommitted, .orphansCommitted, .recordErased,
        ])
    func kills(point: FaultPoint) async throws {
        let (first, second) = try await Self.uninterrupted.value
        let fixture = try CollectionFixture()
        try Self.prepare(fixture)
        let (root, name) = (fixture.root, point.rawValue)
        if point != .orphansCommitted && point != .recordErased {
            await #expect(processExitsWith: .signal(SIGKILL)) { [root = root as String, name = name as String] in
                try await CrashTests.runAndDie(at: name, root: root)
            }
        }
        try await Self.run(fixture)
        #expect(try Self.content(fixture) == first)
        try Self.change(fixture)
        await #expect(processExitsWith: .signal(SIGKILL)) { [root = root as String, name = name as String] in
            try await CrashTests.runAndDie(at: name, root: root)
        }
        #expect(try fixture.collection().checkIntegrity().isEmpty)
        try await Self.run(fixture)
        #expect(try Self.content(fixture) == second)
    }

    @Test(
        "A collection of global descriptors alone comes back whole too",
        arguments: [
            FaultPoint.descriptorFileWritten, .beforeCommit, .afterCommit, .orphansCommitted, .mergeWritten,
            .mergeCommitted, .mergeFinished,
        ])
    func globalAlone(point: FaultPoint) async throws {
        let expected = try CollectionFixture()
        let fixture = try CollectionFixture()
        for each in [expected, fixture] {
            try Self.prepare(each)
            for occurrence in [1, 2] where each === fixture {
                let seen = CallLog()
                do {
                    try await Self.run(each, kinds: [.global]) { found in
                        guard found == point else { return }
                        seen.append(found.rawValue)
                        if seen.all.count == occurrence { throw Stop() }
                    }
                } catch is Stop {}
            }
            try await Self.run(each, kinds: [.global])
            try Self.change(each)
            if each === fixture {
                do {
                    try await Self.run(each, kinds: [.global]) { if $0 == point { throw Stop() } }
                    Issue.record("\(point) was never passed")
                } catch is Stop {}
            }
            try await Self.run(each, kinds: [.global])
        }
        let (found, wanted) = (try Self.content(fixture), try Self.content(expected))
        #expect(found == wanted)
        #expect(found.similarities.count == 19 && found.scores.isEmpty && found.findings.isEmpty)
        #expect(try fixture.collection().snapshot().imageCount == 19)
    }

    private static func runAndDie(at name: String, root: String) async throws {
        try await run(CollectionFixture(existing: root)) { found in
            if found.rawValue == name { kill(getpid(), SIGKILL) }
        }
    }
}
