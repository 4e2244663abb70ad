import Cairn
import CairnCore
import CairnDatasets
import CairnFeatures
import CairnFormats
import CairnMetrics
import CairnModelLibrary
import CairnRecipes
import CairnRerank
import Crypto
import Foundation

/// Runs the variants of an ablation one after the other, keeps each one's result, and makes the report.
///
/// A result is kept under the digest of all that decides it: the variant, its models, the photos and what is right. A run that was
/// stopped goes on where it was; a variant that was not changed is not run again; features of variants that share their models
/// are made once.
public struct AblationRunner: Sendable {
    /// What is run.
    public let ablation: Ablation
    /// The folder for results, features and the report.
    public let output: String

    private let benchmark: RetrievalBenchmark
    private let setting: RetrievalBenchmark.Setting
    private let library: ModelLibrary
    private let runtime: @Sendable () throws -> ModelRuntime

    /// Called with a variant's name, what is done for it, and how far that is; from any thread.
    public typealias Progress = @Sendable (_ variant: String, _ step: String, _ done: Int, _ total: Int) -> Void

    /// Reads the data set.
    ///
    /// - Parameters:
    ///   - ablation: What is run.
    ///   - output: Its folder; made where it is missing.
    ///   - library: The folder of models.
    ///   - runtime: Runs networks; asked for only where there are some.
    /// - Throws: `DatasetError` for what is wrong with the data, `EvaluationError` for an unknown layout or setting.
    public init(
        _ ablation: Ablation, output: String, library: ModelLibrary,
        runtime: @escaping @Sendable () throws -> ModelRuntime
    ) throws {
        self.ablation = ablation
        self.output = URL(fileURLWithPath: output).standardizedFileURL.path
        self.library = library
        self.runtime = runtime
        guard let layout = BenchmarkLayout(rawValue: ablation.data.layout) else {
            throw EvaluationError(
                .invalidArgument,
                "there is no layout “\(ablation.data.layout)”; there are \(BenchmarkLayout.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        var options = BenchmarkOptions()
        options.images = ablation.variants.allSatisfy { $0.features != nil } ? .unchecked : .required
        options.queries = ablation.data.queries.map { URL(fileURLWithPath: $0) }
        benchmark = try layout.load(
            directory: ablation.data.directory.map { URL(fileURLWithPath: $0) },
            groundTruth: ablation.data.groundTruth.map { URL(fileURLWithPath: $0) }, options: options)
        let names = benchmark.settings.compactMap(\.name)
        if let name = ablation.data.setting, !names.contains(name) {
            throw EvaluationError(
                .invalidArgument,
                "\(benchmark.name) has no setting “\(name)”; it has \(names.isEmpty ? "one alone" : names.joined(separator: ", "))"
            )
        }
        let wanted = ablation.data.setting ?? "medium"
        guard let setting = benchmark.settings.first(where: { $0.name == wanted }) ?? benchmark.settings.first else {
            throw EvaluationError(.invalidInput, "\(benchmark.name) judges no query")
        }
        self.setting = setting
    }

    /// Runs what was not run yet, and reports on all variants.
    ///
    /// - Parameters:
    ///   - date: What the report says of when it was made.
    ///   - progress: See `Progress`.
    public func run(date: String, progress: Progress? = nil) async throws -> AblationReport {
        let folder = try OutputFolder(output, marker: "results", what: "an ablation")
        defer { withExtendedLifetime(folder) {} }
        let photos = photoDigest()
        // What cannot run is told before anything does.
        let keys = try ablation.variants.map { variant in
            try naming(variant) { try digest(of: variant, photos: photos) }
        }
        var variants: [AblationReport.Variant] = []
        for (variant, key) in zip(ablation.variants, keys) {
            try Task.checkCancellation()
            let file = "\(output)/results/\(key).json"
            if let data = FileManager.default.contents(atPath: file),
                var known = try? JSONDecoder().decode(AblationReport.Variant.self, from: data)
            {
                // What a variant is called is no part of what it does.
                known.name = variant.name
                known.note = variant.note
                variants.append(known)
                progress?(variant.name, "kept", 1, 1)
                continue
            }
            let result: AblationReport.Variant
            do {
                result = try await measure(variant, progress: progress)
            } catch let error as any CairnError {
                throw Self.naming(variant, error)
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try encoder.encode(result).write(to: URL(fileURLWithPath: file), options: .atomic)
            variants.append(result)
        }
        return try AblationReport(
            title: ablation.title, subtitle: subtitle, headline: benchmark.scoring.headline,
            queries: benchmark.queries.map {
                AblationReport.Query(name: $0.image.path.map(Self.shortName) ?? $0.image.id, kind: $0.kind)
            },
            variants: variants, baseline: ablation.variants.firstIndex { $0.name == ablation.baseline } ?? 0,
            date: date,
            machine: MachineDescription.text)
    }

    private var subtitle: String {
        let parts = [
            ablation.subtitle, benchmark.name + (setting.name.map { ", \($0)" } ?? ""),
            "\(benchmark.queries.count) queries against \(benchmark.gallery.count) images",
        ]
        return parts.compactMap(\.self).joined(separator: " · ")
    }

    /// The last folder and the name.
    private static func shortName(_ path: String) -> String {
        path.split(separator: "/").suffix(2).joined(separator: "/")
    }

    /// What describes photos for a variant. Opens its networks.
    private func extractors(of variant: AblationVariant) throws -> ExtractorSet {
        try ExtractorSet(named: variant.models, in: library, configuration: variant.localFeatures, runtime: runtime)
    }

    /// Throws for what the variant asks of models that do not have it.
    private func check(_ variant: AblationVariant, _ extractors: ExtractorSet) throws {
        let (hasLocal, hasGlobal) = (extractors.local != nil, !extractors.globals.isEmpty)
        let needsGlobal = !variant.rerank.isEmpty || variant.strategy.map { $0 != .local } ?? false
        let needsLocal = variant.strategy.map { $0 != .global } ?? false
        guard hasGlobal || !needsGlobal, hasLocal || !needsLocal else {
            throw EvaluationError(
                .invalidArgument,
                "its strategy or re-ranking needs \(hasGlobal ? "local features" : "global descriptors"), which \(variant.models.joined(separator: " with ")) does not give; name another model beside"
            )
        }
    }

    private func naming<Result>(_ variant: AblationVariant, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as any CairnError { throw Self.naming(variant, error) }
    }

    private static func naming(_ variant: AblationVariant, _ error: any CairnError) -> EvaluationError {
        EvaluationError(error.kind, "the variant “\(variant.name)” cannot run", cause: error)
    }

    // MARK: One variant

    private func measure(_ variant: AblationVariant, progress: Progress?) async throws -> AblationReport.Variant {
        if let features = variant.features {
            return try await compare(variant, features: features, progress: progress)
        }
        let extractors = try extractors(of: variant)
        let gallery = try Gallery.openOrCreate(at: featureFolder(extractors), extractors: extractors)
        let indexed = try await gallery.index(exactly: benchmark.gallery.compactMap(\.path), droppingOthers: true) {
            progress?(variant.name, "indexing", $0.done, $0.total ?? $0.done + 1)
        }
        guard !indexed.isCancelled else { throw CancellationError() }
        let library = library
        let runtime = runtime
        let pipeline = variant.rerank.isEmpty ? nil : try RerankingSpecification.parse(variant.rerank)
        let matchers = pipeline?.needsMatchers == true ? try LibraryMatchers(library, runtime: runtime()) : nil
        let searcher = try gallery.searcher(configuration: variant.search, matchers: matchers)
        let evaluation = try PhotoEvaluation(benchmark, searcher: searcher)
        ResidentMemory.resetPeak()
        let result = try await evaluation.run(showing: setting.name) {
            progress?(variant.name, "searching", $0, benchmark.queries.count)
        }
        var measured = describe(variant, scorer: result.scorer)
        measured.extraction = AblationReport.StepTimes(result.shown.outcomes.map(\.answer.extraction))
        measured.search = AblationReport.StepTimes(result.shown.outcomes.map(\.answer.search))
        measured.bytesPerImage = try gallery.collection.statistics().bytesPerImage
        measured.peakResidentBytes = ResidentMemory.peak
        let missing = try evaluation.missingPaths().count
        let unread = result.shown.outcomes.count { $0.answer.failure != nil }
        if missing + unread > 0 {
            measured.settings.append(.init(name: "unreadable", value: "\(missing) images, \(unread) queries"))
        }
        return measured
    }

    /// Where features are kept: by what makes them, and for a vocabulary that is learned of the gallery, by that too.
    private func featureFolder(_ extractors: ExtractorSet) throws -> String {
        let learns = extractors.local.map { !($0 is RootSIFTExtractor) } ?? false
        let words = learns ? benchmark.gallery.compactMap(\.path) : []
        return "\(output)/features/\(Self.hash([Self.digest(of: extractors)] + words))"
    }

    private func compare(
        _ variant: AblationVariant, features: String, progress: Progress?
    ) async throws -> AblationReport.Variant {
        let (evaluation, gallery) = try descriptors(variant, features: features)
        ResidentMemory.resetPeak()
        let result = try await evaluation.run(threads: ProcessInfo.processInfo.activeProcessorCount) {
            progress?(variant.name, $0, $1, $2)
        }
        var measured = describe(variant, scorer: result.scorer)
        let mean = result.seconds * 1000 / Double(max(1, benchmark.queries.count))
        measured.search = AblationReport.StepTimes(median: mean, mean: mean)
        measured.bytesPerImage = Double(gallery.dimensions * MemoryLayout<Float>.size)
        measured.peakResidentBytes = ResidentMemory.peak
        return measured
    }

    private func descriptors(
        _ variant: AblationVariant, features: String
    ) throws -> (DescriptorEvaluation, DescriptorFile) {
        let gallery = try DescriptorFile(contentsOf: features, tensors: ["gallery"], normalizing: false)
        let queries = try DescriptorFile(
            contentsOf: variant.queryFeatures ?? features, tensors: ["queries"], normalizing: false)
        let pipeline = variant.rerank.isEmpty ? nil : try RerankingSpecification.parse(variant.rerank)
        return (
            try DescriptorEvaluation(benchmark, gallery: gallery, queries: queries, reranking: pipeline), gallery
        )
    }

    private func describe(_ variant: AblationVariant, scorer: BenchmarkScorer) -> AblationReport.Variant {
        let number = benchmark.settings.firstIndex { $0.name == setting.name } ?? 0
        let lists = scorer.lists[number]
        let judged = lists.compactMap(\.self)
        return AblationReport.Variant(
            name: variant.name, note: variant.note,
            settings: variant.settings.map { .init(name: $0.key, value: $0.value) },
            perQuery: lists.map { list in
                list.flatMap { $0.hasPositives ? benchmark.scoring.headline(of: $0) : nil }
            },
            figures: benchmark.scoring.figures(judged).filter { $0.name != benchmark.scoring.headline }.map {
                .init(name: $0.name, value: $0.value)
            },
            precisionRecall: PrecisionRecallCurve(judged),
            cumulativeMatch: CumulativeMatchCurve(judged, maximumRank: EvaluationCurves.ranks))
    }

    // MARK: What decides a result

    /// Throws for a variant that cannot run.
    private func digest(of variant: AblationVariant, photos: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var deciding = variant
        deciding.name = ""
        deciding.note = nil
        var parts = [photos, String(decoding: try encoder.encode(deciding), as: UTF8.self), setting.name ?? ""]
        if let features = variant.features {
            _ = try descriptors(variant, features: features)
            parts += [features, variant.queryFeatures].compactMap(\.self).map(FileStamp.text)
        } else {
            let extractors = try extractors(of: variant)
            try check(variant, extractors)
            parts.append(Self.digest(of: extractors))
            for method in variant.rerank.isEmpty ? [] : try RerankingSpecification.parse(variant.rerank).methods {
                guard let match = method as? LearnedMatchReranking else { continue }
                for name in [match.model, match.keypoints] where !name.isEmpty {
                    parts.append(try library.record(named: name).digest)
                }
            }
        }
        return Self.hash(parts)
    }

    private static func digest(of extractors: ExtractorSet) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let index = (try? encoder.encode(extractors.index)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return hash((extractors.local.map { [$0.digest] } ?? []) + extractors.globals.map(\.digest) + [index])
    }

    /// What is searched, with what, and what is right: names, sizes and times of files, and all judgments.
    private func photoDigest() -> String {
        var hasher = SHA256()
        hasher.update(data: Data("cairn ablation 1 \(benchmark.scoring.rawValue)\n".utf8))
        for query in benchmark.queries {
            let region = query.region.map { "\($0.x0) \($0.y0) \($0.x1) \($0.y1)" } ?? ""
            hasher.update(data: Data("\(region)|\(query.kind ?? "")\n".utf8))
        }
        for image in benchmark.gallery + benchmark.queries.map(\.image) {
            hasher.update(data: Data((image.id + "\n").utf8))
            if let path = image.path { hasher.update(data: Data((FileStamp.text(of: path) + "\n").utf8)) }
        }
        for judgment in setting.judgments {
            judgment?.positives.withUnsafeBytes { hasher.update(bufferPointer: $0) }
            hasher.update(data: Data("|".utf8))
            judgment?.junk.withUnsafeBytes { hasher.update(bufferPointer: $0) }
            hasher.update(data: Data("\n".utf8))
        }
        return hasher.finalize().map { String(format: "%02x", $0) }.joined()
    }

    private static func hash(_ parts: [String]) -> String {
        SHA256.hash(data: Data(parts.joined(separator: "\n").utf8)).prefix(12).map { String(format: "%02x", $0) }
            .joined()
    }
}
