import CairnCore
import CairnIndex
import Foundation
import Testing

@testable import Cairn

struct IndexingTests {
    private func index(
        _ fixture: CollectionFixture, _ analyzer: ByteAnalyzer, prune: Bool = false, retry: Bool = false
    ) async throws -> IndexingReport {
        var options = CollectionFixture.options
        options.prune = prune
        options.retryFailures = retry
        return try await fixture.collection().index([fixture.photos], options: options, analyzer: analyzer)
    }

    private func paths(_ fixture: CollectionFixture) throws -> [String: [String]] {
        let snapshot = try fixture.collection().snapshot()
        var paths: [String: [String]] = [:]
        try snapshot.forEachImage { image in
            paths["\(image.id)"] = image.paths.map { String($0.dropFirst(fixture.photos.count + 1)) }
        }
        return paths
    }

    @Test("A folder of files becomes images with records, in the order of the walk")
    func firstRun() async throws {
        let fixture = try CollectionFixture()
        for i in 0..<20 { try fixture.write("photo \(i)", to: "\(i % 3)/\(i)") }
        let analyzer = try ByteAnalyzer()
        let report = try await index(fixture, analyzer)
        #expect(report.added == 20 && report.failures.isEmpty && report.unchanged == 0 && !report.isCancelled)
        #expect(analyzer.calls.all.count == 20)

        let collection = try fixture.collection()
        let snapshot = try collection.snapshot()
        #expect(snapshot.imageCount == 20 && snapshot.extractorDigest == "bytes-1")
        let first = try #require(try snapshot.image(ImageID(1)))
        #expect(first.paths == [fixture.path("0/0")] && first.size == ImageSize(width: 8, height: 7))
        #expect(first.captureTime == Date(timeIntervalSince1970: 7) && first.latitude == 1.5 && first.longitude == nil)
        let record = try #require(try snapshot.record(of: first))
        let bytes = try #require(try record.withUnsafeBytes { Array($0) })
        #expect(bytes == Array("0 otohp".utf8) + [UInt8](repeating: 0xA5, count: 300))
        #expect(try snapshot.imageID(atPath: fixture.path("2/./11")) == ImageID(15))
        #expect(try collection.checkIntegrity(deep: true).isEmpty)
        let statistics = try collection.statistics()
        #expect(statistics.images == 20 && statistics.files == 20 && statistics.segments == 2)
    }

    @Test("A second run reads nothing")
    func secondRun() async throws {
        let fixture = try CollectionFixture()
        for i in 0..<5 { try fixture.write("photo \(i)", to: "\(i)") }
        try fixture.write("bad", to: "bad")
        let analyzer = try ByteAnalyzer()
        _ = try await index(fixture, analyzer)
        let generation = try fixture.collection().generation()
        let report = try await index(fixture, analyzer)
        #expect(report.unchanged == 5 && report.knownFailures == 1 && report.readCount == 0)
        #expect(analyzer.calls.all.count == 6)
        #expect(try fixture.collection().generation() == generation)
    }

    @Test("The same content is analysed once, whichever of its files is read first, and belongs to the first path")
    func duplicates() async throws {
        let fixture = try CollectionFixture()
        for i in 0..<40 { try fixture.write("photo \(i % 4)", to: String(UnicodeScalar(UInt8(65 + i)))) }
        try fixture.write("bad", to: "x1")
        try fixture.write("bad", to: "x2")
        let analyzer = try ByteAnalyzer()
        let report = try await index(fixture, analyzer)
        #expect(report.added == 4 && report.duplicates == 36)
        #expect(report.failures.map(\.reason) == ["not an image at all", "not an image at all"])
        #expect(analyzer.calls.all.sorted() == ["bad", "photo 0", "photo 1", "photo 2", "photo 3"])
        let found = try paths(fixture)
        #expect(found.count == 4 && found["1"]?.first == "A" && found["4"]?.first == "D")
    }

    @Test("A moved file keeps its features, and its old path is dropped")
    func moved() async throws {
        let fixture = try CollectionFixture()
        try fixture.write("one", to: "a")
        try fixture.write("two", to: "b")
        let analyzer = try ByteAnalyzer()
        _ = try await index(fixture, analyzer)
        try fixture.move("a", to: "z")
        let report = try await index(fixture, analyzer)
        #expect(report.moved == 1 && report.unchanged == 1 && analyzer.calls.all.count == 2)
        #expect(try paths(fixture) == ["1": ["z"], "2": ["b"]])
    }

    @Test("Two files that swap names keep their features")
    func swapped() async throws {
        let fixture = try CollectionFixture()
        try fixture.write("one", to: "a")
        try fixture.write("two and more", to: "b")
        let analyzer = try ByteAnalyzer()
        _ = try await index(fixture, analyzer)
        try fixture.move("a", to: "c")
        try fixture.move("b", to: "a")
        try fixture.move("c", to: "b")
        let report = try await index(fixture, analyzer)
        #expect(report.changed == 2 && analyzer.calls.all.count == 2)
        #expect(try paths(fixture) == ["1": ["b"], "2": ["a"]])
    }

    @Test("A changed file is analysed again; a touched one is not")
    func changed() async throws {
        let fixture = try CollectionFixture()
        try fixture.write("one", to: "a")
        try fixture.write("two", to: "b")
        let analyzer = try ByteAnalyzer()
        _ = try await index(fixture, analyzer)
        try fixture.write("three", to: "a")
        try fixture.write("two", to: "b")
        let report = try await index(fixture, analyzer)
        #expect(report.changed == 1 && report.unchanged == 1)
        #expect(analyzer.calls.all.sorted() == ["one", "three", "two"])
        #expect(try paths(fixture) == ["2": ["b"], "3": ["a"]])
        #expect(try fixture.collection().checkIntegrity(deep: true).isEmpty)
    }

    @Test("A failure is reported once, and tried again after a change or on request")
    func failures() async throws {
        let fixture = try CollectionFixture()
        try fixture.write("bad 1", to: "a")
        try fixture.write("good", to: "b")
        let analyzer = try ByteAnalyzer()
        let first = try await index(fixture, analyzer)
        #expect(first.failures == [.init(path: fixture.path("a"), kind: .invalidInput, reason: "not an image at all")])
        #expect(try await index(fixture, analyzer).failures.isEmpty)
        #expect(try await index(fixture, analyzer, retry: true).failures.count == 1)
        #expect(try fixture.collection().failures().count == 1)
        try fixture.write("fixed", to: "a")
        try fixture.write("bad now", to: "b")
        let last = try await index(fixture, analyzer)
        #expect(last.added == 1 && last.failures.map(\.path) == [fixture.path("b")])
        #expect(try paths(fixture) == ["2": ["a"]])
    }

    @Test("Files that are gone stay until pruned, and then their images go with them")
    func pruning() async throws {
        let fixture = try CollectionFixture()
        for name in ["a", "b", "c/d", "c/e"] { try fixture.write("photo " + name, to: name) }
        try fixture.write("bad", to: "c/bad")
        let analyzer = try ByteAnalyzer()
        _ = try await index(fixture, analyzer)
        try fixture.delete("a")
        try fixture.delete("c")
        #expect(try await index(fixture, analyzer).unchanged == 1)
        #expect(try paths(fixture).count == 4)
        let report = try await index(fixture, analyzer, prune: true)
        #expect(report.removed == 3)
        #expect(try paths(fixture) == ["2": ["b"]])
        #expect(try fixture.collection().failures().isEmpty)
        #expect(try fixture.collection().checkIntegrity(deep: true).isEmpty)
    }

    @Test("A path that does not exist is named, unless it is pruned")
    func missingRoot() async throws {
        let fixture = try CollectionFixture()
        try fixture.write("one", to: "folder/a")
        let collection = try fixture.collection()
        let analyzer = try ByteAnalyzer()
        _ = try await collection.index([fixture.photos], analyzer: analyzer)
        try fixture.delete("folder")
        let gone = fixture.path("folder")
        let error = await #expect(throws: CollectionError.self) {
            _ = try await collection.index([gone], analyzer: analyzer)
        }
        #expect(error?.kind == .notFound && error?.message.contains(gone) == true)
        let report = try await collection.index([gone], options: .init(prune: true), analyzer: analyzer)
        #expect(report.removed == 1)
    }

    @Test("Cancelling keeps what is complete, and the next run does the rest")
    func cancelling() async throws {
        let fixture = try CollectionFixture()
        for i in 0..<60 { try fixture.write("photo \(i)", to: "\(100 + i)") }
        var analyzer = try ByteAnalyzer()
        analyzer.delay = .milliseconds(5)
        let collection = try fixture.collection()
        let slow = analyzer
        let task = Task {
            try await collection.index([fixture.photos], options: CollectionFixture.options, analyzer: slow)
        }
        while analyzer.calls.all.count < 10 { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        let report = try await task.value
        #expect(report.isCancelled && report.added >= 5 && report.added < 60)
        #expect(try collection.snapshot().imageCount == report.added)
        let rest = try await collection.index([fixture.photos], options: CollectionFixture.options, analyzer: analyzer)
        #expect(rest.unchanged == report.added && rest.added == 60 - report.added && !rest.isCancelled)
        let expected = (0..<60).map { ("\($0 + 1)", ["\(100 + $0)"]) }
        #expect(try paths(fixture) == Dictionary(uniqueKeysWithValues: expected))
    }

    @Test("Progress ends with everything done")
    func progress() async throws {
        let fixture = try CollectionFixture()
        for i in 0..<12 { try fixture.write(i == 3 ? "bad" : "photo \(i)", to: "\(i)") }
        let seen = CallLog()
        _ = try await fixture.collection().index([fixture.photos], analyzer: try ByteAnalyzer()) {
            seen.append("\($0.done)/\($0.total ?? -1) \($0.failed)")
        }
        #expect(seen.all.last == "12/12 1")
    }

    @Test("A file over the size limit is reported without being read")
    func tooLarge() async throws {
        let fixture = try CollectionFixture()
        try fixture.write(String(repeating: "x", count: 2000), to: "large")
        try fixture.write("small", to: "small")
        let analyzer = try ByteAnalyzer()
        let report = try await fixture.collection().index(
            [fixture.photos], options: .init(maximumFileSize: 1000), analyzer: analyzer)
        #expect(report.added == 1 && report.failures.map(\.kind) == [.limitExceeded])
        #expect(analyzer.calls.all == ["small"])
    }
}
