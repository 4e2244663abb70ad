import ArgumentParser
import CairnFeatures
import CairnGeometry
import Synchronization

/// Matches and verifies all pairs of a set, again and again.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify the pairs of a set; pairs a second, and what was found.")

    @Argument var path: String
    @Option var threads = 1
    @Option(help: "At least this long.") var seconds = 1.0
    @Flag(help: "Pack the query for every pair, as if each were the only one.") var single = false
    @Flag(help: "Ratio 0.8 and no second, guided matching: the peer's steps and no more.") var plain = false

    struct Report: Encodable {
        var pairsPerSecond: Double
        /// For each pair, the inliers of the first image and of the second: x, y, x, y.
        var inliers: [[[Float]]]
    }

    func run() throws {
        let set = try PairSet(contentsOf: path)
        guard !set.pairs.isEmpty else { throw BenchmarkError("\(path) has no pairs") }
        var configuration = PairVerificationConfiguration.standard
        if plain {
            configuration.matching = .standard
            configuration.isGuided = false
        }
        let verifier = try PairVerifier(configuration: configuration)
        let records = set.images.map { $0.encoded() }

        // A thread takes all pairs of a query at a time, as searches do.
        let queries = Dictionary(grouping: set.pairs.indices) { set.pairs[$0].first }.values.sorted { $0[0] < $1[0] }
        let found = Mutex([PairEvidence?](repeating: nil, count: set.pairs.count))
        let round = {
            try Measurement.onThreads(threads) { part in
                var workspace = MatchWorkspace()
                for pairs in stride(from: part, to: queries.count, by: threads).map({ queries[$0] }) {
                    var query: PairVerifier.Query?
                    for pair in pairs {
                        let prepared = query ?? PairVerifier.Query(set.images[set.pairs[pair].first])
                        if !single { query = prepared }
                        let outcome = try records[set.pairs[pair].second].withUnsafeBytes {
                            try verifier.verify(
                                prepared, with: LocalFeaturesView(record: $0), workspace: &workspace)
                        }
                        found.withLock { $0[pair] = outcome.evidence }
                    }
                }
            }
        }
        try round()
        var rounds = 0
        var elapsed = 0.0
        while elapsed < seconds {
            elapsed += try Measurement.seconds(round)
            rounds += 1
        }
        let evidence = found.withLock { $0 }
        try Measurement.report(
            Report(
                pairsPerSecond: Double(rounds * set.pairs.count) / elapsed,
                inliers: evidence.map { evidence in
                    (evidence?.lines ?? []).map {
                        [Float($0.source.x), Float($0.source.y), Float($0.target.x), Float($0.target.y)]
                    }
                }))
    }
}
