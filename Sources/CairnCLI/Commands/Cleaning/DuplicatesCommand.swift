import ArgumentParser
import Cairn
import CairnCleaning
import CairnEvaluation
import CairnTerminal
import Foundation

struct DuplicatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicates",
        abstract: "Find photos that show the same picture: copies, crops, resized and edited versions.",
        discussion: """
            Both indices propose pairs, geometry decides: of the same picture the map is a plain shift, turn and change of size, \
            and one photo contains the other. Another photo of the same place is no duplicate; one of a burst from a tripod is.

            In each group one photo is to keep, and every other one matches it. Nothing is deleted: --paths prints what could \
            go, a line each, for you to look at and to delete.

            EXAMPLES
              cairn duplicates --html duplicates.html
              cairn duplicates --json
              cairn duplicates --paths | xargs -d '\\n' mv -t spare/
            """)

    @OptionGroup var location: CollectionOptions

    @Option(help: ArgumentHelp("Similarity of descriptors from which they propose a pair.", valueName: "cosine"))
    var similarity: Double?

    @Option(help: ArgumentHelp("The fewest inliers of a duplicate.", valueName: "count"))
    var inliers = DuplicateCriteria.verified.minimumInliers

    @Option(help: ArgumentHelp("What to keep: largest, oldest or newest.", valueName: "rule"))
    var keep = KeepRule.largest

    @Flag(help: "Go by descriptors alone: faster, and more often wrong.")
    var noVerify = false

    @Option(help: ArgumentHelp("Write a page with the groups side by side.", valueName: "file"))
    var html: String?

    @Flag(help: "Print the groups as JSON.")
    var json = false

    @Flag(help: "Print the paths of what could go, a line each.")
    var paths = false

    @OptionGroup var runtime: RuntimeOptions

    func run() async throws {
        if let html { try OutputFile.requireFolder(of: html) }
        let gallery = try Gallery.open(at: location.path, provider: runtime.provider(.throughput))
        let finder = try DuplicateFinder(gallery.searcher(), criteria: criteria(for: gallery))
        let bar = ProgressBar("Comparing", unit: "photos")
        let report = try await Interruption.cancelling {
            try await finder.find { bar.update(done: $0, total: $1) }
        }
        bar.finish()
        if let html { try OutputFile.write(DuplicatesSheet(report).render(), to: html) }
        if json {
            try Console.printJSON(report)
        } else if paths {
            for photo in report.groups.flatMap(\.others) { Console.print(photo.path) }
        } else {
            show(report)
        }
        if let html { Console.note("sheet: \(html)") }
    }

    private func criteria(for gallery: Gallery) -> DuplicateCriteria {
        let hasLocal = gallery.analyzer.extractorSet.local != nil
        var criteria: DuplicateCriteria = noVerify || !hasLocal ? .descriptorsOnly : .verified
        if let similarity { criteria.minimumSimilarity = similarity }
        criteria.minimumInliers = inliers
        criteria.representative = keep.rules
        return criteria
    }

    private func show(_ report: DuplicateReport) {
        for group in report.groups {
            Console.print("\(group.keep.path)  keep: \(group.reason)")
            for photo in group.others {
                let inliers = photo.relation?.inliers.map { ", \($0) inliers" } ?? ""
                Console.print("    \(photo.path)  \(photo.relation?.description ?? "")\(inliers)")
            }
        }
        Console.print(
            "\(report.groups.count) \(report.groups.count == 1 ? "group" : "groups"), \(report.spareCount) \(report.spareCount == 1 ? "photo" : "photos") to spare, of \(report.comparedImages) different images"
        )
    }
}

/// What is kept of duplicates, as it is named on the command line.
enum KeepRule: String, ExpressibleByArgument, CaseIterable {
    case largest
    case oldest
    case newest

    var rules: [RepresentativeRule] {
        switch self {
        case .largest: [.mostPixels, .oldest, .largestFile, .firstPath]
        case .oldest: [.oldest, .mostPixels, .largestFile, .firstPath]
        case .newest: [.newest, .mostPixels, .largestFile, .firstPath]
        }
    }
}
