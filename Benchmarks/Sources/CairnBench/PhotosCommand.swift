import ArgumentParser
import CairnDatasets
import CairnImaging
import Foundation

/// Writes rendered views as JPEG files, all different.
struct PhotosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "photos", abstract: "Write town views, three of each landmark and some of none.")

    @Argument var folder: String
    @Option var count = 200
    @Option var longSide = 1_024
    @Option var seed: UInt64 = 21

    func run() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let town = try SampleTown(
            seed: seed, landmarks: min(SampleTown.maximumLandmarks, max(1, count / 4)), viewsPerLandmark: 3,
            longSide: longSide)
        let workers = ProcessInfo.processInfo.activeProcessorCount
        try Measurement.onThreads(workers) { worker in
            for group in stride(from: worker, to: (count + 3) / 4, by: workers) {
                let landmark = town.landmark(group % town.landmarks)
                for place in 0..<4 where 4 * group + place < count {
                    // Past the last landmark, further views of the first ones.
                    let view =
                        place < 3
                        ? town.view(of: landmark, index: 3 * (group / town.landmarks) + place)
                        : town.distractor(index: group)
                    let name = String(format: "%05d.jpg", 4 * group + place)
                    try view.image.encodeJPEG(quality: 90).write(
                        to: URL(fileURLWithPath: folder).appendingPathComponent(name))
                }
            }
        }
        try Measurement.report(["images": count])
    }
}
