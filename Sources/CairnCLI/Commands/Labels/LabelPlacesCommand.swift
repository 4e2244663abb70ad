import ArgumentParser
import Cairn

struct LabelPlacesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "places",
        abstract: "Take the places of images, or of labels, from a table.",
        discussion: """
            The first line names the columns: latitude and longitude (or lat and lon), in degrees, and image, as for label \
            csv, or label. Where it has both, the places are the images'. A table of labels may also have a title and a \
            note. Without a place of its own a label lies in the middle of its images.

            EXAMPLES
              cairn label places photos.csv                image,lat,lon
              cairn label places landmarks.csv             label,latitude,longitude,title
            """)

    @Argument(help: ArgumentHelp("The table.", valueName: "file"))
    var file: String

    @OptionGroup var location: CollectionOptions
    @OptionGroup var conflict: LabelConflictOptions

    @Flag(help: "Pass over images and labels that the collection does not have.")
    var skipMissing = false

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        let collection = try ImageCollection.open(at: location.path)
        let table = try LabelTable(contentsOf: file)
        let snapshot = try collection.snapshot()
        try table.require(.latitude)
        try table.require(.longitude)
        if table.has(.image) {
            var assignments = LabelAssignments(conflict)
            let missing = try table.forEachImage(in: snapshot, skippingMissing: skipMissing) { row, image in
                try assignments.add(nil, place: row.place, for: image, from: "\(file), line \(row.line)")
            }
            let report = try await collection.apply(assignments.changes(source: .csv))
            try LabelOutcome(report: report, missing: missing, conflicts: assignments.conflicts).print(json: json)
        } else {
            let (changes, missing) = try landmarks(of: table, in: snapshot)
            try LabelOutcome(report: try await collection.apply(changes), missing: missing).print(json: json)
        }
    }

    private func landmarks(of table: LabelTable, in snapshot: CollectionSnapshot) throws -> (LabelChanges, Int) {
        try table.require(.label)
        let known = Set(try snapshot.landmarks().map(\.name))
        var changes = LabelChanges(source: .csv)
        var missing = 0
        var lines: [String: Int] = [:]
        for row in table.rows {
            guard let name = row.label?.landmarkName else { throw table.error(row.line, "it names no label") }
            if let earlier = lines.updateValue(row.line, forKey: name) {
                throw table.error(row.line, "“\(name)” is described already, on line \(earlier)")
            }
            guard known.contains(name) else {
                guard skipMissing else {
                    throw table.error(
                        row.line,
                        "no image is labelled “\(name)”; label images first, or pass over such lines with --skip-missing"
                    )
                }
                missing += 1
                continue
            }
            guard row.place != nil || row.title != nil || row.note != nil else { continue }
            try changes.describe(landmark: name, title: row.title, note: row.note, place: row.place)
        }
        return (changes, missing)
    }
}
