import ArgumentParser
import Cairn
import CairnCore
import CairnFeatures
import CairnImaging
import Foundation

/// Searches a collection with images of its own, stage by stage, and compares some of them with every image.
struct QueriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queries", abstract: "Milliseconds of each stage of a search, and of exhaustive comparison.")

    @Argument var collection: String
    @Argument(help: "A file of query paths, one a line.") var queries: String
    @Option var exhaustive = 10
    @Option var threads = 0

    struct Report: Encodable {
        var images: Int
        var queries: Int
        /// Median milliseconds of each stage.
        var stages: [String: Double]
        /// The slowest search, in milliseconds.
        var slowest: Double
        /// Median milliseconds of comparing a query with every image.
        var exhaustive: Double
        /// Verified images in the first ten, a query.
        var verified: Double
    }

    func run() async throws {
        let gallery = try Gallery.open(at: collection)
        var search = SearchConfiguration.standard
        search.threads = threads
        let searcher = try gallery.searcher(configuration: search)
        let snapshot = searcher.snapshot
        let paths = try String(contentsOfFile: queries, encoding: .utf8).split(separator: "\n").map(String.init)
        var features: [(id: ImageID, features: LocalFeatures)] = []
        for path in paths {
            guard let id = try snapshot.imageID(atPath: path), let image = try snapshot.image(id),
                let record = try snapshot.record(of: image),
                let stored = try record.withUnsafeBytes({ try LocalFeatures(record: $0) })
            else { throw BenchmarkError("\(path) is not in \(collection)") }
            features.append((id, stored))
        }
        guard let first = features.first else { throw BenchmarkError("\(queries) names no query") }
        _ = try await searcher.search(first.features, excluding: first.id)

        var stages: [String: [Double]] = [:]
        var verified = 0
        for query in features {
            let answer = try await searcher.search(query.features, excluding: query.id)
            for (stage, time) in answer.timings { stages[stage, default: []].append(time) }
            verified += answer.results.prefix(10).filter { $0.inliers >= search.verifiedInliers }.count
        }

        var ids: [CollectionImage] = []
        try snapshot.forEachImage { ids.append($0) }
        let images = ids
        let verifier = try PairVerifier(configuration: search.pairs ?? .standard)
        let workers = threads == 0 ? ProcessInfo.processInfo.activeProcessorCount : threads
        let step = max(1, features.count / max(1, exhaustive))
        let times = try stride(from: 0, to: features.count, by: step).prefix(exhaustive).map { position in
            let query = features[position]
            return try Measurement.seconds {
                let prepared = PairVerifier.Query(query.features)
                try Measurement.onThreads(workers) { part in
                    var workspace = MatchWorkspace()
                    for index in stride(from: part, to: images.count, by: workers) {
                        _ = try snapshot.record(of: images[index])?.withUnsafeBytes {
                            try verifier.verify(prepared, with: LocalFeaturesView(record: $0), workspace: &workspace)
                        }
                    }
                }
            }
        }
        try Measurement.report(
            Report(
                images: images.count, queries: features.count, stages: stages.mapValues(Measurement.median),
                slowest: stages["search"]?.max() ?? 0, exhaustive: 1_000 * Measurement.median(times),
                verified: Double(verified) / Double(features.count)))
    }
}
