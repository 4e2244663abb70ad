import ArgumentParser
import Cairn
import CairnEvaluation
import CairnModelLibrary
import CairnTerminal
import Foundation

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find photos that show what a photo shows.",
        discussion: """
            EXAMPLES
              cairn search query.jpg
              cairn search query.jpg --top 50 --html sheet.html
              cairn search query.jpg --rerank "dba:k=10;alphaqe:n=50,alpha=5"
              cairn search query.jpg --json | jq '.results[] | select(.inliers >= 20)'
            """)

    @Argument(help: ArgumentHelp("The photo to search with.", valueName: "image"))
    var image: String

    @OptionGroup var location: CollectionOptions
    @OptionGroup var reading: ReadingOptions

    @Option(help: ArgumentHelp("Results, at most.", valueName: "count"))
    var top = 20

    @OptionGroup var searching: SearchOptions
    @OptionGroup var runtime: RuntimeOptions

    @Flag(help: "Print the answer as JSON.")
    var json = false

    @Option(help: ArgumentHelp("Write a page that shows the results and what they have in common.", valueName: "file"))
    var html: String?

    func validate() throws {
        guard top > 0 else { throw ValidationError("--top is \(top); it must be at least 1.") }
    }

    func run() async throws {
        if let html { try OutputFile.requireFolder(of: html) }
        let gallery = try Gallery.open(
            at: location.path, provider: runtime.provider(.latency), options: reading.options)
        let searcher = try gallery.searcher(
            configuration: searching.configuration(),
            matchers: LibraryMatchers(.standard, runtime: runtime.runtime(.latency)))
        let answer = try await searcher.search(contentsOf: image, limit: top)
        if let html { try OutputFile.write(ResultSheet(answer, searcher: searcher).render(), to: html) }
        if json {
            try Console.printJSON(answer)
        } else {
            SearchListing.print(answer, searcher: searcher)
            if let html { Console.note("sheet: \(html)") }
        }
    }
}
