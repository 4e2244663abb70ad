import ArgumentParser
import Cairn
import CairnDatasets
import CairnTerminal
import Foundation

struct LabelFoldersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "folders",
        abstract: "Take labels from the names of folders.",
        discussion: """
            Every folder in the given one is a label, of all images below it. Images in _distractor are non-landmarks. \
            Photos that are not in the collection are counted and left aside: index them first.

            EXAMPLES
              cairn index ~/Landmarks
              cairn label folders ~/Landmarks
            """)

    @Argument(help: ArgumentHelp("The folder that holds one folder a label.", valueName: "dir"))
    var folder: String

    @OptionGroup var location: CollectionOptions
    @OptionGroup var conflict: LabelConflictOptions

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        let collection = try ImageCollection.open(at: location.path)
        let dataset = try FolderDataset(root: URL(fileURLWithPath: folder))
        let found = try collection.snapshot().find(dataset.images.map(\.path), relativeTo: "/")
        var assignments = LabelAssignments(conflict)
        var missing = 0
        for (file, lookup) in zip(dataset.images, found) {
            guard case .found(let image) = lookup else {
                missing += 1
                continue
            }
            let label: ImageLabel
            do {
                label = try file.className.map(ImageLabel.init(validating:)) ?? .nonLandmark
            } catch let error as CollectionError {
                throw CommandError(kind: .invalidInput, message: "\(file.path): \(error.message); nothing was changed")
            }
            try assignments.add(label, for: image, from: file.path)
        }
        let report = try await collection.apply(assignments.changes(source: .folder))
        try LabelOutcome(
            report: report, missing: missing, conflicts: assignments.conflicts, ignored: dataset.ignored.count
        ).print(json: json)
    }
}
