import ArgumentParser
import CairnCore
import CairnIndex
import Foundation

/// Exact search of global descriptors.
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Write a descriptor file, and search it exactly.",
        subcommands: [ScanFillCommand.self, ScanSearchCommand.self])

    /// The digest of no model: the vectors are made up.
    static let modelDigest = [UInt8](repeating: 0, count: DescriptorFile.digestByteCount)

    /// Calls `body` with the 32-bit floats of a file.
    static func withVectors(_ path: String, _ body: (UnsafeBufferPointer<Float>) throws -> Void) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        try data.withUnsafeBytes { try $0.withMemoryRebound(to: Float.self, body) }
    }
}

/// Writes raw vectors into descriptor files.
struct ScanFillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill", abstract: "Write raw 32-bit floats into a descriptor file.")

    @Argument(help: "Vectors, one after the other.") var vectors: String
    @Argument(help: "The file to write.") var output: String
    @Option var dimensions = 512

    struct Report: Encodable {
        var images: Int
        var seconds: Double
        var bytes: Int
    }

    func run() throws {
        var images = 0
        let seconds = try Measurement.seconds {
            try ScanCommand.withVectors(vectors) { values in
                images = values.count / dimensions
                var writer = try DescriptorFileWriter(
                    path: output, count: images, dimensions: dimensions, modelDigest: ScanCommand.modelDigest)
                for image in 0..<images {
                    let vector = UnsafeBufferPointer(rebasing: values[image * dimensions..<(image + 1) * dimensions])
                    try writer.append(ImageID(UInt32(image + 1)), descriptor: vector)
                }
                try writer.commit()
            }
        }
        try Measurement.report(
            Report(images: images, seconds: seconds, bytes: try DescriptorFile(path: output).byteCount))
    }
}

/// Searches one by one or all at once.
struct ScanSearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Search a descriptor file; queries a second, and what was found.")

    @Argument var file: String
    @Argument(help: "Queries, one after the other.") var queries: String
    @Option var limit = 10
    @Option var threads = 1
    @Option(help: "Search with no more than these.") var count = Int.max
    @Flag(help: "All queries in one call.") var batch = false

    struct Report: Encodable {
        var queriesPerSecond: Double
        /// For each query the positions of the vectors found, best first.
        var found: [[Int]]
    }

    func run() throws {
        let file = try DescriptorFile(path: file)
        let index = try ExactIndex(
            files: [file], dimensions: file.dimensions, modelDigest: ScanCommand.modelDigest)
        var values: [Float] = []
        try ScanCommand.withVectors(queries) { values = Array($0) }
        let total = min(count, values.count / file.dimensions)
        values = Array(values.prefix(total * file.dimensions))
        let each = (0..<total).map { Array(values[$0 * file.dimensions..<($0 + 1) * file.dimensions]) }

        // The first search brings the file into memory.
        _ = try index.search(each[0], limit: limit, threads: threads)
        var results: [[ScoredImage]] = []
        let seconds = try Measurement.seconds {
            if batch {
                results = try index.search(batch: values, limit: limit, threads: threads)
            } else {
                for query in each { results.append(try index.search(query, limit: limit, threads: threads)) }
            }
        }
        try Measurement.report(
            Report(
                queriesPerSecond: Double(total) / seconds,
                found: results.map { $0.map { Int($0.image.rawValue) - 1 } }))
    }
}
