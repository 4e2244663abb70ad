import ArgumentParser
import Cairn

struct LabelClearCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Take labels away; nothing is known of the images then.",
        discussion: """
            EXAMPLES
              cairn label clear a.jpg
              cairn label clear --all --places
            """)

    @Argument(help: ArgumentHelp("Photos and folders, as they were indexed, or file names.", valueName: "image"))
    var images: [String] = []

    @OptionGroup var location: CollectionOptions

    @Flag(help: "Of all images.")
    var all = false

    @Flag(help: "Take the places away, too, that were given; the photos' own count again.")
    var places = false

    @Flag(help: "Print as JSON.")
    var json = false

    func validate() throws {
        guard all == images.isEmpty else { throw ValidationError("Give images, or --all, and not both.") }
    }

    func run() async throws {
        let collection = try ImageCollection.open(at: location.path)
        var changes = LabelChanges(source: .hand)
        changes.clearsAllLabels = all
        changes.clearsAllPlaces = all && places
        for image in try ImageArguments.images(images, in: collection.snapshot(), of: collection) {
            try changes.set(nil, for: image)
            if places { changes.set(place: nil, for: image) }
        }
        try LabelOutcome(report: try await collection.apply(changes)).print(json: json)
    }
}
