import ArgumentParser
import CairnDatasets
import CairnTerminal
import Foundation

struct DatasetsVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Go through a benchmark's folder, and say what is missing, damaged or other than published.",
        discussion: """
            The header of every image is read, which --quick leaves out. The exit status is 2 unless all is as it should be.

            EXAMPLES
              cairn datasets verify roxford5k ~/data/roxford5k
              cairn datasets verify gldv2-retrieval /data/gldv2 --quick --json
              cairn datasets verify auto ~/data/jpg
            """)

    @Argument(help: ArgumentHelp("The benchmark: \(BenchmarkLayout.names); or auto.", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("Its folder.", valueName: "dir"))
    var directory: String

    @Option(help: ArgumentHelp("Its ground truth, where that lies elsewhere.", valueName: "path"))
    var groundTruth: String?

    @Option(
        help: ArgumentHelp("Revisited Oxford and Paris: the distractors' folder, or their list.", valueName: "path"))
    var distractors: String?

    @Option(help: ArgumentHelp("Folders: the list of queries.", valueName: "file.csv"))
    var queries: String?

    @Option(
        help: ArgumentHelp("Google Landmarks recognition: labelled photos instead of train.csv.", valueName: "file.csv")
    )
    var training: String?

    @Option(
        help: ArgumentHelp("DIGIX: labels of the test set's images, columns image and label.", valueName: "file.csv"))
    var labels: String?

    @Flag(help: "Only look whether images are there.")
    var quick = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    func validate() throws {
        guard name == "auto" || BenchmarkLayout(rawValue: name) != nil else {
            throw ValidationError("There is no benchmark “\(name)”; there are \(BenchmarkLayout.names).")
        }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: directory)
        guard let layout = BenchmarkLayout(rawValue: name) ?? BenchmarkLayout.detect(folder) else {
            throw CommandError(
                kind: .notFound,
                message: "\(directory) holds none of the benchmarks that can be read; `cairn datasets list` names them")
        }
        var options = BenchmarkOptions()
        func url(_ path: String?) -> URL? { path.map { URL(fileURLWithPath: $0) } }
        (options.distractors, options.queries, options.training) = (url(distractors), url(queries), url(training))
        if let labels = url(labels) { options.digix = .labelled(labels) }
        let bar = ProgressBar("Looking", unit: "images")
        let check = try BenchmarkCheck(
            layout, directory: folder, groundTruth: url(groundTruth), options: options, readingHeaders: !quick
        ) { done, total in bar.update(done: done, total: total) }
        bar.finish()
        if json {
            try Console.printJSON(check)
        } else {
            for line in Self.lines(of: check) { Console.print(line) }
        }
        if !check.isWhole { throw ExitCode(2) }
    }

    /// The report for people. Long lists are cut to their first.
    static func lines(of check: BenchmarkCheck) -> [String] {
        var lines = ["\(check.layout.rawValue): \(check.gallery) images, \(check.queries) queries"]
        for setting in check.settings {
            let name = setting.name.map { "\($0): " } ?? ""
            let none =
                setting.queriesWithoutPositives > 0 ? ", \(setting.queriesWithoutPositives) without a right answer" : ""
            lines.append(
                "  \(name)\(setting.queries) queries\(none); right answers a query: \(setting.minimumPositives) at least, "
                    + "\(setting.medianPositives) in the middle, \(setting.maximumPositives) at most")
        }
        lines += check.differences.map { "differs: \($0)" }
        func list(_ what: String, _ entries: [String]) {
            let shown = 5
            guard !entries.isEmpty else { return }
            lines.append("\(what): \(entries.count)")
            lines += entries.prefix(shown).map { "  \($0)" }
            if entries.count > shown { lines.append("  and \(entries.count - shown) more") }
        }
        list("missing", check.missing)
        list("unreadable", check.unreadable.map { "\($0.path): \($0.reason)" })
        list("names that come twice", check.duplicates)
        if check.isWhole {
            lines.append("all is there")
        } else if let source = check.layout.source {
            lines.append("it is published at \(source)")
        }
        return lines
    }
}
