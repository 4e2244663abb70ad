import CairnCore
import CairnIndex
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Cairn

struct ImageCollectionTests {
    private func indexed(_ count: Int, _ fixture: CollectionFixture) async throws -> ImageCollection {
        for i in 0..<count { try fixture.write("photo \(i)", to: "\(i % 2)/\(100 + i)") }
        let collection = try fixture.collection()
        _ = try await collection.index([fixture.photos], options: CollectionFixture.options, analyzer: ByteAnalyzer())
        return collection
    }

    @Test("What is not a collection is refused in plain words")
    func refusing() throws {
        let fixture = try CollectionFixture()
        let nothing = #expect(throws: CollectionError.self) { try ImageCollection.open(at: fixture.store) }
        #expect(nothing?.kind == .notFound && nothing?.message.contains(fixture.store) == true)
        let folder = #expect(throws: CollectionError.self) { try ImageCollection.open(at: fixture.photos) }
        #expect(folder?.kind == .notFound)
        try fixture.write("x", to: "file")
        let file = #expect(throws: CollectionError.self) { try ImageCollection.openOrCreate(at: fixture.path("file")) }
        #expect(file?.kind == .invalidArgument)
        let photos = #expect(throws: CollectionError.self) { try ImageCollection.openOrCreate(at: fixture.photos) }
        #expect(photos?.kind == .invalidArgument && photos?.message.contains("file") == true)
        try fixture.write("not a database, though long enough to be looked at as one", to: "c/collection.sqlite")
        let junk = #expect(throws: CollectionError.self) { try ImageCollection.open(at: fixture.path("c")) }
        #expect(junk?.kind == .corrupted)
    }

    @Test("A collection written by a newer version is refused")
    func newerVersion() throws {
        let fixture = try CollectionFixture()
        _ = try fixture.collection()
        let database = try DatabaseQueue(path: fixture.store + "/collection.sqlite")
        try database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2 from the future')") }
        for open in [ImageCollection.open(at:), ImageCollection.openOrCreate(at:)] {
            let error = #expect(throws: CollectionError.self) { try open(fixture.store) }
            #expect(error?.kind == .unsupported && error?.message.contains("newer") == true)
        }
    }

    @Test("Another extractor's records are never mixed in")
    func otherExtractor() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(3, fixture)
        try fixture.write("more", to: "more")
        let other = try ByteAnalyzer(digest: "bytes-2")
        let error = await #expect(throws: CollectionError.self) {
            try await collection.index([fixture.photos], analyzer: other)
        }
        #expect(error?.kind == .unsupported && error?.message.contains("bytes-2") == true)
        #expect(try collection.snapshot().imageCount == 3 && other.calls.all.isEmpty)
    }

    @Test("A second writer is told who is writing")
    func secondWriter() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(3, fixture)
        let writer = try CollectionWriter(layout: collection.layout)
        let error = await #expect(throws: CollectionError.self) { try await collection.remove([fixture.path("0")]) }
        #expect(error?.kind == .conflict && error?.message.contains("process \(getpid())") == true)
        _ = try await writer.hasFiles(below: "/")
    }

    @Test("Removing takes effect at once, wipes the features, and names a path that is unknown")
    func removal() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(12, fixture)
        let before = try collection.snapshot()
        let image = try #require(try before.image(ImageID(1)))
        let record = try #require(try before.record(of: image))
        #expect(try record.withUnsafeBytes { $0.count } == record.count)

        let error = await #expect(throws: CollectionError.self) {
            try await collection.remove([fixture.path("0"), "/no/such"])
        }
        #expect(error?.kind == .notFound && error?.message.contains("/no/such") == true)
        #expect(try collection.snapshot().imageCount == 12)

        let report = try await collection.remove([fixture.path("0")])
        #expect(report == RemovalReport(files: 6, images: 6))
        let after = try collection.snapshot()
        #expect(after.imageCount == 6)
        var left: [ImageID] = []
        try after.forEachImage { left.append($0.id) }
        #expect(left.map(\.rawValue) == [7, 8, 9, 10, 11, 12])
        let live = after.invertedFiles.flatMap { file in file.images.filter { !after.removed.contains($0) } }.sorted()
        #expect(live == left)
        #expect(try record.withUnsafeBytes { $0.count } == nil)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.store + "/segments/features-000001.cairn"))
        #expect(bytes.range(of: Data(String("photo 0".reversed()).utf8)) == nil)
        #expect(bytes.range(of: Data(String("photo 1".reversed()).utf8)) != nil)
        #expect(try collection.checkIntegrity(deep: true).isEmpty)
        #expect(try before.images([ImageID(1)]).count == 1, "an older snapshot stays as it was")
    }

    @Test("An image goes only with its last file")
    func sharedContent() async throws {
        let fixture = try CollectionFixture()
        try fixture.write("same", to: "a")
        try fixture.write("same", to: "b")
        let collection = try fixture.collection()
        _ = try await collection.index([fixture.photos], analyzer: ByteAnalyzer())
        #expect(try await collection.remove([fixture.path("a")]) == RemovalReport(files: 1, images: 0))
        #expect(try collection.snapshot().image(ImageID(1))?.paths == [fixture.path("b")])
        #expect(try await collection.remove([fixture.path("b")]) == RemovalReport(files: 1, images: 1))
        #expect(try collection.snapshot().imageCount == 0)
        _ = try await collection.index([fixture.photos], analyzer: ByteAnalyzer())
        #expect(try collection.snapshot().image(ImageID(2))?.paths.count == 2, "numbers are not used again")
    }

    @Test("Readers see whole states while a writer adds, merges and deletes", .timeLimit(.minutes(5)))
    func readersBesideWriter() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(30, fixture)
        let done = Flag()
        async let reading: Int = Task.detached {
            let reader = try ImageCollection.open(at: fixture.store)
            var checks = 0
            while !done.isSet {
                let snapshot = try reader.snapshot()
                var count = 0
                try snapshot.forEachImage { _ in count += 1 }
                #expect(count == snapshot.imageCount)
                let live = snapshot.invertedFiles.reduce(0) { sum, file in
                    sum + file.images.filter { !snapshot.removed.contains($0) }.count
                }
                #expect(live == count)
                try snapshot.forEachImage { image in
                    guard let bytes = try snapshot.record(of: image)?.withUnsafeBytes({ Array($0) }) else { return }
                    #expect(bytes.count == image.keypointCount + 300 && bytes.last == 0xA5)
                }
                checks += 1
                await Task.yield()
            }
            return checks
        }.value
        // Whatever happens below, the reader must come to an end.
        defer { done.set() }
        for round in 0..<6 {
            for i in 0..<9 { try fixture.write("round \(round) photo \(i)", to: "r\(round)/\(i)") }
            _ = try await collection.index(
                [fixture.photos], options: CollectionFixture.options, analyzer: ByteAnalyzer())
            try await collection.remove([fixture.path("r\(round)/3"), fixture.path("r\(round)/4")])
        }
        done.set()
        #expect(try await reading > 0)
        #expect(try collection.checkIntegrity(deep: true).isEmpty)
    }

    @Test("A collection whose maker was stopped before the first migration is made anew")
    func stoppedBeforeMigration() async throws {
        let fixture = try CollectionFixture()
        try FileManager.default.createDirectory(atPath: fixture.store, withIntermediateDirectories: true)
        let database = try DatabaseQueue(path: fixture.store + "/collection.sqlite")
        try await database.write {
            try $0.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        }
        try database.close()
        #expect(throws: CollectionError.self) { try ImageCollection.open(at: fixture.store) }
        let collection = try await indexed(3, fixture)
        #expect(try collection.snapshot().imageCount == 3)
    }

    @Test("Damage is found and named")
    func damage() async throws {
        let fixture = try CollectionFixture()
        var collection = try await indexed(12, fixture)
        let image = try #require(try collection.snapshot().image(ImageID(5)))
        let segment = fixture.store + "/segments/features-000001.cairn"
        let file = try PosixFile(path: segment, flags: O_RDWR)
        let location = try #require(image.location)
        let position = location.offset + 40
        let old = try file.read(count: 1, at: position)
        try [old[0] ^ 4].withUnsafeBytes { try file.write($0, at: position) }
        #expect(try collection.checkIntegrity().isEmpty, "the quick check does not read records")
        let found = try collection.checkIntegrity(deep: true)
        #expect(found.count == 1 && found.first?.subject.hasPrefix("image 5 ") == true)
        try old.withUnsafeBytes { try file.write($0, at: position) }
        #expect(try collection.checkIntegrity(deep: true).isEmpty)

        try file.resize(to: location.offset)
        collection = try ImageCollection.open(at: fixture.store)
        #expect(try collection.checkIntegrity().contains { $0.subject == segment })
        let error = #expect(throws: CollectionError.self) {
            let snapshot = try collection.snapshot()
            _ = try snapshot.record(of: image)?.withUnsafeBytes { $0.count }
        }
        #expect(error?.kind == .corrupted)
        let writing = await #expect(throws: CollectionError.self) { try await collection.remove([fixture.path("0")]) }
        #expect(writing?.kind == .corrupted)
    }

    @Test("A damaged inverted file is found")
    func damagedInvertedFile() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(3, fixture)
        let path = try #require(try collection.snapshot().invertedFiles.first?.path)
        let file = try PosixFile(path: path, flags: O_RDWR)
        let last = Int64(try file.status().st_size) - 1
        let old = try file.read(count: 1, at: last)
        try [old[0] ^ 1].withUnsafeBytes { try file.write($0, at: last) }
        #expect(try collection.checkIntegrity(deep: true).map(\.subject) == [path])
    }

    @Test(
        "On a full disk indexing fails clearly, and the collection still opens and goes on",
        .enabled(if: SmallDisk.isAvailable))
    func fullDisk() async throws {
        let disk = try SmallDisk(bytes: 400 << 10)
        let fixture = try CollectionFixture()
        for i in 0..<400 { try fixture.write(String(repeating: "photo \(i) ", count: 300), to: "\(1000 + i)") }
        let store = disk.path + "/store"
        let collection = try ImageCollection.openOrCreate(at: store)
        var kind: ErrorKind?
        do {
            _ = try await collection.index(
                [fixture.photos], options: .init(threads: 2, batchSize: 8), analyzer: ByteAnalyzer())
        } catch let error as any CairnError {
            kind = error.kind
        }
        #expect(kind == .resourceExhausted)
        let again = try ImageCollection.open(at: store)
        let count = try again.snapshot().imageCount
        #expect(count > 0 && count < 400)
        #expect(try again.checkIntegrity(deep: true).isEmpty)
        try disk.grow(to: 16 << 20)
        let report = try await again.index([fixture.photos], analyzer: ByteAnalyzer())
        #expect(report.unchanged == count && report.added == 400 - count)
        #expect(try again.checkIntegrity(deep: true).isEmpty)
    }

    private final class Flag: Sendable {
        private let value = Mutex(false)
        var isSet: Bool { value.withLock { $0 } }
        func set() { value.withLock { $0 = true } }
    }
}

/// A file system in memory that fills up soon; only root can make one.
final class SmallDisk {
    let path = FilePaths.standardized(NSTemporaryDirectory()) + "/cairn-disk-\(UUID().uuidString)"

    static let isAvailable: Bool = (try? SmallDisk(bytes: 64 << 10)) != nil

    struct Unavailable: Error {}

    init(bytes: Int) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
            rmdir(path)
            throw Unavailable()
        }
    }

    func grow(to bytes: Int) throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=\(bytes)") == 0 else { throw Unavailable() }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }
}
