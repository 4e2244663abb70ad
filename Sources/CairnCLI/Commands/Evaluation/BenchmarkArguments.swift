import ArgumentParser
import Cairn
import CairnAlgebra
import CairnDatasets
import CairnEvaluation
import CairnModelLibrary
import CairnRerank
import CairnTerminal
import Foundation

/// A benchmark, and what ranks its gallery: its photos, ready descriptors, or rankings that someone made.
struct BenchmarkArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The folder with the benchmark, as it is distributed.", valueName: "dir"))
    var directory: String?

    @Option(
        name: [.customLong("ground-truth"), .customLong("solution")],
        help: ArgumentHelp(
            "Its ground truth, where that lies elsewhere; with rankings or descriptors no folder is needed then.",
            valueName: "file"))
    var groundTruth: String?

    @Option(
        help: ArgumentHelp(
            "Rankings to score: .npy [queries, k] of gallery rows, best first, -1 behind the end.",
            valueName: "file.npy"))
    var ranks: String?

    @Option(
        name: .customLong("features"),
        help: ArgumentHelp(
            "Ready descriptors of the gallery: .npy or .fvecs, or .safetensors with the tensors gallery and queries.",
            valueName: "file"))
    var descriptors: String?

    @Option(help: ArgumentHelp("Ready descriptors of the queries.", valueName: "file"))
    var queryFeatures: String?

    @Flag(help: "Bring all rows of ready descriptors to unit length first.")
    var normalize = false

    @Option(help: ArgumentHelp("Revisited Oxford and Paris: the million distractors too.", valueName: "dir"))
    var distractors: String?

    @Option(
        help: ArgumentHelp(
            "Oxford5k and Paris6k: the gallery’s names, a line each, in the order of ready descriptors or rankings.",
            valueName: "file.txt"))
    var imageList: String?

    @Option(
        help: ArgumentHelp("DIGIX: labels of the test set’s images, columns image and label.", valueName: "file.csv"))
    var labels: String?

    @OptionGroup var features: EvaluationFeatures
    @OptionGroup var searching: SearchOptions

    func validate() throws {
        guard ranks == nil || descriptors == nil else {
            throw ValidationError("Give --ranks or --features: rankings are scored as they are.")
        }
        guard queryFeatures == nil || descriptors != nil else {
            throw ValidationError("--query-features needs the gallery’s descriptors beside it: --features.")
        }
        if !needsPhotos {
            let given = [
                ("--model", !features.models.models.isEmpty), ("--detector", features.detector != nil),
                ("--scoring", features.scoring != nil), ("--keypoints", features.keypoints != nil),
                ("--collection", features.collection != nil), ("--strategy", searching.strategy != nil),
                ("--rerank", ranks != nil && searching.rerank != nil),
            ]
            if let option = given.first(where: { $0.1 }) {
                throw ValidationError(
                    "\(option.0) is for searching photos, and \(ranks == nil ? "ready descriptors" : "rankings") are scored as they are; leave it out."
                )
            }
        }
        guard directory != nil || groundTruth != nil else {
            throw ValidationError("Say where the benchmark is: its folder, or --ground-truth.")
        }
    }

    /// Whether photos have to be looked at.
    var needsPhotos: Bool { ranks == nil && descriptors == nil }

    /// Reads the benchmark's files. Throws `DatasetError` for what is missing or wrong.
    func benchmark(_ layout: BenchmarkLayout) throws -> RetrievalBenchmark {
        guard directory != nil || !needsPhotos else {
            throw CommandError(
                kind: .invalidArgument,
                message:
                    "there is nothing to score: give the folder with the photos, or --features, or --ranks"
            )
        }
        guard labels == nil || layout == .digix else {
            throw CommandError(kind: .invalidArgument, message: "--labels is for digix alone; leave it out")
        }
        guard distractors == nil || [.roxford5k, .rparis6k].contains(layout) else {
            throw CommandError(
                kind: .invalidArgument, message: "--distractors is for roxford5k and rparis6k; leave it out")
        }
        guard imageList == nil || [.oxford5k, .paris6k].contains(layout) else {
            throw CommandError(
                kind: .invalidArgument, message: "--image-list is for oxford5k and paris6k; leave it out")
        }
        guard layout != .googleLandmarksRecognition else {
            throw CommandError(
                kind: .invalidArgument,
                message: "\(layout.rawValue) is answered with labels, not with rankings; it has commands of its own")
        }
        var options = BenchmarkOptions()
        options.images = needsPhotos ? .required : .unchecked
        options.distractors = distractors.map { URL(fileURLWithPath: $0) }
        options.imageList = imageList.map { URL(fileURLWithPath: $0) }
        if let labels { options.digix = .labelled(URL(fileURLWithPath: labels)) }
        let benchmark = try layout.load(
            directory: directory.map { URL(fileURLWithPath: $0) },
            groundTruth: groundTruth.map { URL(fileURLWithPath: $0) }, options: options)
        if distractors == nil {
            for sentence in layout.differences(
                gallery: benchmark.gallery.count, queries: benchmark.queries.count)
            {
                Console.note("note: \(sentence)")
            }
        }
        return benchmark
    }

    /// Ranks the gallery for every query.
    ///
    /// - Parameter depth: How much of each ranking is wanted beside the figures; 0 for none.
    func rankings(of benchmark: RetrievalBenchmark, depth: Int) async throws -> BenchmarkRankings {
        if let ranks { return try given(ranks, of: benchmark) }
        if let descriptors { return try await compared(descriptors, of: benchmark, depth: depth) }
        return try await searched(benchmark, depth: depth)
    }

    private func given(_ path: String, of benchmark: RetrievalBenchmark) throws -> BenchmarkRankings {
        let array = try RankingArray(contentsOf: path, for: benchmark)
        var scorer = BenchmarkScorer(benchmark)
        var rankings: [[Int32]] = []
        for query in benchmark.queries.indices {
            let ranking = array.ranking(ofQuery: query)
            scorer.add(ranking, ofQuery: query)
            rankings.append(ranking)
        }
        return BenchmarkRankings(scorer: scorer, report: scorer.report, rankings: rankings)
    }

    private func compared(
        _ path: String, of benchmark: RetrievalBenchmark, depth: Int
    ) async throws -> BenchmarkRankings {
        let pipeline = try searching.rerank.map { try RerankingArgument.pipeline($0) }
        let gallery = try DescriptorFile(
            contentsOf: path, tensors: ["gallery", "database", "X"], normalizing: normalize)
        let isCommon = (path as NSString).pathExtension.lowercased() == "safetensors"
        guard let asked = queryFeatures ?? (isCommon ? path : nil) else {
            throw CommandError(
                kind: .invalidArgument,
                message: "\(path) has the gallery’s descriptors; give the queries’ with --query-features")
        }
        let queries = try DescriptorFile(
            contentsOf: asked, tensors: ["queries", "query", "Q"], takesSole: queryFeatures != nil,
            normalizing: normalize)
        let evaluation = try DescriptorEvaluation(benchmark, gallery: gallery, queries: queries, reranking: pipeline)
        let bars = StepProgress()
        let threads = ProcessInfo.processInfo.activeProcessorCount
        OpenBLAS.setThreadCount(threads)
        let result = try await Interruption.cancelling {
            try await evaluation.run(depth: depth, threads: threads) { bars.update($0, done: $1, total: $2) }
        }
        bars.finish()
        Console.note(
            String(
                format: "%d queries against %d descriptors of %d dimensions: %.1f s", benchmark.queries.count,
                gallery.count, gallery.dimensions, result.seconds))
        return BenchmarkRankings(scorer: result.scorer, report: result.scorer.report, rankings: result.rankings)
    }

    private func searched(_ benchmark: RetrievalBenchmark, depth: Int) async throws -> BenchmarkRankings {
        let root = directory.map { URL(fileURLWithPath: $0).standardizedFileURL.path } ?? ""
        let gallery = try await features.gallery(
            of: benchmark.gallery.compactMap(\.path), root: "\(root)#\(benchmark.name)")
        let searcher = try features.searcher(of: gallery, configuration: searching.configuration())
        let evaluation = try PhotoEvaluation(benchmark, searcher: searcher)
        let bar = ProgressBar("Searching", unit: "queries")
        let result = try await Interruption.cancelling {
            try await evaluation.run(depth: depth) { bar.update(done: $0, total: benchmark.queries.count) }
        }
        bar.finish()
        for outcome in result.shown.outcomes {
            if let failure = outcome.answer.failure {
                Console.note("counts as not answered: \(failure)")
            }
        }
        return BenchmarkRankings(
            scorer: result.scorer, report: result.report, rankings: result.rankings, shown: result.shown,
            shownSetting: result.setting)
    }
}

/// What came of ranking a benchmark's gallery.
struct BenchmarkRankings {
    /// The judged rankings.
    var scorer: BenchmarkScorer
    /// The figures.
    var report: ProtocolReport
    /// Gallery rows for each query, best first; empty where they were not asked for.
    var rankings: [[Int32]]
    /// Every query with its photos, where those were searched.
    var shown: RetrievalEvaluation.Result?
    /// By which way of judging; `nil` where there is one alone.
    var shownSetting: String?
}
