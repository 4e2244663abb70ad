import ArgumentParser
import Cairn
import CairnImaging

/// Which collection a command works on.
struct CollectionOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The collection's folder.", discussion: "Default: $CAIRN_COLLECTION, else the XDG data folder.",
            valueName: "dir"))
    var collection: String?

    /// The collection's absolute path.
    var path: String { CollectionLocation.resolve(collection) }
}

/// What images are read, and how.
struct ReadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Refuse images with more megapixels than this.", valueName: "mp"))
    var maxMegapixels: Double = 250

    @Flag(help: "Use what can be read of damaged images, instead of reporting them.")
    var keepPartial = false

    var options: Gallery.Options {
        Gallery.Options(
            maximumPixels: Int(maxMegapixels * 1_000_000), truncation: keepPartial ? .keepPartial : .reject)
    }

    func validate() throws {
        guard maxMegapixels > 0, maxMegapixels <= 100_000 else {
            throw ValidationError("--max-megapixels is \(maxMegapixels); it must be above 0 and at most 100000.")
        }
    }
}
