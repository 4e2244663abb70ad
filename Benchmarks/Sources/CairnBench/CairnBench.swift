import ArgumentParser

/// Runs Cairn's side of a benchmark once and prints what it measured as JSON.
///
/// The scripts in `Benchmarks/Peers` alternate these runs with those of the peers.
@main
struct CairnBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cairn-bench", abstract: "Cairn's side of the benchmarks; see Benchmarks/README.md.",
        subcommands: [
            PhotosCommand.self, PairsCommand.self, CollectionPairsCommand.self, VerifyCommand.self,
            ProblemsCommand.self, DecodeCommand.self, QueriesCommand.self, NetworkCommand.self, ScaleCommand.self,
            ScanCommand.self,
        ])
}
