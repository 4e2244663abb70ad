import ArgumentParser
import CairnCore
import CairnFormats
import CairnModelLibrary
import Foundation

struct EmbedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Write photos' global descriptors.",
        discussion: """
            Rows are in the order of the photos, 32-bit floats of unit length.

            EXAMPLES
              cairn embed a.jpg b.jpg --model r50 --json
              cairn embed photos/*.jpg --model r50 -o descriptors.npy
            """)

    @Argument(help: ArgumentHelp("Photos.", valueName: "image"))
    var images: [String]

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
        let extractor = try ModelLibrary.standard.globalModel(
            named: model, runtime: runtime.runtime(images.count > 2 ? .throughput : .latency))
        let bar = ProgressBar("Embedding", unit: "photos")
        let maximumPixels = reading.options.maximumPixels
        let results = extractor.descriptors(ofPhotosAt: images, maximumPixels: maximumPixels) {
            bar.update(done: $0, total: images.count)
        }
        bar.finish()
        // Rows must stay beside their photos: one that cannot be read ends it.
        let descriptors = try results.map { try $0.get() }
        if let output {
            try NPYFile.write(
                NumericArray(descriptors.flatMap(\.self), shape: [descriptors.count, extractor.dimensions]), to: output)
            Console.note("\(descriptors.count) descriptors of \(extractor.dimensions) dimensions → \(output)")
        }
        if json { try Console.printJSON(zip(images, descriptors).map { Row(path: $0, descriptor: $1) }) }
    }
}
