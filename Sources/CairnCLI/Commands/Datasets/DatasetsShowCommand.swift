import ArgumentParser
import CairnDatasets
import CairnTerminal

struct DatasetsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a benchmark's folder holds, and where that is published.",
        discussion: """
            EXAMPLES
              cairn datasets show gldv2-retrieval
            """)

    @Argument(help: ArgumentHelp("The benchmark.", valueName: "name"))
    var layout: BenchmarkLayout

    @Flag(help: "Print it as JSON.")
    var json = false

    func run() async throws {
        let listing = DatasetListing(layout)
        if json {
            try Console.printJSON(listing)
            return
        }
        Console.print("\(listing.name): \(listing.summary)")
        if let source = listing.source { Console.print("published at \(source)") }
        if let gallery = listing.gallery, let queries = listing.queries {
            Console.print("\(gallery) images, \(queries) queries")
        }
        Console.print("\nDIR/")
        for line in Self.tree(of: layout.files) { Console.print(line) }
    }

    /// Files as a tree, one line each, with what they hold beside them.
    static func tree(of files: [BenchmarkLayout.File]) -> [String] {
        let width = files.map(\.path.count).max() ?? 0
        return files.enumerated().map { index, file in
            let branch = index == files.count - 1 ? "└── " : "├── "
            let path = file.path.padding(toLength: width + 2, withPad: " ", startingAt: 0)
            return branch + path + file.content + (file.isOptional ? " (optional)" : "")
        }
    }
}
