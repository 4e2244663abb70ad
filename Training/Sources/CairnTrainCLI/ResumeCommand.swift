import ArgumentParser
import CairnTerminal
import CairnTorch
import CairnTraining
import Foundation

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run that was ended: by Ctrl-C, a kill, a full disk.",
        discussion: """
            It goes on from the last checkpoint, there is one after each epoch and every ten minutes, with the same photos in the \
            same order and the same random numbers. On one thread losses are the same bits as those of a run that was never ended.

            EXAMPLES
              cairn-train resume run/
              cairn-train resume run/ --workers 8
            """)

    @Argument(help: ArgumentHelp("The folder of a run.", valueName: "dir"))
    var folder: String

    @OptionGroup var machine: MachineOptions

    func validate() throws { try machine.check() }

    func run() async throws {
        let home = URL(fileURLWithPath: folder)
        let machine = MachineChanges(machine)
        try await Interruption.cancelling {
            let run = try TrainingRun(resuming: home) { machine.apply(to: &$0) }
            let place = try TrainingPlace(run.options)
            try await run.train(on: place.device, group: place.group)
        }
    }
}
