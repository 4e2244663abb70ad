import ArgumentParser
import CairnCore
import CairnGeometry
import Foundation

/// Solves made-up verification problems: correspondences with known outliers.
struct ProblemsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "problems", abstract: "Verify made-up correspondences; inliers and microseconds of each problem.",
        discussion: """
            The file is little-endian: number of problems (Int32); for each the number of correspondences (Int32) and of \
            each of those x, y, x', y', scale ratio and rotation (Float64).
            """)

    @Argument var path: String
    @Flag(help: "Leave orientations and sizes out.") var pointsOnly = false

    struct Report: Encodable {
        var microseconds: [Double]
        var inliers: [[Int]]
    }

    func run() throws {
        var reader = Reader(bytes: try Data(contentsOf: URL(fileURLWithPath: path)))
        let verifier = try GeometricVerifier(configuration: .homography)
        let size = ImageSize(width: 1_024, height: 768)
        var report = Report(microseconds: [], inliers: [])
        for _ in 0..<Int(try reader.value(Int32.self)) {
            let correspondences = try (0..<Int(try reader.value(Int32.self))).map { _ in
                let values = try reader.values(Double.self, count: 6)
                return Correspondence(
                    source: PixelPoint(x: values[0], y: values[1]), target: PixelPoint(x: values[2], y: values[3]),
                    scaleRatio: pointsOnly ? 1 : Float(values[4]), rotation: pointsOnly ? .nan : Float(values[5]))
            }
            var model: GeometricModel?
            // The best of three, on both sides: what is measured is the method, not the machine's other work.
            let times = try (0..<3).map { _ in
                try Measurement.seconds {
                    model = try verifier.verify(correspondences, sourceSize: size, targetSize: size)
                }
            }
            report.microseconds.append((times.min() ?? 0) * 1e6)
            report.inliers.append(model?.inliers ?? [])
        }
        try Measurement.report(report)
    }
}
