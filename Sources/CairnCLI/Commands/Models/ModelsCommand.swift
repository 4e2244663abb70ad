import ArgumentParser

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Add networks, and see which there are.",
        discussion: """
            Models are kept in $CAIRN_MODELS, else in the XDG data folder.

            EXAMPLES
              cairn models add resnet50.safetensors --name r50 --ignore-head
              cairn models add xfeat.onnx --name xfeat
              cairn index ~/Photos --model xfeat --model r50
            """,
        subcommands: [
            ModelsAddCommand.self, ModelsEnsembleCommand.self, ModelsListCommand.self, ModelsShowCommand.self,
            ModelsExportCommand.self, ModelsRemoveCommand.self, ModelsArchitecturesCommand.self,
        ])
}
