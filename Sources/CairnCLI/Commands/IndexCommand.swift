import ArgumentParser
import Cairn
import CairnCore
import CairnFeatures
import CairnIndex
import CairnTerminal
import Foundation

struct IndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Add photos to a collection, or bring it up to date.",
        discussion: """
            Folders are read with everything below them. Files that cannot be used are reported once, with the reason. \
            May be stopped at any instant and run again.

            EXAMPLES
              cairn index ~/Photos
              cairn index ~/Photos --prune             also drop photos that are gone
              cairn index ~/Photos --model rootsift --model r50
              cairn index scans/ --collection scans.cairn --json
            """)

    @Argument(help: ArgumentHelp("Photos and folders.", valueName: "path"))
    var paths: [String]

    @OptionGroup var location: CollectionOptions
    @OptionGroup var models: ModelOptions
    @OptionGroup var reading: ReadingOptions

    @Flag(help: "Drop photos below the given paths that are gone.")
    var prune = false

    @Flag(help: "Try files again that failed before.")
    var retry = false

    @Option(help: ArgumentHelp("A new collection's keypoints a photo, at most.", valueName: "count"))
    var keypoints: Int?

    @Option(help: ArgumentHelp("A new collection's detector: hessian-affine (default) or sift.", valueName: "name"))
    var detector: DetectorName?

    @Option(help: ArgumentHelp("A new collection's scoring: asmk (default) or voting.", valueName: "name"))
    var scoring: ScoringName?

    @Option(help: ArgumentHelp("A new collection's vocabulary, from cairn vocabulary train.", valueName: "file"))
    var vocabulary: String?

    @Option(help: ArgumentHelp("Threads; 0 is one a core.", valueName: "count"))
    var threads = 0

    @Option(help: ArgumentHelp("Photos between two commits: what a kill may cost.", valueName: "count"))
    var batch = IndexingOptions.default.batchSize

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        if let keypoints, !(1...100_000).contains(keypoints) {
            throw ValidationError("--keypoints is \(keypoints); it must be from 1 to 100000.")
        }
        guard (0...1_024).contains(threads) else {
            throw ValidationError("--threads is \(threads); it must be from 0 to 1024.")
        }
        guard (1...65_536).contains(batch) else {
            throw ValidationError("--batch is \(batch); it must be from 1 to 65536.")
        }
    }

    func run() async throws {
        // A mistyped path must not leave an empty collection behind.
        let manager = FileManager.default
        if !manager.fileExists(atPath: location.path),
            let missing = paths.first(where: { !manager.fileExists(atPath: $0) })
        {
            throw CommandError(kind: .notFound, message: "there is no file or folder \(missing)")
        }
        let gallery = try Gallery.openOrCreate(
            at: location.path, extractors: extractors,
            vocabulary: try vocabulary.map { try Vocabulary(contentsOf: $0) },
            provider: models.runtime.provider(.throughput), options: reading.options)
        let bar = ProgressBar("Indexing", unit: "files")
        let report = try await Interruption.cancelling {
            try await gallery.index(
                paths,
                options: IndexingOptions(prune: prune, retryFailures: retry, threads: threads, batchSize: batch)
            ) { progress in
                bar.update(
                    done: progress.done, total: progress.total ?? progress.done + 1,
                    note: progress.failed > 0 ? "\(progress.failed) failed" : "")
            }
        }
        bar.finish()
        if json {
            try Console.printJSON(report)
        } else {
            Console.print(report.sentence(collection: location.path))
        }
        for failure in report.failures {
            Console.note(
                "skipped: \(failure.reason.hasPrefix(failure.path) ? "" : failure.path + ": ")\(failure.reason)")
        }
        if report.isCancelled {
            Console.note("cairn: interrupted; what was done is kept, run the same command again to go on")
            throw ExitCode(130)
        }
    }

    /// `nil` when nothing was asked for: an existing collection keeps its own settings.
    private var extractors: ExtractorSet? {
        get throws {
            var configuration = LocalFeatureConfiguration.standard
            if let detector { configuration.sift.detector = detector.detector }
            if let keypoints { configuration.sift.maximumKeypoints = keypoints }
            if let scoring { configuration.index = scoring.configuration }
            if let chosen = try models.extractors(configuration, goal: .throughput) { return chosen }
            guard keypoints != nil || detector != nil || scoring != nil else { return nil }
            return try ExtractorSet(rootSIFT: configuration)
        }
    }
}

/// Detectors as they are named on the command line.
enum DetectorName: String, ExpressibleByArgument, CaseIterable {
    case sift
    case hessianAffine = "hessian-affine"

    var detector: SIFTConfiguration.Detector {
        switch self {
        case .sift: .differenceOfGaussians
        case .hessianAffine: .hessianAffine
        }
    }
}

/// Ways of scoring as they are named on the command line.
enum ScoringName: String, ExpressibleByArgument, CaseIterable {
    case asmk
    case voting

    var configuration: InvertedIndexConfiguration {
        switch self {
        case .asmk: .asmk
        case .voting: .nearestDescriptorVoting
        }
    }
}

extension IndexingReport {
    /// The report in words.
    func sentence(collection: String) -> String {
        let parts = [
            (added, "added"), (changed, "changed"), (moved, "moved"), (duplicates, "duplicates"),
            (unchanged, "unchanged"), (removed, "removed"), (failures.count, "failed"),
            (knownFailures, "known to fail"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        let what = parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
        let rate = readCount > 0 ? String(format: ", %.1f files/s", imagesPerSecond) : ""
        return "\(what) in \(String(format: "%.1f", seconds)) s\(rate) → \(collection)"
    }
}
