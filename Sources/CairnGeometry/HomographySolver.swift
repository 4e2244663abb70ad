/// Homographies from four correspondences exactly, or from many by weighted least squares.
enum HomographySolver {
    /// A source point `(x, y)` and a target point `(u, v)`.
    typealias Pair = (x: Double, y: Double, u: Double, v: Double)

    /// Whether four correspondences can come from a surface seen from its front: no three points on a line (triangles
    /// of at least `area` square pixels), and every triangle turning the same way in both images.
    ///
    /// A homography that violates this has the horizon between its own four points, or is a mirror image.
    static func preservesSides(_ a: Pair, _ b: Pair, _ c: Pair, _ d: Pair, area: Double) -> Bool {
        turnsAlike(a, b, c, area) && turnsAlike(a, b, d, area) && turnsAlike(a, c, d, area) && turnsAlike(b, c, d, area)
    }

    /// The same for three correspondences, which suggest an affinity.
    static func preservesSides(_ a: Pair, _ b: Pair, _ c: Pair, area: Double) -> Bool { turnsAlike(a, b, c, area) }

    @inline(__always)
    private static func turnsAlike(_ a: Pair, _ b: Pair, _ c: Pair, _ area: Double) -> Bool {
        let source = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
        let target = (b.u - a.u) * (c.v - a.v) - (b.v - a.v) * (c.u - a.u)
        return source * target > 0 && min(source.magnitude, target.magnitude) > 2 * area
    }

    /// The homography through four correspondences, positive on their side of the horizon; `nil` when it is singular.
    ///
    /// By way of the projective basis: each set of four points is the image of the canonical basis under a matrix that
    /// needs one 3 x 3 inverse (Hartley and Zisserman, "Multiple View Geometry", 2nd edition, section 2.3).
    static func exact(_ a: Pair, _ b: Pair, _ c: Pair, _ d: Pair) -> Matrix3? {
        let source = basis((a.x, a.y), (b.x, b.y), (c.x, c.y), (d.x, d.y))
        let target = basis((a.u, a.v), (b.u, b.v), (c.u, c.v), (d.u, d.v))
        guard let source, let target, let inverse = source.inverse else { return nil }
        let h = target * inverse
        let w = h.m20 * a.x + h.m21 * a.y + h.m22
        guard w != 0, h.isFinite else { return nil }
        return h * (1 / w)
    }

    private typealias Point = (x: Double, y: Double)

    /// The matrix whose columns are the first three points, each scaled so that their sum is the fourth.
    private static func basis(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> Matrix3? {
        let m = Matrix3(a.x, b.x, c.x, a.y, b.y, c.y, 1, 1, 1)
        guard let inverse = m.inverse else { return nil }
        let k = inverse * SIMD3(d.x, d.y, 1)
        return Matrix3(
            a.x * k.x, b.x * k.y, c.x * k.z, a.y * k.x, b.y * k.y, c.y * k.z, k.x, k.y, k.z)
    }

    /// The homography nearest to the first `count` entries of the buffer's list, positive at their centroid.
    ///
    /// The direct linear transform with its third coordinate fixed at the centroid, normalised as Hartley asks, and
    /// weighted by the depth and magnification of `prior`, so that what is minimised is close to the error that scoring
    /// measures. The normal equations fall apart into one 3 x 3 and one 2 x 2 system: O(count) and no allocation.
    static func fit(_ buffer: borrowing CorrespondenceBuffer, count: Int, prior: Matrix3) -> Matrix3? {
        guard count >= 4 else { return nil }
        var mean = SIMD4<Double>()
        for k in 0..<count {
            let p = buffer.position(Int(buffer.list[k]))
            mean += SIMD4(p.x, p.y, p.u, p.v)
        }
        mean /= Double(count)
        var energy = SIMD2<Double>()
        for k in 0..<count {
            let p = buffer.position(Int(buffer.list[k]))
            let d = SIMD4(p.x, p.y, p.u, p.v) - mean
            energy += SIMD2(d.x * d.x + d.y * d.y, d.z * d.z + d.w * d.w)
        }
        guard energy.x > 0, energy.y > 0 else { return nil }
        let s = (2 * Double(count) / energy.x).squareRoot()
        let t = (2 * Double(count) / energy.y).squareRoot()
        let determinant = prior.determinant

        var equations = HomographyNormalEquations()
        for k in 0..<count {
            let p = buffer.position(Int(buffer.list[k]))
            let w = 1 / (prior.m20 * p.x + prior.m21 * p.y + prior.m22)
            let magnification = (determinant * w * w * w).magnitude
            equations.add(
                x: (p.x - mean.x) * s, y: (p.y - mean.y) * s, u: (p.u - mean.z) * t, v: (p.v - mean.w) * t,
                weight: Double(buffer.weights[k]) * w * w / max(1, magnification))
        }
        guard let h = equations.solution() else { return nil }
        let toSource = Matrix3(s, 0, -s * mean.x, 0, s, -s * mean.y, 0, 0, 1)
        let fromTarget = Matrix3(1 / t, 0, mean.z, 0, 1 / t, mean.w, 0, 0, 1)
        let result = fromTarget * h * toSource
        return result.isFinite ? result : nil
    }
}
