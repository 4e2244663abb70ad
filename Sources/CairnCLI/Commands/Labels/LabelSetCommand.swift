import ArgumentParser
import Cairn

struct LabelSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Give images a label.",
        discussion: """
            EXAMPLES
              cairn label set "Old Bridge" a.jpg b.jpg
              cairn label set "Old Bridge" ~/Photos/bridge
            """)

    @Argument(help: ArgumentHelp("What they show.", valueName: "label"))
    var label: String

    @Argument(help: ArgumentHelp("Photos and folders, as they were indexed, or file names.", valueName: "image"))
    var images: [String]

    @OptionGroup var location: CollectionOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        let label = try ImageLabel(validating: label)
        try await label.give(to: images, at: location.path, json: json)
    }
}

struct LabelNoneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "none",
        abstract: "Mark images as non-landmarks: they show none of the labels.",
        discussion: """
            EXAMPLES
              cairn label none ~/Photos/Party
            """)

    @Argument(help: ArgumentHelp("Photos and folders, as they were indexed, or file names.", valueName: "image"))
    var images: [String]

    @OptionGroup var location: CollectionOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws { try await ImageLabel.nonLandmark.give(to: images, at: location.path, json: json) }
}

extension ImageLabel {
    /// Labels images of the collection at `path` by hand, and prints what that did.
    fileprivate func give(to texts: [String], at path: String, json: Bool) async throws {
        let collection = try ImageCollection.open(at: path)
        var changes = LabelChanges(source: .hand)
        for image in try ImageArguments.images(texts, in: collection.snapshot(), of: collection) {
            try changes.set(self, for: image)
        }
        try LabelOutcome(report: try await collection.apply(changes)).print(json: json)
    }
}
