import Foundation

/// Fundamental matrices: from seven correspondences exactly, from many by weighted least squares, from a plane and two
/// points.
///
/// Here `target^T * F * source` is 0, and F acts on whatever coordinates the positions are in.
enum FundamentalSolver {
    /// A source point `(x, y)` and a target point `(u, v)`.
    typealias Pair = HomographySolver.Pair

    /// The up to three matrices through seven correspondences (Hartley and Zisserman, 2nd edition, section 11.1.2).
    ///
    /// Coordinates should be of the order of 1: there is no normalisation here.
    static func exact(_ sample: [Pair]) -> [Matrix3] {
        precondition(sample.count == 7, "seven correspondences are needed, not \(sample.count)")
        guard let (a, b) = nullSpace(sample) else { return [] }
        // det(a + λ b) is a cubic in λ.
        return roots(
            b.determinant, trace(a * b.adjugate), trace(a.adjugate * b), a.determinant
        ).compactMap { root in
            let f = Matrix3(
                a.m00 + root * b.m00, a.m01 + root * b.m01, a.m02 + root * b.m02,
                a.m10 + root * b.m10, a.m11 + root * b.m11, a.m12 + root * b.m12,
                a.m20 + root * b.m20, a.m21 + root * b.m21, a.m22 + root * b.m22)
            return unit(f)
        }
    }

    /// The matrix nearest to the first `count` entries of the buffer's list: the normalised eight-point method (Hartley
    /// 1997) with Sampson weights from `prior`, then made singular.
    static func fit(_ buffer: borrowing CorrespondenceBuffer, count: Int, prior: Matrix3?) -> Matrix3? {
        guard count >= 8 else { return nil }
        let moments = AffineSolver.Moments(buffer, count: count)
        let s = (2 * moments.weight / max(moments.source.x + moments.source.z, 1e-12)).squareRoot()
        let t = (2 * moments.weight / max(moments.target.x + moments.target.z, 1e-12)).squareRoot()
        var normal = [Double](repeating: 0, count: 81)
        for k in 0..<count {
            let p = buffer.position(Int(buffer.list[k]))
            var weight = Double(buffer.weights[k])
            if let prior { weight /= max(sampsonGradient(prior, p), 1e-30) }
            let (x, y) = ((p.x - moments.sourceMean.x) * s, (p.y - moments.sourceMean.y) * s)
            let (u, v) = ((p.u - moments.targetMean.x) * t, (p.v - moments.targetMean.y) * t)
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 9) { row in
                write((x, y, u, v), to: row.baseAddress)
                for i in 0..<9 {
                    let scaled = weight * row[i]
                    for j in i..<9 { normal[i * 9 + j] += scaled * row[j] }
                }
            }
        }
        for i in 0..<9 { for j in 0..<i { normal[i * 9 + j] = normal[j * 9 + i] } }
        guard let f = Matrix3(rowMajor: SymmetricEigen(symmetric: normal, size: 9).vectors[0]) else { return nil }
        let toSource = Matrix3(s, 0, -s * moments.sourceMean.x, 0, s, -s * moments.sourceMean.y, 0, 0, 1)
        let toTarget = Matrix3(t, 0, -t * moments.targetMean.x, 0, t, -t * moments.targetMean.y, 0, 0, 1)
        return unit(toTarget.transposed * singular(f) * toSource)
    }

    /// The matrix of a scene in which a plane moves by `homography` and two further points do not: "plane and
    /// parallax", what is left to find when most correspondences lie on one plane (Chum, Werner and Matas, DEGENSAC,
    /// CVPR 2005).
    static func fromPlane(_ homography: Matrix3, _ a: Pair, _ b: Pair) -> Matrix3? {
        let first = cross(homography * SIMD3(a.x, a.y, 1), SIMD3(a.u, a.v, 1))
        let second = cross(homography * SIMD3(b.x, b.y, 1), SIMD3(b.u, b.v, 1))
        let e = cross(first, second)
        return unit(Matrix3(0, -e.z, e.y, e.z, 0, -e.x, -e.y, e.x, 0) * homography)
    }

    /// The epipole in the target image: `e^T F = 0`, of unit length.
    static func targetEpipole(_ f: Matrix3) -> SIMD3<Double> {
        let columns = [SIMD3(f.m00, f.m10, f.m20), SIMD3(f.m01, f.m11, f.m21), SIMD3(f.m02, f.m12, f.m22)]
        let candidates = [
            cross(columns[0], columns[1]), cross(columns[0], columns[2]), cross(columns[1], columns[2]),
        ]
        var best = candidates[0]
        for candidate in candidates where (candidate * candidate).sum() > (best * best).sum() { best = candidate }
        let norm = (best * best).sum().squareRoot()
        return norm > 0 ? best / norm : SIMD3(0, 0, 1)
    }

    /// The nearest singular matrix: without the component along its weakest source direction.
    static func singular(_ f: Matrix3) -> Matrix3 {
        let weakest = SymmetricEigen(symmetric: (f.transposed * f).rowMajor, size: 3).vectors[0]
        let v = SIMD3(weakest[0], weakest[1], weakest[2])
        let r = f * v
        return Matrix3(
            f.m00 - r.x * v.x, f.m01 - r.x * v.y, f.m02 - r.x * v.z,
            f.m10 - r.y * v.x, f.m11 - r.y * v.y, f.m12 - r.y * v.z,
            f.m20 - r.z * v.x, f.m21 - r.z * v.y, f.m22 - r.z * v.z)
    }

    /// Real roots of `a x³ + b x² + c x + d`.
    static func roots(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> [Double] {
        let size = max(a.magnitude, b.magnitude, c.magnitude, d.magnitude)
        guard size > 0, size.isFinite else { return [] }
        guard a.magnitude > 1e-12 * size else {
            guard b.magnitude > 1e-12 * size else { return c == 0 ? [] : [-d / c] }
            let discriminant = c * c - 4 * b * d
            guard discriminant >= 0 else { return [] }
            let q = -(c + (c < 0 ? -1 : 1) * discriminant.squareRoot()) / 2
            return q == 0 ? [0] : [q / b, d / q]
        }
        // Depressed cubic t³ + p t + q with x = t - shift (Cardano, and Viète's cosine form for three real roots).
        let shift = b / (3 * a)
        let p = c / a - 3 * shift * shift
        let q = 2 * shift * shift * shift - shift * c / a + d / a
        let discriminant = q * q / 4 + p * p * p / 27
        var result: [Double]
        if discriminant > 0 {
            let root = discriminant.squareRoot()
            result = [cbrt(-q / 2 + root) + cbrt(-q / 2 - root) - shift]
        } else {
            let radius = 2 * (-p / 3).squareRoot()
            let angle = acos(max(-1, min(1, radius == 0 ? 0 : 3 * q / (p * radius)))) / 3
            result = (0..<3).map { radius * cos(angle - 2 * .pi * Double($0) / 3) - shift }
        }
        // One Newton step takes away what cancellation cost.
        for i in result.indices {
            let x = result[i]
            let slope = (3 * a * x + 2 * b) * x + c
            if slope != 0 { result[i] = x - (((a * x + b) * x + c) * x + d) / slope }
        }
        return result
    }

    // MARK: Parts

    /// Two matrices that span the null space of the seven epipolar equations, by Gauss-Jordan with full pivoting.
    private static func nullSpace(_ sample: [Pair]) -> (Matrix3, Matrix3)? {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 63) { m -> (Matrix3, Matrix3)? in
            for (k, pair) in sample.enumerated() { write(pair, to: m.baseAddress.map { $0 + 9 * k }) }
            var order: SIMD16<Int> = .init(0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0)
            for step in 0..<7 {
                var (row, column, size) = (step, step, 0.0)
                for r in step..<7 {
                    for c in step..<9 where m[r * 9 + c].magnitude > size {
                        (row, column, size) = (r, c, m[r * 9 + c].magnitude)
                    }
                }
                guard size > 1e-9, size.isFinite else { return nil }
                for c in 0..<9 { m.swapAt(step * 9 + c, row * 9 + c) }
                for r in 0..<7 { m.swapAt(r * 9 + step, r * 9 + column) }
                (order[step], order[column]) = (order[column], order[step])
                let pivot = 1 / m[step * 9 + step]
                for c in step..<9 { m[step * 9 + c] *= pivot }
                for r in 0..<7 where r != step {
                    let factor = m[r * 9 + step]
                    for c in step..<9 { m[r * 9 + c] -= factor * m[step * 9 + c] }
                }
            }
            var (first, second) = ([Double](repeating: 0, count: 9), [Double](repeating: 0, count: 9))
            for k in 0..<7 { (first[order[k]], second[order[k]]) = (-m[k * 9 + 7], -m[k * 9 + 8]) }
            first[order[7]] = 1
            second[order[8]] = 1
            guard let a = Matrix3(rowMajor: first), let b = Matrix3(rowMajor: second) else { return nil }
            return (a, b)
        }
    }

    /// The coefficients of F's elements in the epipolar equation of one correspondence.
    @inline(__always)
    private static func write(_ p: Pair, to row: UnsafeMutablePointer<Double>?) {
        guard let row else { return }
        (row[0], row[1], row[2]) = (p.u * p.x, p.u * p.y, p.u)
        (row[3], row[4], row[5]) = (p.v * p.x, p.v * p.y, p.v)
        (row[6], row[7], row[8]) = (p.x, p.y, 1)
    }

    /// The squared gradient of the epipolar equation: the denominator of the Sampson distance.
    @inline(__always)
    private static func sampsonGradient(_ f: Matrix3, _ p: Pair) -> Double {
        let l0 = f.m00 * p.x + f.m01 * p.y + f.m02
        let l1 = f.m10 * p.x + f.m11 * p.y + f.m12
        let k0 = f.m00 * p.u + f.m10 * p.v + f.m20
        let k1 = f.m01 * p.u + f.m11 * p.v + f.m21
        return l0 * l0 + l1 * l1 + k0 * k0 + k1 * k1
    }

    private static func trace(_ m: Matrix3) -> Double { m.m00 + m.m11 + m.m22 }

    /// The matrix scaled to unit Frobenius norm; `nil` for zero and for what is not finite.
    private static func unit(_ m: Matrix3) -> Matrix3? {
        let norm = m.squaredNorm.squareRoot()
        return norm > 0 && norm.isFinite ? m * (1 / norm) : nil
    }

    private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
}
