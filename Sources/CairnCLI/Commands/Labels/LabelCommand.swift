import ArgumentParser

struct LabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Say what photos show and where they were taken.",
        discussion: """
            An image has one label, or is a non-landmark: known to show none of them. Labels are of contents: copies share \
            one, and it stays when files move. Every command changes all or nothing.

            EXAMPLES
              cairn label folders ~/Landmarks          one folder a label
              cairn label csv labels.csv               a table with image and label
              cairn label set "Old Bridge" a.jpg b.jpg
              cairn label list
            """,
        subcommands: [
            LabelFoldersCommand.self, LabelCSVCommand.self, LabelSidecarsCommand.self, LabelPlacesCommand.self,
            LabelSetCommand.self, LabelNoneCommand.self, LabelClearCommand.self, LabelListCommand.self,
            LabelShowCommand.self, LabelExportCommand.self,
        ])
}

/// What becomes of an image of which two things are said.
struct LabelConflictOptions: ParsableArguments {
    @Flag(help: "Leave aside images of which two different things are said.")
    var skipConflicts = false
}
