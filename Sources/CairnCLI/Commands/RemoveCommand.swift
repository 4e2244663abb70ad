import ArgumentParser
import Cairn
import CairnTerminal

struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Drop photos from a collection; the files themselves are left alone.",
        discussion: """
            Takes effect at once: features are wiped, and no search finds the photos any more. A folder stands for everything \
            below it.

            EXAMPLES
              cairn remove ~/Photos/2019 ~/Photos/blurred.jpg
            """)

    @Argument(help: ArgumentHelp("Photos and folders, as they were indexed.", valueName: "path"))
    var paths: [String]

    @OptionGroup var location: CollectionOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        let report = try await ImageCollection.open(at: location.path).remove(paths)
        if json {
            try Console.printJSON(["files": report.files, "images": report.images])
        } else {
            Console.print("\(report.files) files removed, \(report.images) images with them")
        }
    }
}
