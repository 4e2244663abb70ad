import ArgumentParser
import Cairn
import CairnCore
import CairnFeatures
import CairnIndex
import Foundation

/// Collections of many simulated images.
struct ScaleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "Fill a collection with simulated images, and search it.",
        subcommands: [ScaleFillCommand.self, ScaleSearchCommand.self])
}

/// Adds simulated images through the product's own pipeline; only decoding and extraction are left out.
struct ScaleFillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill", abstract: "Bring a collection to a number of simulated images.")

    @Argument(help: "The collection to fill.") var collection: String
    @Argument(help: "Where stand-ins for image files are made: each holds its number.") var files: String
    @Argument(help: "Collections of real images.") var sources: [String]
    @Option var images = 1_000
    @Option var already = 0

    struct Report: Encodable {
        var images: Int
        var seconds: Double
        var recordBytes: Double
        var indexBytes: Double
        var databaseBytes: Double
        var invertedFiles: Int
        /// How far the simulation's signatures are the product's own.
        var agreement: Double
    }

    func run() async throws {
        let gallery = try Gallery.openOrCreate(at: collection, configuration: .standard)
        var real: [LocalFeatures] = []
        for source in sources {
            let snapshot = try ImageCollection.open(at: source).snapshot()
            try snapshot.forEachImage { image in
                let features = try snapshot.record(of: image)?.withUnsafeBytes { try LocalFeatures(record: $0) }
                if let features { real.append(features) }
            }
        }
        guard let vocabulary = gallery.analyzer.vocabulary else {
            throw BenchmarkError("the collection has no vocabulary")
        }
        let analyzer = SimulatedAnalyzer(
            real: gallery.analyzer,
            images: try SimulatedImages(
                sources: real, vocabulary: vocabulary,
                threads: ProcessInfo.processInfo.activeProcessorCount))
        let agreement = (0..<10).map { analyzer.images.agreement(ofImage: $0 * 7) }.reduce(0, +) / 10
        for number in already..<images {
            let folder = "\(files)/\(number / 1_000)"
            if number % 1_000 == 0 || number == already {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            try Data("\(number)".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(number).jpg"))
        }
        let report = try await gallery.collection.index([files], analyzer: analyzer)
        let statistics = try gallery.collection.statistics()
        guard statistics.images == images else {
            throw BenchmarkError("\(statistics.images) images where \(images) were expected: \(report)")
        }
        let count = Double(statistics.images)
        try Measurement.report(
            Report(
                images: statistics.images, seconds: report.seconds,
                recordBytes: Double(statistics.segmentBytes) / count,
                indexBytes: Double(statistics.invertedFileBytes) / count,
                databaseBytes: Double(statistics.databaseBytes) / count, invertedFiles: statistics.invertedFiles,
                agreement: agreement))
    }
}

/// Takes the number in a file for the image.
private struct SimulatedAnalyzer: ImageAnalyzer {
    let real: FeatureAnalyzer
    let images: SimulatedImages

    var extractors: [ExtractorRecord] { real.extractors }
    var vocabulary: Vocabulary? { real.vocabulary }
    var globalDimensions: Int { 0 }
    var indexConfiguration: InvertedIndexConfiguration { real.indexConfiguration }

    func analyze(_ content: Data, path: String) throws -> AnalyzedImage {
        guard let number = Int(String(decoding: content, as: UTF8.self)) else {
            throw BenchmarkError("\(path) holds no number")
        }
        let (features, signature) = images.image(number)
        return AnalyzedImage(
            size: features.imageSize, originalSize: features.imageSize, record: features.encoded(),
            keypointCount: features.count, signature: signature)
    }
}

/// Searches a collection of simulated images, in a process that has done nothing else.
struct ScaleSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Search with jittered images; stages, memory, and whether the answers are right.")

    @Argument var collection: String
    @Option var queries = 20
    @Option var threads = 0

    struct Report: Encodable {
        /// Opening the collection and preparing to search, in milliseconds.
        var opening: Double
        /// Median milliseconds of each stage; `first` is the first search of all.
        var stages: [String: Double]
        /// Queries whose first results are their own family.
        var found: Double
        /// Bytes of the process's own memory after all searches.
        var ownBytes: Int
        /// Bytes of mapped files that were in memory then.
        var mappedBytes: Int
    }

    func run() async throws {
        var gallery: Gallery?
        var searcher: Searcher?
        let opening = try Measurement.seconds {
            let opened = try Gallery.open(at: collection)
            var configuration = SearchConfiguration.standard
            configuration.threads = threads
            searcher = try opened.searcher(configuration: configuration)
            gallery = opened
        }
        guard let searcher, gallery != nil else { return }
        let count = searcher.snapshot.imageCount
        var generator = SeededGenerator(seed: 9)
        var stages: [String: [Double]] = [:]
        var found = 0
        for query in 0..<queries + 1 {
            let id = ImageID(UInt32.random(in: 1...UInt32(count), using: &generator))
            guard let image = try searcher.snapshot.image(id),
                let record = try searcher.snapshot.record(of: image),
                let features = try record.withUnsafeBytes({ try LocalFeatures(record: $0) })
            else { throw BenchmarkError("image \(id) of \(count) is not there") }
            let answer = try await searcher.search(Jitter.photo(of: features, seed: UInt64(query)), limit: 20)
            if query == 0 {
                stages["first"] = [answer.timings["search"] ?? 0]
                continue
            }
            for (stage, time) in answer.timings { stages[stage, default: []].append(time) }
            let family = Self.family(image.paths[0])
            let members = answer.results.prefix(SimulatedImages.familySize).filter {
                Self.family($0.image) == family && $0.inliers >= 10
            }
            if members.count == SimulatedImages.familySize { found += 1 }
        }
        try Measurement.report(
            Report(
                opening: 1_000 * opening, stages: stages.mapValues(Measurement.median),
                found: Double(found) / Double(queries), ownBytes: Measurement.residentBytes("RssAnon"),
                mappedBytes: Measurement.residentBytes("RssFile")))
    }

    /// The family of an image by its file's name, which is its number.
    private static func family(_ path: String) -> Int {
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        return (Int(name) ?? -1) / SimulatedImages.familySize
    }
}
