import ArgumentParser
import CairnCore
import CairnModelLibrary
import CairnTerminal

struct ModelsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a model's graph as an ONNX file.",
        discussion: """
            The input is “image”, [N, 3, height, width], normalised; the output is “descriptor”, [N, D], rows of unit length. \
            Height and width are free unless the network's graph depends on them.

            EXAMPLES
              cairn models export r50 -o r50.onnx
              cairn models export swin -o swin.onnx --size 512x384
            """)

    @Argument(help: ArgumentHelp("The model.", valueName: "name"))
    var name: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Width and height, where the graph depends on them: 512x384.", valueName: "WxH"))
    var size: SizeArgument?

    func run() async throws {
        try OutputFile.requireFolder(of: output)
        let bytes = try ModelLibrary.standard.onnx(of: name, size: size?.size)
        try OutputFile.write(bytes, to: output)
        Console.print("\(name) → \(output), \(bytes.count / 1_000_000) MB")
    }
}

/// Width and height with an x between them.
struct SizeArgument: ExpressibleByArgument {
    let size: ImageSize

    init?(argument: String) {
        let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1], (32...8_192).contains(width),
            (32...8_192).contains(height)
        else { return nil }
        size = ImageSize(width: width, height: height)
    }
}
