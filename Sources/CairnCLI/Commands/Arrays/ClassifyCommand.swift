import ArgumentParser
import CairnAlgebra
import CairnCore
import CairnRecognition
import CairnTerminal
import Foundation

struct ClassifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classify",
        abstract: "Label descriptors by a labelled gallery, or say that they are none of it.",
        discussion: """
            For those who have descriptors and no collection: .npy [count, dimensions], or .fvecs. Gallery rows without a label show \
            no landmark; from them, each left out in turn, follow the threshold for --false-accepts and the probabilities. \
            Without such rows every query gets a label. The table has query, label (empty for none), probability, score, nearest \
            row and its similarity.

            EXAMPLES
              cairn classify --gallery g.npy --gallery-labels labels.txt \\
                  --queries q.npy -o answers.csv
              cairn classify --gallery g.npy --gallery-labels labels.csv \\
                  --queries q.npy --method boosted --json
            """)

    @Option(help: ArgumentHelp("The gallery’s descriptors: .npy or .fvecs.", valueName: "file"))
    var gallery: String

    @Option(
        help: ArgumentHelp(
            "What gallery rows show: text with a label a line (empty: none), .npy of numbers (negative: none), or .csv with a column label.",
            valueName: "file"))
    var galleryLabels: String

    @Option(help: ArgumentHelp("The queries’ descriptors.", valueName: "file"))
    var queries: String

    @Option(help: ArgumentHelp("nearest, softVoting, suppressed or boosted.", valueName: "name"))
    var method = RecognitionMethod.suppressed

    @Option(help: ArgumentHelp("Queries of no landmark that may be accepted: 1% or 0.01.", valueName: "share"))
    var falseAccepts = ShareArgument(share: 0.01)

    @Option(name: .shortAndLong, help: ArgumentHelp("The table to write.", valueName: "file.csv"))
    var output: String?

    @Flag(help: "Bring all rows to unit length first.")
    var normalize = false

    @Flag(help: "Print the answers as JSON.")
    var json = false

    func validate() throws {
        guard json || output != nil else {
            throw ValidationError("Say where the labels go: -o FILE writes them, --json prints them.")
        }
    }

    func run() async throws {
        if let output { try OutputFile.requireFolder(of: output) }
        let rows = try DescriptorArrays(contentsOf: gallery, normalizing: normalize).descriptors
        let asked = try DescriptorArrays(
            contentsOf: queries, normalizing: normalize, emptyDimensions: rows.dimensions
        ).descriptors
        guard rows.dimensions == asked.dimensions else {
            throw CommandError(
                kind: .invalidInput,
                message:
                    "\(queries) has \(asked.dimensions) dimensions and \(gallery) \(rows.dimensions); extract both with the same model"
            )
        }
        let labelled = try LabelledGallery(
            descriptors: rows, labels: LabelFile.read(contentsOf: galleryLabels, count: rows.count))
        let recognizer = try recognizer(for: labelled)
        let answers = try recognizer.recognize(labelled.evidence(for: asked))
        if let output {
            let table = zip(answers.indices, answers).reduce(
                into: CSVText.line(["query", "label", "probability", "score", "row", "similarity"])
            ) { text, answer in text += CSVText.line(fields(answer.0, answer.1)) }
            try OutputFile.write(table, to: output)
        }
        if json {
            try Console.printJSON(answers)
        } else {
            let accepted = answers.count { $0.label != nil }
            Console.note(
                "\(answers.count) queries: \(accepted) labelled, \(answers.count - accepted) none → \(output ?? "")")
        }
    }

    /// Fitted on the gallery itself where it has rows of no landmark.
    private func recognizer(for labelled: LabelledGallery) throws -> Recognizer {
        guard labelled.labels.contains(nil) else {
            Console.note("\(galleryLabels) has no row without a label, so every query gets one, without a probability")
            return try Recognizer(method.configuration)
        }
        let model = try RecognizerModel(
            fitting: labelled.leaveOneOut(), configuration: method.configuration, falseAcceptRate: falseAccepts.share,
            fittedOn: gallery)
        Console.note(model.rejection.summary)
        return try Recognizer(model: model)
    }

    private func fields(_ query: Int, _ answer: Recognition) -> [String] {
        let row = answer.best?.rows.first.map { "\($0)" }
        let numbers = [answer.probability, answer.score].map { $0.map { String(format: "%.6f", $0) } ?? "" }
        return ["\(query)", answer.label ?? ""] + numbers + [
            row ?? "", answer.best.map { String(format: "%.6f", $0.similarity) } ?? "",
        ]
    }
}
