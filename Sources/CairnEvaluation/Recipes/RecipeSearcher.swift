import Cairn
import CairnDatasets
import CairnFormats
import CairnModelLibrary
import CairnRecipes
import CairnRerank

/// What searching with every query gave.
struct RecipeRankings: Sendable, Codable {
    /// Gallery rows for each query, best first.
    var rankings: [[Int32]]
    /// How long the queries took.
    var timings: EvaluationReport.Timings
    /// Queries that have another ranking than before this step; `nil` for the first search.
    var changed: Int?
}

/// Searches with a recipe's queries, before its re-ranking and with it.
struct RecipeSearcher {
    let recipe: Recipe
    let photos: RecipePhotos
    let gallery: Gallery
    /// The run's library, with networks that match.
    let library: ModelLibrary
    let runtime: () throws -> ModelRuntime
    let threads: Int

    /// Which part of the recipe a search is by.
    enum Part {
        /// What comes before re-ranking.
        case search
        /// All of it.
        case reranking
    }

    /// The façade's settings for a part of the recipe.
    ///
    /// With models, photos are ranked by global descriptors, and all else is for re-ranking, whose methods look at local features as they
    /// need; where nothing re-ranks by photos, local search and global are fused. Without models, re-ranking by geometry is the
    /// verification of the local search.
    func configuration(_ part: Part) throws -> SearchConfiguration {
        var configuration = SearchConfiguration()
        configuration.threads = threads
        if let local = gallery.analyzer.extractorSet.local {
            configuration.pairs = RecipeLocalFeatures(local: recipe.local, search: recipe.search).pairs(local)
        }
        let pipeline = try recipe.reranking?.pipeline()
        guard !recipe.models.isEmpty else {
            configuration.strategy = .local
            let verification = pipeline?.methods.lazy.compactMap { $0 as? GeometricReranking }.first
            configuration.shortlist =
                part == .search && pipeline != nil ? 0 : verification?.n ?? configuration.shortlist
            if let verification { configuration.verifiedInliers = max(4, verification.inliers) }
            return configuration
        }
        let looksAtPhotos = pipeline.map { !$0.methodsThatNeedPhotos.isEmpty } ?? false
        configuration.strategy = recipe.search.local == .none || looksAtPhotos ? .global : .fused
        if part == .reranking, let reranking = recipe.reranking {
            configuration.reranking = reranking.specification
        }
        return configuration
    }

    /// A searcher for a part of the recipe.
    func searcher(_ part: Part) throws -> Searcher {
        let needsMatchers = RecipeRole.roles(of: recipe).contains { if case .matcher = $0.kind { true } else { false } }
        return try gallery.searcher(
            configuration: configuration(part),
            matchers: needsMatchers ? LibraryMatchers(library, runtime: runtime()) : nil)
    }

    /// Searches with every query.
    func run(_ part: Part, before: RecipeRankings? = nil, progress: (_ done: Int) -> Void) async throws
        -> RecipeRankings
    {
        let evaluation = try PhotoEvaluation(photos.benchmark, searcher: searcher(part))
        let found = try await evaluation.run(progress: progress)
        let timings =
            found.report.timings ?? EvaluationReport.Timings(extraction: .init([]), search: .init([]))
        return RecipeRankings(
            rankings: found.rankings, timings: timings,
            changed: before.map { zip($0.rankings, found.rankings).count { $0 != $1 } })
    }
}

extension RecipeRankings {
    /// `[queries, depth]`, gallery rows, -1 behind a ranking's end.
    func write(to path: String, depth: Int) throws {
        let rows = rankings.flatMap { ranking in
            Array(ranking.prefix(depth)) + [Int32](repeating: -1, count: max(0, depth - ranking.count))
        }
        try NPYFile.write(NumericArray(rows, shape: [rankings.count, depth]), to: path)
    }
}
