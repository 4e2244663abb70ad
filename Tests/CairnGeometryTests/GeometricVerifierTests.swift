import CairnCore
import Foundation
import Testing

@testable import CairnGeometry

@Suite struct GeometricVerifierTests {
    private let size = SyntheticScene.size

    private func verify(
        _ items: [Correspondence], _ configuration: VerificationConfiguration = .homography
    ) throws -> GeometricModel? {
        try GeometricVerifier(configuration: configuration).verify(items, sourceSize: size, targetSize: size)
    }

    @Test("Known homographies are found at 10 to 90 % outliers", arguments: [0.1, 0.3, 0.5, 0.7, 0.8, 0.9])
    func knownHomographies(outliers: Double) throws {
        for seed in 0..<20 as Range<UInt64> {
            let h = SyntheticScene.homography(strength: 1, seed: seed)
            let scene = SyntheticScene.plane(h, count: 200, outliers: outliers, seed: seed + 100)
            let model = try #require(try verify(scene.correspondences))
            let (recall, precision) = scene.recallAndPrecision(model)
            #expect(recall > 0.97 && precision > 0.95, "seed \(seed): recall \(recall), precision \(precision)")
            // The centre of the picture lands where it should.
            let centre = PixelPoint(x: 512, y: 384)
            let (found, truth) = (try #require(model.project(centre)), try #require(h.project(centre)))
            #expect(found.squaredDistance(to: truth) < (outliers < 0.85 ? 1 : 4))
        }
    }

    @Test("Keypoints without orientation are enough at 10 to 80 % outliers", arguments: [0.1, 0.5, 0.8])
    func withoutOrientation(outliers: Double) throws {
        for seed in 0..<15 as Range<UInt64> {
            let scene = SyntheticScene.plane(
                SyntheticScene.homography(strength: 1, seed: seed), count: 150, outliers: outliers, oriented: false,
                seed: seed + 40)
            let (recall, precision) = scene.recallAndPrecision(try verify(scene.correspondences))
            #expect(recall > 0.97 && precision > 0.93, "seed \(seed): recall \(recall), precision \(precision)")
        }
    }

    @Test("An affinity is found and stays one", arguments: [true, false])
    func affine(oriented: Bool) throws {
        let truth = Matrix3(0.8, -0.3, 150, 0.25, 0.9, -60, 0, 0, 1)
        let scene = SyntheticScene.plane(truth, count: 120, outliers: 0.6, oriented: oriented, seed: 21)
        let model = try #require(try verify(scene.correspondences, .affine))
        #expect(model.kind == .affine && model.matrix.m20 == 0 && model.matrix.m21 == 0 && model.matrix.m22 == 1)
        #expect(difference(model.matrix, truth) < 1.5)
        let (recall, precision) = scene.recallAndPrecision(model)
        #expect(recall > 0.97 && precision > 0.97)
    }

    @Test("Mirror images are rejected, with and without orientations", arguments: [true, false])
    func mirrored(oriented: Bool) throws {
        let mirror = Matrix3(-1, 0, 1024, 0, 1, 0, 0, 0, 1)
        for seed in 0..<10 as Range<UInt64> {
            let scene = SyntheticScene.plane(mirror, count: 60, outliers: 0.1, oriented: oriented, seed: seed)
            // A near-degenerate sliver may hold a few points, never the picture.
            #expect((try verify(scene.correspondences)?.score ?? 0) < 10)
        }
    }

    @Test("Targets that collapse to a spot or a line, and sources on a line, are rejected")
    func collapsed() throws {
        var random = SplitMix64(seed: 6)
        let sources = (0..<80).map { _ in SyntheticScene.point(&random) }
        func rejected(_ target: (PixelPoint) -> PixelPoint) throws {
            let items = sources.map { Correspondence(source: $0, target: target($0)) }
            #expect(try verify(items) == nil)
            #expect(try verify(items.map { Correspondence(source: $0.target, target: $0.source) }) == nil)
        }
        try rejected { _ in PixelPoint(x: 300, y: 300) }
        try rejected { PixelPoint(x: 300 + $0.x / 1_000, y: 300 + $0.y / 1_000) }
        try rejected { PixelPoint(x: $0.x, y: 300) }
        let line = sources.map {
            Correspondence(source: PixelPoint(x: $0.x, y: 200), target: PixelPoint(x: $0.x + 5, y: 190))
        }
        #expect(try verify(line) == nil)
        let spot = sources.map {
            Correspondence(
                source: PixelPoint(x: 500 + $0.x / 500, y: 500 + $0.y / 500),
                target: PixelPoint(x: 400 + $0.x / 500, y: 600 + $0.y / 500))
        }
        #expect(try verify(spot) == nil)
    }

    @Test("Orientations that contradict the model take its inliers away")
    func orientationConsistency() throws {
        var scene = SyntheticScene.plane(.identity, count: 80, outliers: 0, seed: 31)
        #expect((try verify(scene.correspondences)?.score ?? 0) > 76)
        for i in scene.correspondences.indices { scene.correspondences[i].rotation = Float(i % 2 == 0 ? 2.0 : -2.0) }
        #expect((try verify(scene.correspondences)?.score ?? 0) < 8)
    }

    @Test("Random correspondences give no model but by rare chance", arguments: [30, 60, 100, 200])
    func falsePairs(count: Int) throws {
        var scores: [Int] = []
        for seed in 0..<100 as Range<UInt64> {
            scores.append(try verify(SyntheticScene.noise(count: count, seed: seed))?.score ?? 0)
        }
        #expect(scores.count { $0 > 0 } <= 3, "\(scores)")
        #expect((scores.max() ?? 0) <= 6)
    }

    @Test("Equal input and seed give equal bits; the verifier may be shared between threads")
    func determinism() async throws {
        let scenes = (0..<8 as Range<UInt64>).map {
            SyntheticScene.plane(
                SyntheticScene.homography(strength: 1, seed: $0), count: 120, outliers: 0.6, oriented: $0 % 2 == 0,
                seed: $0)
        }
        let verifier = try GeometricVerifier()
        let size = size
        let first = try scenes.map { try verifier.verify($0.correspondences, sourceSize: size, targetSize: size) }
        for (index, scene) in scenes.enumerated() {
            let again = try await Task.detached {
                try verifier.verify(scene.correspondences, sourceSize: size, targetSize: size)
            }.value
            #expect(again == first[index])
        }
    }

    @Test("Swapping the images inverts the model and keeps its inliers")
    func swapped() throws {
        for seed in 0..<10 as Range<UInt64> {
            let scene = SyntheticScene.plane(
                SyntheticScene.homography(strength: 1, seed: seed), count: 100, outliers: 0.5, seed: seed)
            let reversed = scene.correspondences.map {
                Correspondence(
                    source: $0.target, target: $0.source, scaleRatio: 1 / $0.scaleRatio, rotation: -$0.rotation)
            }
            let (forward, backward) = (
                try #require(try verify(scene.correspondences)), try #require(try verify(reversed))
            )
            #expect(abs(forward.score - backward.score) <= 2)
            let product = backward.matrix * forward.matrix
            let p = try #require((product * (1 / product.m22)).project(PixelPoint(x: 512, y: 384)))
            #expect(p.squaredDistance(to: PixelPoint(x: 512, y: 384)) < 1)
        }
    }

    @Test("Any number of points, equal points and huge lists are handled", arguments: GeometricModelKind.allCases)
    func hostile(kind: GeometricModelKind) throws {
        var configuration = VerificationConfiguration(model: kind, minimumInliers: 8)
        configuration.maximumIterations = 300
        for oriented in [true, false] {
            for count in Array(0...20) + [3_000] {
                let items = SyntheticScene.noise(count: count, oriented: oriented, seed: UInt64(count))
                _ = try verify(items, configuration)
                let first =
                    items.first ?? Correspondence(source: PixelPoint(x: 0, y: 0), target: PixelPoint(x: 0, y: 0))
                #expect(try verify([Correspondence](repeating: first, count: count), configuration) == nil)
            }
        }
        let grid = (0..<64).map { (i: Int) -> Correspondence in
            let (x, y) = (Double(i % 8), Double(i / 8))
            return Correspondence(source: PixelPoint(x: x * 1e6, y: y * 1e6), target: PixelPoint(x: x, y: y))
        }
        _ = try verify(grid, configuration)
    }

    @Test("Correspondences found near a model's prediction are judged by the same tests")
    func guided() throws {
        let h = SyntheticScene.homography(strength: 1, seed: 77)
        let verifier = try GeometricVerifier()
        let scene = SyntheticScene.plane(h, count: 100, outliers: 0.4, seed: 1)
        let model = try #require(try verifier.verify(scene.correspondences, sourceSize: size, targetSize: size))
        #expect(
            try verifier.inliers(of: model, among: scene.correspondences, sourceSize: size, targetSize: size)
                == model.inliers)
        let more = SyntheticScene.plane(h, count: 300, outliers: 0.5, seed: 2)
        let found = try verifier.inliers(of: model, among: more.correspondences, sourceSize: size, targetSize: size)
        #expect(found.count { more.isTrue[$0] } >= 147 && found.count { !more.isTrue[$0] } <= 2)
    }
}
