import ArgumentParser
import Cairn
import CairnCore
import CairnDatasets
import CairnEvaluation
import CairnMetrics
import CairnRecognition
import CairnTerminal
import Foundation

struct EvaluateRecognitionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recognition",
        abstract: "One folder a landmark: each photo is recognised by all others.",
        discussion: """
            Photos in _distractor/ show no landmark. Each photo is left out of the collection while it is recognised. What has to be \
            fitted (thresholds, probabilities, the boosted re-ranker) is fitted on other landmarks and other distractors: \
            5-fold cross-validation, nested for the boosted re-ranker.

            GAP is over all photos; recognised, confused and false accepts are at a threshold chosen for --false-accepts.

            EXAMPLES
              cairn evaluate recognition photos/
              cairn evaluate recognition photos/ --false-accepts 5%
              cairn evaluate recognition photos/ --model rootsift --model r50
              cairn evaluate recognition photos/ --curves curves/
            """)

    @Argument(help: ArgumentHelp("The folder of class folders.", valueName: "dir"))
    var folder: String

    @OptionGroup var features: EvaluationFeatures
    @OptionGroup var searching: SearchOptions

    @Option(help: ArgumentHelp("Photos of no landmark that may be accepted: 1% or 0.01.", valueName: "share"))
    var falseAccepts = ShareArgument(share: 0.01)

    @Option(
        help: ArgumentHelp("Write a curve as SVG: recognised against false accepts, a line a method.", valueName: "dir")
    )
    var curves: String?

    @Flag(help: "Print the figures as JSON.")
    var json = false

    func run() async throws {
        if let curves { try OutputFile.makeFolder(curves) }
        let dataset = try FolderDataset(root: URL(fileURLWithPath: folder))
        let gallery = try await features.gallery(of: dataset)
        try await label(gallery.collection, by: dataset)
        let search = try RecognitionSearch(gallery.searcher(configuration: searching.configuration()))
        let bar = ProgressBar("Recognising", unit: "photos")
        let queries = try await Interruption.cancelling {
            try await search.labelledEvidence(limit: .max) { bar.update(done: $0, total: $1) }
        }
        bar.finish()
        var rows: [(method: String, figures: RecognitionFigures)] = []
        var thresholds: [(name: String, curve: ThresholdCurve)] = []
        for (name, configuration) in RecognizerConfiguration.presets {
            let held = try RecognizerModel.crossValidated(
                queries, configuration: configuration, falseAcceptRate: falseAccepts.share)
            var figures = RecognitionFigures(held, of: queries)
            var scored = held
            if !configuration.boosted {
                // Nothing of the score was fitted, so GAP and the curve need no folds.
                scored = try Recognizer(configuration).recognize(queries.map(\.evidence))
                figures.globalAveragePrecision = RecognitionFigures(scored, of: queries).globalAveragePrecision
            }
            rows.append((name, figures))
            thresholds.append((name, ThresholdCurve(scored, of: queries)))
        }
        if let curves {
            try OutputFile.write(CurveChart.thresholds(thresholds).svg(), to: curves + "/thresholds.svg")
        }
        if json {
            try Console.printJSON(Dictionary(uniqueKeysWithValues: rows.map { ($0.method, $0.figures) }))
        } else {
            show(rows)
        }
    }

    private func label(_ collection: ImageCollection, by dataset: FolderDataset) async throws {
        let snapshot = try collection.snapshot()
        let found = try snapshot.find(dataset.images.map(\.path), relativeTo: dataset.root)
        var changes = LabelChanges(source: .folder)
        for (image, lookup) in zip(dataset.images, found) {
            guard case .found(let id) = lookup else { continue }
            try changes.set(image.className.map { .landmark($0) } ?? .nonLandmark, for: id)
        }
        _ = try await collection.apply(changes)
    }

    private func show(_ rows: [(method: String, figures: RecognitionFigures)]) {
        func cell(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let columns = ["GAP", "right", "recognised", "confused", "false accepts"]
        Console.print(String(repeating: " ", count: 12) + columns.map { cell($0, $0.count + 3) }.joined())
        for (method, figures) in rows {
            let values = [
                figures.globalAveragePrecision, figures.accuracy, figures.recognized, figures.confused,
                figures.falseAcceptRate,
            ]
            let cells = zip(columns, values).map { cell(String(format: "%.3f", $1), $0.count + 3) }
            Console.print(method.padding(toLength: 12, withPad: " ", startingAt: 0) + cells.joined())
        }
        guard let figures = rows.first?.figures else { return }
        Console.print(
            "\n\(figures.landmarkQueries) photos of landmarks, \(figures.nonLandmarkQueries) of none; false accepts asked for: \(falseAccepts)"
        )
    }
}
