import ArgumentParser
import Cairn
import CairnCore
import CairnFeatures
import CairnTerminal
import Foundation

struct InfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Say what a collection holds.",
        discussion: """
            EXAMPLES
              cairn info
              cairn info --failures                    files that could not be used, and why
            """)

    @OptionGroup var location: CollectionOptions

    @Flag(help: "List the files that could not be used.")
    var failures = false

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        let collection = try ImageCollection.open(at: location.path)
        let statistics = try collection.statistics()
        let failed = failures ? try Self.allFailures(of: collection) : nil
        if json {
            try Console.printJSON(Report(collection: location.path, statistics: statistics, failed: failed))
            return
        }
        let bytes = Int(statistics.bytesPerImage)
        Console.print(
            """
            \(location.path)
              images      \(statistics.images) in \(Self.counted(statistics.files, "file")); \
            \(Self.counted(statistics.failures, "other file")) could not be used
              labels      \(statistics.labels) on \(Self.counted(statistics.labelledImages, "image")); \
            \(Self.counted(statistics.nonLandmarkImages, "non-landmark"))
              places      of \(Self.counted(statistics.locatedImages, "image"))
              keypoints   \(statistics.keypoints)
              features    \(Self.size(statistics.segmentBytes)) in \(Self.counted(statistics.segments, "segment"))
              index       \(Self.size(statistics.invertedFileBytes)) in \(Self.counted(statistics.invertedFiles, "inverted file"))
              global      \(Self.size(statistics.descriptorFileBytes)) in \(Self.counted(statistics.descriptorFiles, "descriptor file"))
              database    \(Self.size(statistics.databaseBytes))
              per image   \(Self.size(Int64(bytes)))
            """)
        for model in statistics.extractors {
            Console.print(
                "  \(model.kind.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0))  \(Self.described(model))")
        }
        if statistics.extractors.isEmpty { Console.print("  settings    none yet") }
        for failure in failed ?? [] { Console.print("\(failure.path): \(failure.reason)") }
    }

    private static func allFailures(of collection: ImageCollection) throws -> [IndexingReport.Failure] {
        var all: [IndexingReport.Failure] = []
        while true {
            let portion = try collection.failures(after: all.last?.path ?? "")
            if portion.isEmpty { return all }
            all += portion
        }
    }

    private static func described(_ model: ExtractorRecord) -> String {
        "\(model.name), \(model.dimensions) dimensions: \(model.configurationJSON)"
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    static func size(_ bytes: Int64) -> String {
        let value = Double(bytes)
        switch value {
        case ..<1_000: return "\(bytes) B"
        case ..<1_000_000: return String(format: "%.1f kB", value / 1e3)
        case ..<1_000_000_000: return String(format: "%.1f MB", value / 1e6)
        default: return String(format: "%.2f GB", value / 1e9)
        }
    }

    private struct Report: Encodable {
        var collection: String
        var statistics: CollectionStatistics
        var failed: [IndexingReport.Failure]?
    }
}
