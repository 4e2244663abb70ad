import ArgumentParser
import Cairn
import CairnCore
import CairnEvaluation
import CairnRecognition
import CairnTerminal
import Foundation

struct CalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Learn from the collection's own labels when to believe a recognition.",
        discussion: """
            Each labelled image is recognised by all others. From the scores follow the probability that an answer is right, and \
            the threshold at which only the share of --false-accepts of the images that show no landmark (cairn label none) is \
            accepted. The method boosted also trains a gradient-boosted re-ranker, on features of each query's evidence. What is \
            printed is measured by cross-validation on landmarks that were not used for fitting.

            EXAMPLES
              cairn calibrate --false-accepts 1%
              cairn calibrate --method boosted
            """)

    @OptionGroup var location: CollectionOptions
    @OptionGroup var searching: SearchOptions
    @OptionGroup var runtime: RuntimeOptions

    @Option(help: ArgumentHelp("Photos of no landmark that may be accepted: 1% or 0.01.", valueName: "share"))
    var falseAccepts = ShareArgument(share: 0.01)

    @Option(help: ArgumentHelp("nearest, softVoting, suppressed, geometric or boosted.", valueName: "name"))
    var method = RecognitionMethod.geometric

    @Option(help: ArgumentHelp("Labelled images to learn from, at most.", valueName: "count"))
    var limit = 5_000

    @Flag(help: "Print the figures as JSON.")
    var json = false

    func validate() throws {
        guard limit >= 2 else { throw ValidationError("--limit is \(limit); it must be at least 2.") }
    }

    func run() async throws {
        let gallery = try Gallery.open(at: location.path, provider: runtime.provider(.throughput))
        let search = try RecognitionSearch(gallery.searcher(configuration: searching.configuration()))
        let bar = ProgressBar("Recognising", unit: "images")
        let queries = try await Interruption.cancelling { [limit] in
            try await search.labelledEvidence(limit: limit) { bar.update(done: $0, total: $1) }
        }
        bar.finish()
        let model = try RecognizerModel(
            fitting: queries, configuration: method.configuration, falseAcceptRate: falseAccepts.share,
            fittedOn: search.digest)
        let held = try RecognizerModel.crossValidated(
            queries, configuration: method.configuration, falseAcceptRate: falseAccepts.share)
        let figures = RecognitionFigures(held, of: queries)
        try model.write(to: gallery.collection.recognizerPath)
        if json {
            try Console.printJSON(
                Report(
                    method: method.rawValue, figures: figures, threshold: model.rejection,
                    file: gallery.collection.recognizerPath))
            return
        }
        func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
        Console.print(
            """
            \(figures.landmarkQueries) images of landmarks, \(figures.nonLandmarkQueries) of none
            GAP \(String(format: "%.3f", figures.globalAveragePrecision)); the best label is right for \(percent(figures.accuracy)) of landmarks
            accepted: \(percent(figures.recognized)) of landmarks with the right label, \(percent(figures.confused)) with a wrong one, \(percent(figures.falseAcceptRate)) of the others
            threshold: \(model.rejection.summary)
            """)
        Console.note("calibrated: \(gallery.collection.recognizerPath)")
    }

    private struct Report: Encodable {
        var method: String
        /// By cross-validation.
        var figures: RecognitionFigures
        var threshold: RejectionThreshold
        var file: String
    }
}

/// Recognition's presets as they are named on the command line.
enum RecognitionMethod: String, ExpressibleByArgument, CaseIterable {
    case nearest, softVoting, suppressed, geometric, boosted

    var configuration: RecognizerConfiguration {
        switch self {
        case .nearest: .nearest
        case .softVoting: .softVoting
        case .suppressed: .suppressed
        case .geometric: .geometric
        case .boosted: .boosted
        }
    }
}
