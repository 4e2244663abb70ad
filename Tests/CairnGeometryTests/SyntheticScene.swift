import CairnCore
import Foundation

@testable import CairnGeometry

/// Correspondences with known truth: a plane under a known homography, or points in space before two cameras.
struct SyntheticScene {
    static let size = ImageSize(width: 1024, height: 768)

    var correspondences: [Correspondence] = []
    /// Whether each correspondence is a true one.
    var isTrue: [Bool] = []

    /// True correspondences under `homography`, the rest random, shuffled so that true ones tend to come first.
    static func plane(
        _ homography: Matrix3, count: Int, outliers: Double, noise: Double = 0.7, oriented: Bool = true, seed: UInt64
    ) -> SyntheticScene {
        var random = SplitMix64(seed: seed)
        var items: [(rank: Double, item: Correspondence, isTrue: Bool)] = []
        let good = Int((Double(count) * (1 - outliers)).rounded())
        while items.count < good {
            let source = point(&random)
            guard let exact = homography.project(source), inside(exact) else { continue }
            let j = homography.jacobian(atX: source.x, y: source.y)
            let target = PixelPoint(x: exact.x + noise * normal(&random), y: exact.y + noise * normal(&random))
            let ratio = (j.a * j.d - j.b * j.c).magnitude.squareRoot() * exp(0.12 * normal(&random))
            let rotation = wrapped(atan2(j.c - j.b, j.a + j.d) + 0.12 * normal(&random))
            items.append(
                (
                    0.5 + 0.15 * normal(&random),
                    Correspondence(
                        source: source, target: target, scaleRatio: oriented ? Float(ratio) : 1,
                        rotation: oriented ? rotation : .nan), true
                ))
        }
        while items.count < count {
            items.append((0.7 + 0.1 * normal(&random), randomItem(&random, oriented: oriented), false))
        }
        return sorted(items)
    }

    /// Points in a box before two cameras; `planar` of the true ones lie on one slanted plane.
    static func space(count: Int, outliers: Double, planar: Double, noise: Double = 0.3, seed: UInt64) -> (
        scene: SyntheticScene, fundamental: Matrix3
    ) {
        var random = SplitMix64(seed: seed)
        let (angle, shift) = (0.2, SIMD3(1.2, 0.1, 0.15))
        let rotation = Matrix3(cos(angle), 0, sin(angle), 0, 1, 0, -sin(angle), 0, cos(angle))
        let camera = Matrix3(800, 0, 512, 0, 800, 384, 0, 0, 1)
        let skew = Matrix3(0, -shift.z, shift.y, shift.z, 0, -shift.x, -shift.y, shift.x, 0)
        // The inverse of a camera matrix always exists.
        let inverse = camera.inverse ?? .identity
        let fundamental = inverse.transposed * skew * rotation * inverse
        var items: [(rank: Double, item: Correspondence, isTrue: Bool)] = []
        let good = Int((Double(count) * (1 - outliers)).rounded())
        while items.count < good {
            let onPlane = Double(items.count) < planar * Double(good)
            let (x, y) = (uniform(&random) * 6 - 3, uniform(&random) * 4 - 2)
            let space = SIMD3(x, y, onPlane ? 7 + 0.3 * x : 4 + 6 * uniform(&random))
            let (p, q) = (camera * space, camera * (rotation * space + shift))
            let source = PixelPoint(x: p.x / p.z + noise * normal(&random), y: p.y / p.z + noise * normal(&random))
            let target = PixelPoint(x: q.x / q.z + noise * normal(&random), y: q.y / q.z + noise * normal(&random))
            guard inside(source), inside(target) else { continue }
            items.append((0.5 + 0.15 * normal(&random), Correspondence(source: source, target: target), true))
        }
        while items.count < count {
            items.append((0.7 + 0.1 * normal(&random), randomItem(&random, oriented: false), false))
        }
        return (sorted(items), fundamental)
    }

    /// Correspondences with no truth in them.
    static func noise(count: Int, oriented: Bool = true, seed: UInt64) -> [Correspondence] {
        plane(.identity, count: count, outliers: 1, oriented: oriented, seed: seed).correspondences
    }

    /// A plausible change of view about the image centre; `strength` 0 is the identity.
    static func homography(strength: Double, seed: UInt64) -> Matrix3 {
        var random = SplitMix64(seed: seed)
        let (angle, scale) = (0.6 * strength * normal(&random), exp(0.3 * strength * normal(&random)))
        let squeeze = exp(-0.3 * strength * normal(&random).magnitude)
        let (c, s) = (scale * cos(angle), scale * sin(angle))
        let h = Matrix3(
            c, -s * squeeze, 40 * strength * normal(&random), s, c * squeeze, 40 * strength * normal(&random),
            2e-4 * strength * normal(&random), 2e-4 * strength * normal(&random), 1)
        return Matrix3.translation(512, 384) * h * Matrix3.translation(-512, -384)
    }

    static func normal(_ random: inout SplitMix64) -> Double {
        (-2 * log(1 - uniform(&random))).squareRoot() * cos(2 * .pi * uniform(&random))
    }

    static func uniform(_ random: inout SplitMix64) -> Double { Double(random.next() >> 11) * 0x1p-53 }

    static func point(_ random: inout SplitMix64) -> PixelPoint {
        PixelPoint(x: uniform(&random) * 1024, y: uniform(&random) * 768)
    }

    static func inside(_ p: PixelPoint) -> Bool { p.x > 0 && p.y > 0 && p.x < 1024 && p.y < 768 }

    static func wrapped(_ angle: Double) -> Float { Float(atan2(sin(angle), cos(angle))) }

    private static func randomItem(_ random: inout SplitMix64, oriented: Bool) -> Correspondence {
        Correspondence(
            source: point(&random), target: point(&random),
            scaleRatio: oriented ? Float(exp(0.7 * normal(&random))) : 1,
            rotation: oriented ? Float((uniform(&random) * 2 - 1) * .pi) : .nan)
    }

    private static func sorted(_ items: [(rank: Double, item: Correspondence, isTrue: Bool)]) -> SyntheticScene {
        let ordered = items.sorted { $0.rank < $1.rank }
        return SyntheticScene(correspondences: ordered.map(\.item), isTrue: ordered.map(\.isTrue))
    }

    /// True inliers among a model's, over all true ones; and over all of the model's.
    func recallAndPrecision(_ model: GeometricModel?) -> (recall: Double, precision: Double) {
        guard let model else { return (0, 0) }
        let hits = Double(model.inliers.count { isTrue[$0] })
        return (hits / Double(isTrue.count { $0 }), hits / Double(model.inliers.count))
    }
}
