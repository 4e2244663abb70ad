import CairnCore
import Foundation
import Testing

@testable import CairnGeometry

@Suite struct FundamentalVerificationTests {
    private let size = SyntheticScene.size

    private func verify(_ items: [Correspondence]) throws -> GeometricModel? {
        try GeometricVerifier(configuration: .fundamental).verify(items, sourceSize: size, targetSize: size)
    }

    @Test("The epipolar geometry of a scene with depth is found", arguments: [0.1, 0.3, 0.5])
    func depth(outliers: Double) throws {
        for seed in 0..<8 as Range<UInt64> {
            let (scene, truth) = SyntheticScene.space(count: 150, outliers: outliers, planar: 0, seed: seed)
            let model = try #require(try verify(scene.correspondences))
            let (recall, precision) = scene.recallAndPrecision(model)
            #expect(recall > 0.95 && precision > 0.85, "seed \(seed): recall \(recall), precision \(precision)")
            #expect(abs(model.matrix.determinant) < 1e-12)
            // The model holds for the true geometry: correspondences of another view of the same scene agree with it.
            let (fresh, again) = SyntheticScene.space(count: 100, outliers: 0, planar: 0, noise: 0, seed: seed + 50)
            #expect(truth == again)
            let verifier = try GeometricVerifier(configuration: .fundamental)
            let agreeing = try verifier.inliers(
                of: model, among: fresh.correspondences, sourceSize: size, targetSize: size)
            #expect(agreeing.count >= 95)
        }
    }

    @Test("A dominant plane does not hide the points off it", arguments: [0.7, 0.85])
    func dominantPlane(planar: Double) throws {
        for seed in 0..<8 as Range<UInt64> {
            let (scene, _) = SyntheticScene.space(count: 150, outliers: 0.2, planar: planar, seed: seed)
            let (recall, precision) = scene.recallAndPrecision(try verify(scene.correspondences))
            #expect(recall > 0.95 && precision > 0.88, "seed \(seed): recall \(recall), precision \(precision)")
        }
    }

    @Test("A flat scene has a fundamental matrix too")
    func flat() throws {
        let (scene, _) = SyntheticScene.space(count: 100, outliers: 0, planar: 1, seed: 2)
        #expect((try verify(scene.correspondences)?.score ?? 0) >= 97)
    }

    @Test("Random correspondences seldom have an epipolar geometry")
    func falsePairs() throws {
        var accepted = 0
        for seed in 0..<20 as Range<UInt64> {
            accepted += try verify(SyntheticScene.noise(count: 50, seed: seed)) == nil ? 0 : 1
        }
        #expect(accepted == 0)
    }
}
