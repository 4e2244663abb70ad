import ArgumentParser
import CairnCore
import CairnFeatures
import CairnImaging
import CairnInference
import CairnModelLibrary
import Dispatch
import Foundation
import Synchronization

/// Describes one image over and over with a global model of the library, in a process that has done nothing else.
struct NetworkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "Latency or throughput of a global model, start-up and memory.")

    @Argument var model: String
    @Option var height = 512
    @Option var width = 512
    @Option var seconds = 4.0
    @Option var precision: ModelRuntime.Precision = .float32
    @Flag(help: "Several images side by side.") var throughput = false
    @Option(help: "Where compiled models are kept; none by default.") var cache: String?

    struct Report: Encodable {
        /// Median milliseconds of an image; one at a time.
        var milliseconds: Double
        /// Images a second in all.
        var imagesPerSecond: Double
        /// Milliseconds from nothing to the first descriptor.
        var start: Double
        /// The process's own memory after all images.
        var ownBytes: Int
    }

    func run() async throws {
        let begin = ContinuousClock.now
        let runtime = try ModelRuntime(
            precision: precision, goal: throughput ? .throughput : .latency, cacheDirectory: cache)
        let extractor = try ModelLibrary.standard.globalModel(named: model, runtime: runtime)
        var generator = SystemRandomNumberGenerator()
        let pixels = (0..<height * width * 3).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let photo = ExtractionPhoto(RGBImage(size: ImageSize(width: width, height: height), pixels: pixels))
        _ = try extractor.descriptor(of: photo)
        let start = (ContinuousClock.now - begin) / .milliseconds(1)

        let threads = throughput ? ProcessInfo.processInfo.activeProcessorCount : 1
        let times = Mutex<[Double]>([])
        let first = ContinuousClock.now
        try Measurement.onThreads(threads) { _ in
            repeat {
                let time = try Measurement.seconds { _ = try extractor.descriptor(of: photo) }
                times.withLock { $0.append(time) }
            } while (ContinuousClock.now - first) / .seconds(1) < seconds
        }
        let elapsed = (ContinuousClock.now - first) / .seconds(1)
        let measured = times.withLock { $0 }
        try Measurement.report(
            Report(
                milliseconds: Measurement.median(measured) * 1e3, imagesPerSecond: Double(measured.count) / elapsed,
                start: start, ownBytes: Measurement.residentBytes("RssAnon")))
    }
}

extension ModelRuntime.Precision: @retroactive ExpressibleByArgument {}
