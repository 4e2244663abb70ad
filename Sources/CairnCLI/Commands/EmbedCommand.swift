import ArgumentParser
import CairnCore
import CairnFormats
import CairnModelLibrary
import CairnTerminal
import Foundation

struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Write photos' global descriptors.",
        discussion: """
            Folders stand for the photos below them, by path. Rows are in the order of the photos, 32-bit floats of unit \
            length. A photo that cannot be read ends it: rows stay beside their photos.

            EXAMPLES
              cairn embed a.jpg b.jpg --model r50 --json
              cairn embed photos/ --model r50 -o descriptors.npy
            """)

    @Argument(help: ArgumentHelp("Photos and folders.", valueName: "path"))
    var paths: [String]

    @Option(help: ArgumentHelp("The model.", valueName: "name"))
    var model: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The .npy file to write.", valueName: "file"))
    var output: String?

    @Flag(help: "Print the descriptors as JSON.")
    var json = false

    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var reading: ReadingOptions

    private struct Row: Encodable {
        var path: String
        var descriptor: [Float]
    }

    func validate() throws {
        guard json || output != nil else {
            throw ValidationError("Say where the descriptors go: --json prints them, -o FILE writes them.")
        }
    }

    func run() async throws {
        if let output { try OutputFile.requireFolder(of: output) }
        let images = try PhotoFiles.expanded(paths)
        let extractor = try ModelLibrary.standard.globalModel(
            named: model, runtime: runtime.runtime(images.count > 2 ? .throughput : .latency))
        let bar = ProgressBar("Embedding", unit: "photos")
        let maximumPixels = reading.options.maximumPixels
        let results = extractor.descriptors(ofPhotosAt: images, maximumPixels: maximumPixels) {
            bar.update(done: $0, total: images.count)
        }
        bar.finish()
        // Rows must stay beside their photos.
        let descriptors = try results.map { try $0.get() }
        if let output {
            try NPYFile.write(
                NumericArray(descriptors.flatMap(\.self), shape: [descriptors.count, extractor.dimensions]), to: output)
            Console.note("\(descriptors.count) descriptors of \(extractor.dimensions) dimensions → \(output)")
        }
        if json { try Console.printJSON(zip(images, descriptors).map { Row(path: $0, descriptor: $1) }) }
    }
}
