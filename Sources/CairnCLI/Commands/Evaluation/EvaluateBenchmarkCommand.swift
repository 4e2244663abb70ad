import ArgumentParser
import CairnDatasets
import CairnEvaluation
import CairnFormats
import CairnImaging
import Foundation

/// A layout as a subcommand.
protocol BenchmarkName {
    static var layout: BenchmarkLayout { get }
    static var examples: [String] { get }
}

/// `cairn evaluate roxford5k` and its like: one command for each retrieval benchmark, all with the same options.
struct EvaluateBenchmarkCommand<Name: BenchmarkName>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Name.layout.rawValue, abstract: Name.layout.summary + ".",
            discussion: """
                Photos are searched as cairn search would; their features are kept between runs, by the digest of what made them. \
                Ready descriptors are compared by inner product, in bounded memory. Files: cairn datasets show \(Name.layout.rawValue).

                EXAMPLES
                \(Name.examples.map { "  cairn evaluate \(Name.layout.rawValue) \($0)" }.joined(separator: "\n"))
                """)
    }

    @OptionGroup var arguments: BenchmarkArguments
    @OptionGroup var outputs: EvaluationOutputs

    func run() async throws {
        try outputs.prepare(hasPhotos: arguments.needsPhotos)
        let benchmark = try arguments.benchmark(Name.layout)
        let found = try await arguments.rankings(of: benchmark, depth: outputs.depth)
        try outputs.write(found, of: benchmark, title: arguments.directory ?? benchmark.name)
        try found.report.show(json: outputs.json)
    }
}

enum RevisitedOxfordName: BenchmarkName {
    static let layout = BenchmarkLayout.roxford5k
    static let examples = [
        "roxford5k/ --model r101 --strategy global",
        "--ground-truth gnd_roxford5k.pkl \\\n      --ranks r.npy --json",
        "--ground-truth gnd_roxford5k.pkl \\\n      --features gallery.npy --query-features queries.npy --rerank alphaqe",
    ]
}

enum RevisitedParisName: BenchmarkName {
    static let layout = BenchmarkLayout.rparis6k
    static let examples = [
        "rparis6k/ --html ranked.html", "--ground-truth gnd_rparis6k.pkl --ranks r.npy --json",
    ]
}

enum OxfordName: BenchmarkName {
    static let layout = BenchmarkLayout.oxford5k
    static let examples = ["oxford5k/", "oxford5k/ --features gallery.npy --query-features queries.npy"]
}

enum ParisName: BenchmarkName {
    static let layout = BenchmarkLayout.paris6k
    static let examples = ["paris6k/", "paris6k/ --ranks ranks.npy --json"]
}

enum DIGIXName: BenchmarkName {
    static let layout = BenchmarkLayout.digix
    static let examples = ["digix/ --model r50", "digix/ --labels test-labels.csv --ranks ranks.npy --json"]
}

enum UKBenchName: BenchmarkName {
    static let layout = BenchmarkLayout.ukbench
    static let examples = ["ukbench/", "ukbench/ --features all.npy --query-features all.npy"]
}

enum HolidaysName: BenchmarkName {
    static let layout = BenchmarkLayout.holidays
    static let examples = ["holidays/", "holidays/ --ranks ranks.npy --json"]
}

enum MarketName: BenchmarkName {
    static let layout = BenchmarkLayout.market1501
    static let examples = ["Market-1501/ --features gallery.npy --query-features queries.npy"]
}

enum ListsName: BenchmarkName {
    static let layout = BenchmarkLayout.csv
    static let examples = ["lists/ --html ranked.html", "lists/ --ranks ranks.npy --json"]
}
