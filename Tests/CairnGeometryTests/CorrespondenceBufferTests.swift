import CairnCore
import Foundation
import Testing

@testable import CairnGeometry

@Suite struct CorrespondenceBufferTests {
    private func buffer(_ items: [Correspondence]) throws -> CorrespondenceBuffer {
        try CorrespondenceBuffer(
            items, sourceSize: SyntheticScene.size, targetSize: SyntheticScene.size, configuration: .homography)
    }

    @Test(
        "Vector scoring finds the inliers that a plain loop in double precision finds",
        arguments: [1, 7, 8, 9, 100, 203])
    func homographyTwin(count: Int) throws {
        let h = SyntheticScene.homography(strength: 1, seed: 8)
        let scene = SyntheticScene.plane(h, count: count, outliers: 0.4, noise: 2.5, seed: 12)
        var expected: [Int] = []
        var gain = 0.0
        for (index, item) in scene.correspondences.enumerated() {
            guard let p = h.project(item.source) else { continue }
            let j = h.jacobian(atX: item.source.x, y: item.source.y)
            let area = j.a * j.d - j.b * j.c
            let turn = atan2(j.c - j.b, j.a + j.d) - Double(item.rotation)
            let ratio = area / Double(item.scaleRatio * item.scaleRatio)
            let error = p.squaredDistance(to: item.target) / (16 * max(1, area))
            guard error < 1, abs(atan2(sin(turn), cos(turn))) < .pi / 4, ratio < 2.2 * 2.2, ratio > 1 / (2.2 * 2.2)
            else {
                continue
            }
            expected.append(index)
            gain += 1 - error
        }
        let buffer = try buffer(scene.correspondences)
        let centred = Matrix3.translation(-512, -384) * h * Matrix3.translation(512, 384)
        let support = buffer.support(of: centred, threshold: 4)
        #expect(support.count == expected.count)
        #expect(abs(Double(support.gain) - gain) < 0.01)
        let found = buffer.collect(centred, threshold: 4)
        #expect((0..<found).map { Int(buffer.list[$0]) } == expected)
    }

    @Test("Sampson scoring finds the inliers that a plain loop finds, on the majority's side")
    func epipolarTwin() throws {
        let (scene, f) = SyntheticScene.space(count: 120, outliers: 0.3, planar: 0.2, noise: 1, seed: 4)
        let buffer = try buffer(scene.correspondences)
        let centred =
            Matrix3.translation(512, 384).transposed * f * Matrix3.translation(512, 384)
        let expected = scene.correspondences.indices.filter {
            let item = scene.correspondences[$0]
            let x = SIMD3(item.source.x, item.source.y, 1)
            let u = SIMD3(item.target.x, item.target.y, 1)
            let (line, back) = (f * x, f.transposed * u)
            let residual = (u * line).sum()
            return residual * residual / (line.x * line.x + line.y * line.y + back.x * back.x + back.y * back.y) < 4
        }
        let count = buffer.collect(epipolar: centred, threshold: 2)
        let found = (0..<count).map { Int(buffer.list[$0]) }
        #expect(Set(found).isSubset(of: expected))
        // True points are before both cameras; only outliers that touch their line by chance may be behind.
        #expect(expected.allSatisfy { !scene.isTrue[$0] || found.contains($0) })
        #expect(buffer.support(ofEpipolar: centred, threshold: 2).count == count)
    }

    @Test("A mirror image has no inliers, and neither has what lies beyond the horizon")
    func mirrorAndHorizon() throws {
        let items = (0..<20).map { i -> Correspondence in
            let p = PixelPoint(x: 100 + Double(i % 5) * 150, y: 100 + Double(i / 5) * 120)
            return Correspondence(source: p, target: PixelPoint(x: 1024 - p.x, y: p.y))
        }
        let buffer = try buffer(items)
        #expect(buffer.support(of: Matrix3(-1, 0, 0, 0, 1, 0, 0, 0, 1), threshold: 4).count == 0)
        #expect(buffer.support(of: Matrix3(1, 0, 0, 0, -1, 0, 0, 0, -1), threshold: 4).count == 0)
    }

    @Test("Repeated positions count once, and the better of two stays")
    func distinct() throws {
        var items = (0..<10).map { (i: Int) -> Correspondence in
            let (x, y) = (100 + 60 * Double(i % 4), 100 + 70 * Double(i / 4))
            return Correspondence(source: PixelPoint(x: x, y: y), target: PixelPoint(x: x + 1, y: y - 1))
        }
        items.append(Correspondence(source: items[0].source, target: PixelPoint(x: 103, y: 99)))
        items.append(Correspondence(source: PixelPoint(x: 100.1, y: 100), target: items[0].target))
        let buffer = try buffer(items)
        let count = buffer.collect(Matrix3.translation(1, -1), threshold: 4)
        #expect(count == 12)
        #expect(buffer.distinct(count, in: items) == Array(0..<10))
    }

    @Test("Coordinates, scales and rotations that are no numbers are refused by index")
    func refusals() {
        let good = Correspondence(source: PixelPoint(x: 1, y: 2), target: PixelPoint(x: 3, y: 4))
        for bad in [Double.nan, .infinity, -.infinity, 1e300] {
            for path in [\Correspondence.source.x, \.source.y, \.target.x, \.target.y] {
                var item = good
                item[keyPath: path] = bad
                let error = #expect(throws: GeometryError.self) { _ = try buffer([good, item]) }
                #expect(error?.kind == .invalidInput && error?.message.contains("Correspondence 1") == true)
            }
        }
        for ratio in [Float.nan, 0, -1, .infinity] {
            var item = good
            item.scaleRatio = ratio
            #expect(throws: GeometryError.self) { _ = try buffer([item]) }
        }
        #expect(throws: GeometryError.self) {
            var item = good
            item.rotation = .infinity
            _ = try buffer([item])
        }
    }
}
