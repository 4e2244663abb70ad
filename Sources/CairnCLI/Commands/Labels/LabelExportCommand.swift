import ArgumentParser
import Cairn
import CairnImaging
import CairnTerminal
import Foundation

struct LabelExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write labels and given places as a table, which label csv reads.",
        discussion: """
            Paths are relative to the table's folder where they lie below it, so that both can be moved together.

            EXAMPLES
              cairn label export labels.csv
              cairn label export landmarks.csv --landmarks    for label places
            """)

    @Argument(help: ArgumentHelp("The table to write.", valueName: "file"))
    var file: String

    @OptionGroup var location: CollectionOptions

    @Flag(help: "Write what is known of the labels themselves: place, title, note.")
    var landmarks = false

    func run() async throws {
        try OutputFile.requireFolder(of: file)
        let snapshot = try ImageCollection.open(at: location.path).snapshot()
        let (header, rows) = landmarks ? try landmarkRows(snapshot) : try imageRows(snapshot)
        try OutputFile.write(([header] + rows).map(CSVText.line).joined(), to: file)
        Console.print("\(rows.count) \(landmarks ? "labels" : "images") → \(file)")
    }

    private func imageRows(_ snapshot: CollectionSnapshot) throws -> ([String], [[String]]) {
        let folder = URL(fileURLWithPath: file).standardizedFileURL.deletingLastPathComponent().path
        let base = folder == "/" ? folder : folder + "/"
        var rows: [[String]] = []
        try snapshot.forEachImage { image in
            guard image.label != nil || image.givenPlace != nil, let path = image.paths.first else { return }
            let relative =
                path.utf8.starts(with: base.utf8)
                ? String(decoding: path.utf8.dropFirst(base.utf8.count), as: UTF8.self) : path
            let label = image.label.map { $0.landmarkName ?? ImageLabel.nonLandmarkName } ?? ""
            rows.append([relative, label] + Self.coordinates(image.givenPlace))
        }
        return (["image", "label", "latitude", "longitude"], rows)
    }

    private func landmarkRows(_ snapshot: CollectionSnapshot) throws -> ([String], [[String]]) {
        let rows = try snapshot.landmarks().map { label in
            [label.name] + Self.coordinates(label.isPlaceGiven ? label.place : nil) + [
                label.title ?? "", label.note ?? "",
            ]
        }
        return (["label", "latitude", "longitude", "title", "note"], rows)
    }

    private static func coordinates(_ place: GPSPosition?) -> [String] {
        [place?.latitude, place?.longitude].map { $0.map { "\($0)" } ?? "" }
    }
}
