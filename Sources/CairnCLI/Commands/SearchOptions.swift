import ArgumentParser
import Cairn
import CairnTerminal

/// How far a search goes.
struct SearchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Evidence to go by.",
            discussion: "Default: the best for what the collection has.", valueName: "name"))
    var strategy: SearchStrategy?

    @Flag(help: "Leave out geometric verification: faster, and more often wrong.")
    var noVerify = false

    @Option(help: ArgumentHelp("Images that geometry verifies, at most.", valueName: "count"))
    var shortlist = SearchConfiguration.standard.shortlist

    @Option(
        help: ArgumentHelp(
            "Verified images from which the search goes on to photos taken from further aside; 0 for none.",
            valueName: "count"))
    var expand = SearchConfiguration.standard.expansionSources

    @Option(
        help: ArgumentHelp(
            "Methods that re-rank by global descriptors.",
            discussion: "Such as “dba:k=10;alphaqe:n=50”, a preset, or @file.json; see cairn rerank --help.",
            valueName: "methods"))
    var rerank: String?

    func validate() throws {
        guard (1...1_000_000).contains(shortlist) else {
            throw ValidationError("--shortlist is \(shortlist); it must be from 1 to 1000000.")
        }
        guard (0...1_000).contains(expand) else {
            throw ValidationError("--expand is \(expand); it must be from 0 to 1000.")
        }
    }

    /// Throws `CommandError` when a file of methods cannot be read.
    func configuration() throws -> SearchConfiguration {
        var configuration = noVerify ? SearchConfiguration.unverified : .standard
        configuration.strategy = strategy
        configuration.reranking = try rerank.map(RerankingArgument.specification) ?? ""
        if noVerify { return configuration }
        configuration.shortlist = shortlist
        configuration.globalShortlist = shortlist
        configuration.expansionSources = expand
        return configuration
    }
}

extension SearchStrategy: ExpressibleByArgument {}
