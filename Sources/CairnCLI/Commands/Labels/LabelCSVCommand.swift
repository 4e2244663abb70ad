import ArgumentParser
import Cairn

struct LabelCSVCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "csv",
        abstract: "Take labels, and places, from a table.",
        discussion: """
            The first line names the columns: image (or path, file, filename, id), label (or landmark_id, landmark, class), \
            and latitude, longitude and title, which may be left out. An image is a path, absolute or below the table's \
            folder, or a file name that only one image has, with or without its suffix. Tables of Google Landmarks v2 are \
            read as they are: id with landmark_id, and landmark_id with images.

            The label _distractor marks a non-landmark. An empty one says nothing, as for images whose place alone is \
            known. A place given here counts instead of the photo's own. A title is of the label, not of the image.

            EXAMPLES
              cairn label csv labels.csv
              cairn label csv train.csv --skip-missing     only what was indexed
            """)

    @Argument(help: ArgumentHelp("The table.", valueName: "file"))
    var file: String

    @OptionGroup var location: CollectionOptions
    @OptionGroup var conflict: LabelConflictOptions

    @Flag(help: "Pass over images that the collection does not have.")
    var skipMissing = false

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        let collection = try ImageCollection.open(at: location.path)
        let table = try LabelTable(contentsOf: file)
        try table.require(.label)
        var assignments = LabelAssignments(conflict)
        var titles: [String: (text: String, line: Int)] = [:]
        let missing = try table.forEachImage(in: collection.snapshot(), skippingMissing: skipMissing) { row, image in
            guard row.label != nil || row.place != nil else { throw table.error(row.line, "neither label nor place") }
            try assignments.add(row.label, place: row.place, for: image, from: "\(file), line \(row.line)")
            guard let title = row.title, let name = row.label?.landmarkName else { return }
            if let earlier = titles[name], earlier.text != title {
                throw table.error(
                    row.line, "“\(name)” is titled “\(title)” here and “\(earlier.text)” on line \(earlier.line)")
            }
            titles[name] = (title, row.line)
        }
        var changes = try assignments.changes(source: .csv)
        let used = Set(changes.labels.values.compactMap { $0?.landmarkName })
        for (name, title) in titles where used.contains(name) {
            try changes.describe(landmark: name, title: title.text)
        }
        try LabelOutcome(
            report: try await collection.apply(changes), missing: missing, conflicts: assignments.conflicts
        ).print(json: json)
    }
}
