import ArgumentParser
import Cairn
import CairnCore
import CairnTerminal
import Foundation

struct LabelSidecarsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sidecars",
        abstract: "Take labels and places from small files beside the photos.",
        discussion: """
            Beside photo.jpg these are read, each also as photo.json and so on:

              photo.jpg.json  {"label": "Old Bridge", "latitude": 45.1, "longitude": 7.2}
              photo.jpg.txt   the label alone, or _distractor
              photo.jpg.xmp   the location's name, else the keyword landmark|NAME, else
                              the only keyword; the GPS position

            EXAMPLES
              cairn label sidecars ~/Landmarks
              cairn label sidecars a.jpg b.jpg
            """)

    @Argument(help: ArgumentHelp("Photos and folders, as they were indexed.", valueName: "path"))
    var paths: [String]

    @OptionGroup var location: CollectionOptions
    @OptionGroup var conflict: LabelConflictOptions

    @Flag(help: "Leave aside files that are not what they should be.")
    var skipUnreadable = false

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        let collection = try ImageCollection.open(at: location.path)
        let snapshot = try collection.snapshot()
        var assignments = LabelAssignments(conflict)
        var (bare, unreadable) = (0, 0)
        for path in paths {
            let files = try snapshot.files(atOrBelow: path)
            guard !files.isEmpty else {
                throw CommandError(
                    kind: .notFound,
                    message: "the collection at \(collection.path) has nothing at \(path); index it first")
            }
            for file in files {
                do {
                    guard let sidecar = try LabelSidecar.read(besides: file.path) else {
                        bare += 1
                        continue
                    }
                    try assignments.add(sidecar.label, place: sidecar.place, for: file.image, from: file.path)
                } catch let error as CollectionError {
                    guard skipUnreadable else {
                        throw CommandError(
                            kind: error.kind,
                            message:
                                "\(error.message); mend it, or leave such files aside with --skip-unreadable; nothing was changed"
                        )
                    }
                    unreadable += 1
                }
            }
        }
        let report = try await collection.apply(assignments.changes(source: .sidecar))
        try LabelOutcome(
            report: report, conflicts: assignments.conflicts, bare: bare, unreadable: unreadable
        ).print(json: json)
    }
}
