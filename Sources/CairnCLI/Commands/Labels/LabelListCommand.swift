import ArgumentParser
import Cairn
import CairnImaging
import CairnTerminal
import Foundation

struct LabelListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the labels, how many images have them, and where they are.",
        discussion: """
            EXAMPLES
              cairn label list
              cairn label list --json | jq '.labels[] | select(.imageCount < 3)'
            """)

    @OptionGroup var location: CollectionOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        let collection = try ImageCollection.open(at: location.path)
        let snapshot = try collection.snapshot()
        let labels = try snapshot.landmarks()
        let statistics = try collection.statistics()
        let listing = Listing(
            labels: labels, labelled: statistics.labelledImages, nonLandmarks: statistics.nonLandmarkImages,
            unlabelled: statistics.images - statistics.labelledImages - statistics.nonLandmarkImages)
        if json {
            try Console.printJSON(listing)
            return
        }
        let width = min(48, labels.map(\.name.count).max() ?? 0)
        for label in labels {
            var line = String(format: "%6d  ", label.imageCount)
            line += label.name.padding(toLength: max(width, label.name.count), withPad: " ", startingAt: 0)
            if let place = label.place { line += "  \(place.text)\(label.isPlaceGiven ? "" : " (its images')")" }
            if let title = label.title { line += "  \(title)" }
            Console.print(line)
        }
        Console.print(
            "\(labels.count) labels on \(listing.labelled) images, \(listing.nonLandmarks) non-landmarks, "
                + "\(listing.unlabelled) images without a label")
    }

    private struct Listing: Encodable {
        var labels: [LandmarkSummary]
        var labelled: Int
        var nonLandmarks: Int
        var unlabelled: Int
    }
}

extension GPSPosition {
    /// Latitude and longitude to about a metre.
    var text: String { String(format: "%.5f, %.5f", latitude, longitude) }
}
