import CairnCore
import CairnFeatures
import CairnIndex
import Foundation
import Synchronization

@testable import Cairn

/// An analyzer that needs no photos: its record, words and global descriptor follow from the file's bytes.
struct ByteAnalyzer: ImageAnalyzer {
    var digest = "bytes-1"
    var kinds = Set(FeatureKind.allCases)
    var indexConfiguration = InvertedIndexConfiguration.asmk
    let words: Vocabulary
    /// Contents that were analysed, in no particular order.
    let calls = CallLog()
    var delay: Duration = .zero

    init(digest: String = "bytes-1", kinds: Set<FeatureKind> = Set(FeatureKind.allCases)) throws {
        self.digest = digest
        self.kinds = kinds
        words = try Vocabulary(words: (0..<16 * 64).map { UInt8($0 * 37 & 255) }, dimensions: 64)
    }

    var extractors: [ExtractorRecord] {
        let local = ExtractorRecord(
            name: "bytes", kind: .local, dimensions: 64, digest: digest, configurationJSON: #"{"kind":"bytes"}"#)
        let global = ExtractorRecord(
            name: "spread", kind: .global, dimensions: 8, digest: digest + "-global", configurationJSON: "{}")
        return [local, global].filter { kinds.contains($0.kind) }
    }

    var vocabulary: Vocabulary? { kinds.contains(.local) ? words : nil }
    var globalDimensions: Int { kinds.contains(.global) ? 8 : 0 }

    /// A unit vector of eight.
    static func descriptor(of content: some Sequence<UInt8>) -> [Float] {
        var sums = [Float](repeating: 0.5, count: 8)
        for (position, byte) in content.enumerated() { sums[position % 8] += Float(byte % 61) }
        let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sums.map { $0 / length }
    }

    func analyze(_ content: Data, path: String) throws -> AnalyzedImage {
        calls.append(String(decoding: content.prefix(40), as: UTF8.self))
        if delay > .zero { usleep(UInt32(delay / .microseconds(1))) }
        if content.starts(with: Data("bad".utf8)) { throw CollectionError(.invalidInput, "not an image at all") }
        let words = Set(content.map { UInt32($0 % 16) }).sorted()
        return AnalyzedImage(
            size: ImageSize(width: content.count + 1, height: 7),
            originalSize: ImageSize(width: content.count + 1, height: 9),
            captureTime: Date(timeIntervalSince1970: Double(content.count)), latitude: 1.5, longitude: nil,
            record: Array(content.reversed()) + [UInt8](repeating: 0xA5, count: 300), keypointCount: content.count,
            signature: ImageSignature(
                words: words, codes: words.flatMap { word in (0..<8).map { UInt8(word * 3 + $0) } }, codeBytes: 8),
            globalDescriptor: kinds.contains(.global) ? Self.descriptor(of: content) : [])
    }
}

/// What an analyzer was asked to do.
final class CallLog: Sendable {
    private let entries = Mutex<[String]>([])
    func append(_ entry: String) { entries.withLock { $0.append(entry) } }
    var all: [String] { entries.withLock { $0 } }
}

/// A folder of its own for a test, with photos and a collection in it; deleted with this object.
final class CollectionFixture: Sendable {
    let root: String
    private let isOwner: Bool
    var photos: String { root + "/photos" }
    var store: String { root + "/store" }

    init() throws {
        root = Self.folder + "/cairn-\(UUID().uuidString)"
        isOwner = true
        try FileManager.default.createDirectory(atPath: root + "/photos", withIntermediateDirectories: true)
    }

    /// In memory where there is such a folder: the tests flush files to the disk thousands of times.
    private static let folder =
        access("/dev/shm", W_OK) == 0 ? "/dev/shm" : FilePaths.standardized(NSTemporaryDirectory())

    /// The folder of another process's fixture, which deletes it.
    init(existing root: String) {
        self.root = root
        isOwner = false
    }

    deinit { if isOwner { try? FileManager.default.removeItem(atPath: root) } }

    func path(_ name: String) -> String { "\(photos)/\(name)" }

    /// Writes a photo; modification times differ between any two calls.
    func write(_ content: String, to name: String) throws {
        let path = path(name)
        try FileManager.default.createDirectory(
            atPath: FilePaths.parent(of: path), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        let seconds = Self.clock.withLock { clock in
            clock += 1
            return clock
        }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Double(seconds))], ofItemAtPath: path)
    }

    func delete(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

    func move(_ name: String, to other: String) throws {
        try FileManager.default.moveItem(atPath: path(name), toPath: path(other))
    }

    /// Small segments and frequent merges, so that few images go through everything.
    static let limits = CollectionWriter.Limits(
        segmentCapacity: 8_000, mergePolicy: MergePolicy(fanOut: 3, removedFraction: 0.2))

    func collection(fault: FaultHook? = nil) throws -> ImageCollection {
        try ImageCollection.openOrCreate(at: store, limits: Self.limits, fault: fault)
    }

    /// Three images a batch.
    static let options = IndexingOptions(threads: 2, batchSize: 3, batchSeconds: 60)

    private static let clock = Mutex(1_000_000_000)
}

/// Everything about a collection that a search could notice, without what depends on how it was written.
struct CollectionContent: Equatable, Sendable {
    var images: [String]
    var failures: [String]
    var scores: [String]
    var similarities: [String]
    var indexed: Int
    var findings: [IntegrityFinding]

    init(_ collection: ImageCollection, relativeTo root: String) throws {
        let snapshot = try collection.snapshot()
        var images: [String] = []
        try snapshot.forEachImage { image in
            let record = try snapshot.record(of: image)?.withUnsafeBytes { Array($0) } ?? []
            images.append(
                "\(image.id) \(image.paths.map { $0.replacing(root, with: "") }) \(image.size) \(image.keypointCount) \(record)"
            )
        }
        self.images = images
        failures = try collection.failures().map { "\($0.path.replacing(root, with: "")) \($0.kind) \($0.reason)" }
        let index = try InvertedIndex(
            files: snapshot.invertedFiles, removed: snapshot.removed, vocabulary: ByteAnalyzer().words)
        let query = (0..<20 * 64).map { UInt8($0 * $0 % 251) }
        scores = index.search(query, limit: 1000).map { "\($0.image) \($0.similarity.rawValue) \($0.matches)" }
        indexed = snapshot.imageCount
        let global = try ExactIndex(
            files: snapshot.descriptorFiles, removed: snapshot.removed, dimensions: 8,
            modelDigest: snapshot.extractors.globalDigest)
        similarities = try global.search(ByteAnalyzer.descriptor(of: Array("photo with".utf8)), limit: 1000).map {
            "\($0.image) \($0.similarity.rawValue)"
        }
        findings = try collection.checkIntegrity(deep: true)
    }
}
