import ArgumentParser
import CairnModelLibrary
import CairnTerminal

struct ModelsEnsembleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ensemble",
        abstract: "Make one model of several: their descriptors one behind another.",
        discussion: """
            A whitening learned for the ensemble brings the length down.

            EXAMPLES
              cairn models ensemble r50 r101 --name both
              cairn models ensemble r50 r101 --name both --weight 1 --weight 2
              cairn whiten learn ~/Photos --model both --dimensions 1024
            """)

    @Argument(help: ArgumentHelp("The models.", valueName: "name"))
    var members: [String]

    @Option(help: ArgumentHelp("The ensemble's name.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("Weights of the models, in order; 1 each by default.", valueName: "number"))
    var weight: [Double] = []

    func validate() throws {
        guard weight.isEmpty || weight.count == members.count else {
            throw ValidationError(
                "There are \(members.count) models and \(weight.count) weights; give one each, or none.")
        }
    }

    func run() async throws {
        try ModelLibrary.requireFree(name: name)
        let weights = weight.isEmpty ? [Double](repeating: 1, count: members.count) : weight
        let record = try ModelLibrary.standard.addEnsemble(
            name, of: zip(members, weights).map { (name: $0, weight: $1) })
        Console.print("\(record.name): \(record.sentence)")
    }
}
