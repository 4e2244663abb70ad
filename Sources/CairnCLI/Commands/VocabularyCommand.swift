import ArgumentParser
import Cairn
import CairnCore
import CairnFeatures
import CairnIndex
import CairnTerminal
import Foundation

struct VocabularyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vocabulary", abstract: "Make visual words of one's own.",
        subcommands: [VocabularyTrainCommand.self])
}

struct VocabularyTrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Cluster the local features of photos into visual words.",
        discussion: """
            The words that come with Cairn suit photos of all sorts; one's own are worth it for many photos of one sort. \
            Use photos other than those that are searched.

            EXAMPLES
              cairn vocabulary train ~/Photos -o mine.cairnvoc
              cairn index ~/Photos --collection mine.cairn --vocabulary mine.cairnvoc
            """)

    @Argument(help: ArgumentHelp("Photos and folders.", valueName: "path"))
    var paths: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Words; 512 for nearest-descriptor voting.", valueName: "count"))
    var words = VocabularyTraining.asmk.words

    @Option(help: ArgumentHelp("Rounds of k-means, at most.", valueName: "count"))
    var iterations = VocabularyTraining.asmk.iterations

    @Option(help: ArgumentHelp("Descriptors to cluster, at most; drawn evenly from all photos.", valueName: "count"))
    var descriptors = 1_000_000

    @Option(help: ArgumentHelp("Seed of the initial words.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("hessian-affine (default) or sift.", valueName: "name"))
    var detector: DetectorName?

    @Option(help: ArgumentHelp("A sentence about where the photos come from, kept in the file.", valueName: "text"))
    var note: String?

    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard (1...1_000_000).contains(words) else {
            throw ValidationError("--words is \(words); it must be from 1 to 1000000.")
        }
        guard iterations >= 1 else { throw ValidationError("--iterations is \(iterations); it must be at least 1.") }
        guard descriptors >= words else {
            throw ValidationError("--descriptors is \(descriptors); it must be at least the number of words, \(words).")
        }
    }

    func run() async throws {
        try OutputFile.requireFolder(of: output)
        var sift = LocalFeatureConfiguration.standard.sift
        if let detector { sift.detector = detector.detector }
        let extracting = ProgressBar("Extracting", unit: "files")
        let sample = try await DescriptorSample.collect(
            from: paths, extractor: RootSIFTExtractor(configuration: sift), limit: descriptors, options: reading.options
        ) { extracting.update(done: $0, total: $1) }
        extracting.finish()
        for failure in sample.failures { Console.note("skipped: \(failure)") }
        guard sample.count >= words else {
            throw CommandError(
                kind: .invalidInput,
                message:
                    "\(sample.imageCount) photos gave \(sample.count) descriptors, fewer than \(words) words; give more photos, or ask for fewer words with --words"
            )
        }
        let clustering = ProgressBar("Clustering", unit: "rounds")
        let training = VocabularyTraining(words: words, iterations: iterations, seed: seed)
        let description =
            "\(words) words from \(sample.count) RootSIFT descriptors (\(sift.detector.rawValue)) of \(sample.imageCount) photos, seed \(seed)"
            + (note.map { ". " + $0 } ?? "")
        let vocabulary = try Vocabulary.train(
            descriptors: sample.descriptors, configuration: training,
            threads: ProcessInfo.processInfo.activeProcessorCount, note: description
        ) { progress in
            clustering.update(done: progress.iteration, total: iterations)
        }
        clustering.finish()
        try vocabulary.write(to: output)
        Console.print("\(vocabulary.count) words → \(output)")
        Console.note(description)
    }
}
