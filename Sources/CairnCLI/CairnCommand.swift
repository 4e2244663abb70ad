import ArgumentParser
import CairnTerminal

/// The command line: parsing, printing, exit statuses. Everything else is in the modules below.
@main
struct CairnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cairn",
        abstract: "Finds every photo of the same building, place or object, and shows why.",
        discussion: """
            EXAMPLES
              cairn index ~/Photos                      add a folder; run it again any time
              cairn search query.jpg --html sheet.html  search, and show the evidence
              cairn label folders ~/Landmarks           say what photos show, and then
              cairn recognize query.jpg                 which landmark it is, or none
              cairn match a.jpg b.jpg -o lines.png      what two photos have in common
              cairn duplicates --html duplicates.html   copies, crops and edited versions

            The collection is --collection, else $CAIRN_COLLECTION, else the XDG data folder.
            """,
        version: "cairn 0.1.0",
        subcommands: [
            IndexCommand.self, SearchCommand.self, RecognizeCommand.self, MatchCommand.self, DuplicatesCommand.self,
            LabelCommand.self, CalibrateCommand.self, CleanCommand.self, InfoCommand.self, RemoveCommand.self,
            EvaluateCommand.self, AblateCommand.self, RecipeCommand.self, DatasetsCommand.self, SubmitCommand.self,
            ModelsCommand.self, EmbedCommand.self, RerankCommand.self, ClassifyCommand.self,
            ClusterCommand.self, WhitenCommand.self, VocabularyCommand.self, DemoCommand.self, DoctorCommand.self,
        ])

    static func main() async { await CommandMain.run(Self.self) { $0.advice } }
}
