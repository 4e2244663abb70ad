import CairnCore
import Foundation
import Testing

@testable import CairnGeometry

@Suite struct FundamentalSolverTests {
    /// Seven points seen by two cameras, rounded to 0.01 px.
    private let sample: [FundamentalSolver.Pair] = [
        (-115.02, -73.06, -153.9, -111.3), (28.67, -141.6, 14.39, -156.86), (-6.04, -98.08, -36, -120.9),
        (-127.35, -35.86, -159.11, -72.19), (-19.96, 24.97, -62.3, 0.37), (138.38, -65.45, 98.66, -70.02),
        (97.96, -103.49, 102.15, -104.63),
    ]

    @Test("Seven correspondences give the three matrices that OpenCV's FM_7POINT gives")
    func exact() {
        let scale = 1.0 / 128
        let scaling = Matrix3(scale, 0, 0, 0, scale, 0, 0, 0, 1)
        let ours = FundamentalSolver.exact(sample.map { ($0.x * scale, $0.y * scale, $0.u * scale, $0.v * scale) })
            .map { scaling * $0 * scaling }.map { $0 * (1 / $0.squaredNorm.squareRoot()) }
        let goldens = [
            Matrix3(
                2.4610905187959585e-05, 0.00017834027730701126, 0.020530848684737583, -0.00014364446067468528,
                3.9649232708831486e-05, 0.00833603009698744, -0.021280585893807852, 0.003888960007107404,
                0.999520361419337),
            Matrix3(
                -1.4623570514229395e-09, 2.8845923365567745e-05, -0.007615866576905856, -6.0586739360088655e-06,
                7.66763030712182e-06, 0.05812125811454986, 0.0014144511490359554, -0.05685383648942231,
                0.9966591983262175),
            Matrix3(
                8.812810734625335e-06, 8.240824251912887e-05, 0.0024575849962829347, -5.533663349220474e-05,
                1.912760431833372e-05, 0.040342022274808646, -0.006711963782524249, -0.03514934352521713,
                0.998541909190546),
        ]
        #expect(ours.count == 3)
        for golden in goldens {
            let nearest = ours.map { min(difference($0, golden), difference($0 * -1, golden)) }.min() ?? 1
            #expect(nearest < 1e-6)
        }
    }

    @Test("Cubics with one and three real roots, quadratics and lines are solved")
    func roots() {
        func check(_ found: [Double], _ expected: [Double]) {
            #expect(found.count == expected.count)
            for (a, b) in zip(found.sorted(), expected.sorted()) { #expect(abs(a - b) < 1e-10) }
        }
        check(FundamentalSolver.roots(2, -3, -11, 6), [-2, 0.5, 3])
        check(FundamentalSolver.roots(1, 0, 1, -10), [2])
        check(FundamentalSolver.roots(0, 1, -3, 2), [1, 2])
        check(FundamentalSolver.roots(0, 0, 4, -2), [0.5])
        check(FundamentalSolver.roots(0, 0, 0, 0), [])
        #expect(FundamentalSolver.roots(1, -3, 3, -1).allSatisfy { abs($0 - 1) < 1e-4 }, "a triple root")
    }

    @Test("The eight-point fit is singular and passes through exact correspondences")
    func fit() throws {
        let (scene, truth) = SyntheticScene.space(count: 60, outliers: 0, planar: 0, noise: 0, seed: 3)
        let buffer = try listedBuffer(
            scene.correspondences.map { [$0.source.x, $0.source.y, $0.target.x, $0.target.y] })
        let fitted = FundamentalSolver.fit(buffer, count: 60, prior: nil)
        let f = try #require(fitted)
        #expect(abs(f.determinant) < 1e-15)
        let unit = truth * (1 / truth.squaredNorm.squareRoot())
        #expect(min(difference(f, unit), difference(f * -1, unit)) < 1e-4)
        #expect(buffer.support(ofEpipolar: f, threshold: 0.01).count == 60)
    }

    @Test("A plane's homography and two points off it give the fundamental matrix of the scene")
    func planeAndParallax() throws {
        let (scene, truth) = SyntheticScene.space(count: 40, outliers: 0, planar: 0.5, noise: 0, seed: 9)
        // The scene is sorted by rank, so the plane's points are told apart by their fit.
        let buffer = try listedBuffer(
            scene.correspondences.map { [$0.source.x, $0.source.y, $0.target.x, $0.target.y] })
        var verifier = VerificationConfiguration.homography
        verifier.threshold = 0.5
        let model = try #require(
            try GeometricVerifier(configuration: verifier).verify(
                scene.correspondences, sourceSize: SyntheticScene.size, targetSize: SyntheticScene.size))
        #expect(model.score >= 20)
        let off = (0..<40).filter { !model.inliers.contains($0) }
        let (a, b) = (buffer.position(off[0]), buffer.position(off[1]))
        let f = try #require(FundamentalSolver.fromPlane(model.matrix, a, b))
        let unit = truth * (1 / truth.squaredNorm.squareRoot())
        #expect(min(difference(f, unit), difference(f * -1, unit)) < 1e-3)
    }
}
