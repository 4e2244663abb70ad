import CairnCore
import CairnImaging
import Testing

@testable import CairnDatasets

/// The mean, largest and smallest of the red samples in a square around a position; nil outside the image.
private func patch(_ image: RGBImage, _ x: Double, _ y: Double, radius: Int) -> (mean: Double, spread: Double)? {
    let column = Int(x)
    let row = Int(y)
    guard column >= radius, row >= radius, column + radius < image.width, row + radius < image.height else {
        return nil
    }
    var values: [Double] = []
    for dy in -radius...radius {
        for dx in -radius...radius { values.append(Double(image.pixels[((row + dy) * image.width + column + dx) * 3])) }
    }
    return (values.reduce(0, +) / Double(values.count), (values.max() ?? 0) - (values.min() ?? 0))
}

@Suite("The sample town's ground truth")
struct SampleTownGeometryTests {
    @Test("a view shows the façade's colours where its homography says, and not six pixels beside")
    func homographyMatchesPixels() throws {
        let town = try SampleTown(seed: 21, landmarks: 8, longSide: 512, difficulty: .clean)
        // What noon does to a painted red, before highlights roll off above 225.
        let gain = Double(SceneLight(.noon).front.x)
        for index in 0..<4 {
            let landmark = town.landmark(index)
            let facade = landmark.facadeImage
            let view = town.view(of: landmark, index: 0)
            let map = try #require(view.homography)
            var errors: [Double] = []
            var shifted: [Double] = []
            for y in stride(from: 12, to: facade.height - 12, by: 9) {
                for x in stride(from: 12, to: facade.width - 12, by: 9) where landmark.facadeCoverage(x: x, y: y) == 255
                {
                    let at = map.project(x: Double(x) + 0.5, y: Double(y) + 0.5)
                    // Quiet spots only: on an edge, half a pixel of resampling is a large difference.
                    guard let source = patch(facade, Double(x), Double(y), radius: 3), source.spread < 30,
                        source.mean * gain < 215, let seen = patch(view.image, at.x, at.y, radius: 0)
                    else { continue }
                    errors.append(abs(seen.mean - source.mean * gain))
                    if let beside = patch(view.image, at.x + 6, at.y + 6, radius: 0) {
                        shifted.append(abs(beside.mean - source.mean * gain))
                    }
                }
            }
            try #require(errors.count > 150, "landmark \(index): \(errors.count) quiet spots")
            let good = Double(errors.count { $0 < 14 }) / Double(errors.count)
            let goodBeside = Double(shifted.count { $0 < 14 }) / Double(shifted.count)
            #expect(good > 0.97, "landmark \(index): \(good) of \(errors.count) spots agree")
            #expect(goodBeside < good - 0.1, "landmark \(index): \(goodBeside) agree six pixels beside")
        }
    }

    @Test("homography and pose agree: K (R X + t), worked out by hand")
    func poseAgreesWithHomography() throws {
        let town = try SampleTown(seed: 5, landmarks: 6, longSide: 320, difficulty: .hard)
        for index in 0..<6 {
            let landmark = town.landmark(index)
            let view = town.view(of: landmark, index: 1)
            let pose = try #require(view.pose)
            let map = try #require(view.homography)
            // The texture's lower edge lies on the ground, its left edge 0.9 m left of the wall.
            let bottom = Double(landmark.design.height + 0.5) * landmark.pixelsPerMetre
            for (u, v) in [(30.0, 40.0), (200.5, 333.25), (411, 90)] {
                let point = [
                    u / landmark.pixelsPerMetre - Double(Float(0.9)), (bottom - v) / landmark.pixelsPerMetre, 0,
                ]
                let r = pose.rotation
                let camera = (0..<3).map { row in
                    (0..<3).map { r[row * 3 + $0] * point[$0] }.reduce(0, +) + pose.translation[row]
                }
                let x = pose.focalLength * camera[0] / camera[2] + pose.principalPoint[0]
                let y = pose.focalLength * camera[1] / camera[2] + pose.principalPoint[1]
                let mapped = map.project(x: u, y: v)
                #expect(abs(mapped.x - x) < 1e-3 && abs(mapped.y - y) < 1e-3, "(\(u), \(v)): \(mapped), (\(x), \(y))")
                let projected = pose.project(x: point[0], y: point[1], z: point[2])
                #expect(abs(projected.x - x) < 1e-9 && projected.depth > 0)
            }
        }
    }

    @Test("rotations are proper, and the camera stands before the façade, above the ground")
    func poses() throws {
        let town = try SampleTown(seed: 6, landmarks: 10, longSide: 64, difficulty: .hard)
        for index in 0..<10 {
            let pose = try #require(town.view(landmark: index, index: 0).pose)
            let r = pose.rotation
            for a in 0..<3 {
                for b in 0..<3 {
                    let dot = (0..<3).map { r[a * 3 + $0] * r[b * 3 + $0] }.reduce(0, +)
                    #expect(abs(dot - (a == b ? 1 : 0)) < 1e-9)
                }
            }
            let determinant =
                r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6])
                + r[2] * (r[3] * r[7] - r[4] * r[6])
            #expect(abs(determinant - 1) < 1e-9)
            #expect(pose.position[2] > 0 && pose.position[1] > 1)
        }
    }

    @Test("a plane map undone is the identity")
    func inverse() throws {
        let map = PlaneMap(elements: [0.9, 0.1, 30, -0.2, 1.1, 12, 0.0004, -0.0002, 1])
        let identity = try #require(map.inverse).after(map)
        let p = identity.project(x: 123.5, y: 77.25)
        #expect(abs(p.x - 123.5) < 1e-9 && abs(p.y - 77.25) < 1e-9)
        #expect(PlaneMap(elements: [1, 2, 3, 2, 4, 6, 0, 0, 1]).inverse == nil)
    }

    @Test("views of the whole front hold most of it, details less")
    func shares() throws {
        let town = try SampleTown(seed: 8, landmarks: 10, longSide: 64, difficulty: .medium)
        var whole: [Double] = []
        var details: [Double] = []
        for index in 0..<10 {
            let landmark = town.landmark(index)
            for number in 0..<4 {
                let view = town.view(of: landmark, index: number)
                if view.kind == .detail { details.append(view.facadeShare) }
                if view.kind == .frontal || view.kind == .oblique { whole.append(view.facadeShare) }
            }
        }
        try #require(whole.count > 4 && details.count > 4)
        #expect(whole.reduce(0, +) / Double(whole.count) > 0.8, "\(whole)")
        #expect(details.reduce(0, +) / Double(details.count) < 0.75, "\(details)")
    }
}
