import ArgumentParser
import CairnCore
import CairnImaging

/// Decodes files to 1,024 px on the long side.
struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Decode photos to 1,024 px; the total time, and the sum of all samples.")

    @Argument var paths: [String]
    @Flag var gray = false

    struct Report: Encodable {
        var seconds: Double
        var width: Int
        var height: Int
        /// Of every image, its samples' mean: what the peer's is compared with.
        var means: [Double]
    }

    func run() throws {
        let decoder = ImageDecoder(configuration: .localFeatures)
        var size = ImageSize(width: 0, height: 0)
        var images: [[UInt8]] = []
        // The first decoding starts the library; files are in the system's cache on both sides.
        if let first = paths.first { _ = try decoder.rgb(contentsOf: first) }
        let seconds = try Measurement.seconds {
            for path in paths {
                if gray {
                    let image = try decoder.gray(contentsOf: path)
                    size = image.size
                    images.append(image.pixels)
                } else {
                    let image = try decoder.rgb(contentsOf: path)
                    size = image.size
                    images.append(image.pixels)
                }
            }
        }
        try Measurement.report(
            Report(
                seconds: seconds, width: size.width, height: size.height,
                means: images.map { Double($0.reduce(0) { $0 + Int($1) }) / Double($0.count) }))
    }
}
