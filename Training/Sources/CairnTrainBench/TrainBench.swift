import ArgumentParser

/// Times parts of training, for the benchmarks that put them beside their peers. Results are JSON on one line.
@main
struct TrainBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cairn-train-bench", abstract: "Times parts of training.",
        subcommands: [LoaderBench.self, StepBenchmark.self, CollectiveCheck.self])
}
