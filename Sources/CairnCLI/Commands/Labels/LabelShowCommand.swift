import ArgumentParser
import Cairn
import CairnImaging
import CairnTerminal

struct LabelShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of images: label, place, and where that came from.",
        discussion: """
            EXAMPLES
              cairn label show a.jpg
            """)

    @Argument(help: ArgumentHelp("Photos and folders, as they were indexed, or file names.", valueName: "image"))
    var images: [String]

    @OptionGroup var location: CollectionOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        let collection = try ImageCollection.open(at: location.path)
        let snapshot = try collection.snapshot()
        let ids = try ImageArguments.images(images, in: snapshot, of: collection)
        let known = try snapshot.images(ids)
        let listings = ids.compactMap { known[$0].map(Listing.init) }
        if json {
            try Console.printJSON(listings)
            return
        }
        for listing in listings {
            for path in listing.paths { Console.print(path) }
            let label = listing.nonLandmark ? "none of the labels" : listing.label ?? "unknown"
            Console.print("  label:  \(label)" + (listing.labelSource.map { " (\($0.rawValue))" } ?? ""))
            let place = listing.place?.text ?? "unknown"
            let source =
                listing.placeSource.map { " (\($0.rawValue))" } ?? (listing.place == nil ? "" : " (the photo's)")
            Console.print("  place:  \(place)\(source)")
            if let own = listing.photoPlace, listing.placeSource != nil {
                Console.print("          \(own.text) (the photo's)")
            }
        }
    }

    private struct Listing: Encodable {
        var paths: [String]
        var label: String?
        var nonLandmark: Bool
        var labelSource: LabelSource?
        var place: GPSPosition?
        var placeSource: LabelSource?
        var photoPlace: GPSPosition?

        init(_ image: CollectionImage) {
            paths = image.paths
            label = image.label?.landmarkName
            nonLandmark = image.label == .nonLandmark
            labelSource = image.labelSource
            place = image.place
            placeSource = image.placeSource
            if let latitude = image.latitude, let longitude = image.longitude {
                photoPlace = GPSPosition(latitude: latitude, longitude: longitude)
            }
        }
    }
}
