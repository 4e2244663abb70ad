import ArgumentParser
import Cairn
import CairnCleaning
import CairnEvaluation
import CairnTerminal
import Foundation

struct CleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Clean labels: split what is several things, drop what does not belong.",
        discussion: """
            By default the images of each label are clustered by their global descriptors (DBSCAN on cosine distance): each cluster \
            becomes a class, what is left is clustered again with a looser radius, the rest is dropped. With --verify an image \
            stays when enough of its nearest neighbours of the same label verify geometrically.

            Nothing is changed in the collection unless --apply is given. Which radius is right depends on the model: look at the \
            sheet.

            EXAMPLES
              cairn clean --html cleaned.html
              cairn clean --eps 0.25 --min-samples 4 -o labels.csv
              cairn clean --verify --apply
            """)

    @OptionGroup var location: CollectionOptions

    @Option(help: ArgumentHelp("Cosine distance within which images of a label are neighbours.", valueName: "distance"))
    var eps = ClassCleaning.standard.eps

    @Option(help: ArgumentHelp("Images within it, itself included, that make a cluster.", valueName: "count"))
    var minSamples = ClassCleaning.standard.minSamples

    @Option(help: ArgumentHelp("The looser distance for what is left; at least --eps.", valueName: "distance"))
    var tailEps: Double?

    @Flag(help: "Drop what is left of the first clustering.")
    var noTail = false

    @Option(help: ArgumentHelp("Images that make a class.", valueName: "count"))
    var minClass = ClassCleaning.standard.minimumClassSize

    @Flag(help: "Go by geometric verification of neighbours instead of clustering.")
    var verify = false

    @Option(help: ArgumentHelp("With --verify: neighbours that are compared.", valueName: "count"))
    var neighbors = VerifiedNeighborCleaning.glret2019.neighbors

    @Option(help: ArgumentHelp("With --verify: inliers that verify a pair.", valueName: "count"))
    var inliers = VerifiedNeighborCleaning.glret2019.minimumInliers

    @Option(help: ArgumentHelp("With --verify: verified neighbours that keep an image.", valueName: "count"))
    var votes = VerifiedNeighborCleaning.glret2019.minimumVerified

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the cleaned labels as a table.", valueName: "file.csv"))
    var output: String?

    @Option(help: ArgumentHelp("Write a page that shows what was split and dropped, and why.", valueName: "file"))
    var html: String?

    @Flag(help: "Give the collection the cleaned labels.")
    var apply = false

    @Flag(help: "Print what becomes of each image as JSON.")
    var json = false

    @OptionGroup var runtime: RuntimeOptions

    func run() async throws {
        for path in [output, html].compactMap({ $0 }) { try OutputFile.requireFolder(of: path) }
        let gallery = try Gallery.open(at: location.path, provider: runtime.provider(.throughput))
        let cleaner = try CollectionCleaner(gallery.searcher())
        let cleaned = try await cleaned(by: cleaner)
        if let output { try OutputFile.write(table(cleaned), to: output) }
        if let html {
            let sheet = CleaningSheet(cleaned, title: location.path) { try? SheetImage(photo: $0) }
            try OutputFile.write(sheet.render(), to: html)
        }
        if apply { _ = try await gallery.collection.apply(cleaned.changes()) }
        if json {
            try Console.printJSON(cleaned)
            return
        }
        let count = { outcome in cleaned.images.count { $0.outcome == outcome } }
        Console.print(
            "\(cleaned.labelCount) labels → \(cleaned.classCount) classes: \(count(.kept)) images kept, \(count(.recovered)) recovered, \(count(.dropped)) dropped"
        )
        if let output { Console.note("labels: \(output)") }
        if let html { Console.note("sheet: \(html)") }
        if !apply { Console.note("the collection is as it was; --apply gives it these labels") }
    }

    private func cleaned(by cleaner: CollectionCleaner) async throws -> LabelCleaning {
        guard verify else {
            var settings = ClassCleaning.standard
            settings.eps = eps
            settings.minSamples = minSamples
            settings.tailEps = noTail ? nil : tailEps ?? max(eps, settings.tailEps ?? eps)
            settings.minimumClassSize = minClass
            return try cleaner.split(settings)
        }
        var settings = VerifiedNeighborCleaning.glret2019
        settings.neighbors = neighbors
        settings.minimumInliers = inliers
        settings.minimumVerified = votes
        settings.minimumClassSize = minClass
        let bar = ProgressBar("Comparing", unit: "pairs")
        defer { bar.finish() }
        return try await Interruption.cancelling { [settings] in
            try await cleaner.verify(settings) { bar.update(done: $0, total: $0 + 1) }
        }
    }

    private func table(_ cleaned: LabelCleaning) -> String {
        cleaned.images.reduce(into: CSVText.line(["image", "label"])) { text, image in
            if let label = image.newLabel { text += CSVText.line([image.path, label]) }
        }
    }
}
