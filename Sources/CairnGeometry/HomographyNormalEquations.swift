/// The normal equations of the weighted direct linear transform for `h = (a, b, c, 1)`, `a` and `b` being the first two
/// rows of the homography, `c` the first two elements of the third.
///
/// With p = (x, y, 1) and q = (x, y), each correspondence says p·a - u q·c = u and p·b - v q·c = v. Eliminating `a` and
/// `b`, which share the 3 x 3 matrix Σ w p pᵀ, leaves a 2 x 2 system for `c` (its Schur complement).
struct HomographyNormalEquations {
    // Σ w p pᵀ
    private var xx = 0.0, xy = 0.0, yy = 0.0, x1 = 0.0, y1 = 0.0, n = 0.0
    // Σ w u p pᵀ, of which all but the last column multiplies c and the last column is a right-hand side
    private var uxx = 0.0, uxy = 0.0, uyy = 0.0, ux = 0.0, uy = 0.0, u1 = 0.0
    private var vxx = 0.0, vxy = 0.0, vyy = 0.0, vx = 0.0, vy = 0.0, v1 = 0.0
    // Σ w (u² + v²) q pᵀ
    private var rxx = 0.0, rxy = 0.0, ryy = 0.0, rx = 0.0, ry = 0.0

    /// Adds one correspondence.
    @inline(__always)
    mutating func add(x: Double, y: Double, u: Double, v: Double, weight w: Double) {
        let (wx, wy) = (w * x, w * y)
        let (wxx, wxy, wyy) = (wx * x, wx * y, wy * y)
        xx += wxx
        xy += wxy
        yy += wyy
        x1 += wx
        y1 += wy
        n += w
        uxx += u * wxx
        uxy += u * wxy
        uyy += u * wyy
        ux += u * wx
        uy += u * wy
        u1 += u * w
        vxx += v * wxx
        vxy += v * wxy
        vyy += v * wyy
        vx += v * wx
        vy += v * wy
        v1 += v * w
        let r = u * u + v * v
        rxx += r * wxx
        rxy += r * wxy
        ryy += r * wyy
        rx += r * wx
        ry += r * wy
    }

    /// The solution, with 1 in the last place; `nil` when the points do not determine it.
    func solution() -> Matrix3? {
        let s = Matrix3(xx, xy, x1, xy, yy, y1, x1, y1, n)
        // Normalised points have a well-scaled moment matrix unless they are on a line.
        guard s.determinant > 1e-10 * n * n * n, let inverse = s.inverse else { return nil }
        let (ux0, ux1, uw) = (SIMD3(uxx, uxy, ux), SIMD3(uxy, uyy, uy), SIMD3(ux, uy, u1))
        let (vx0, vx1, vw) = (SIMD3(vxx, vxy, vx), SIMD3(vxy, vyy, vy), SIMD3(vx, vy, v1))
        let (iux0, iux1, iuw) = (inverse * ux0, inverse * ux1, inverse * uw)
        let (ivx0, ivx1, ivw) = (inverse * vx0, inverse * vx1, inverse * vw)
        let c00 = rxx - Self.dot(ux0, iux0) - Self.dot(vx0, ivx0)
        let c01 = rxy - Self.dot(ux0, iux1) - Self.dot(vx0, ivx1)
        let c11 = ryy - Self.dot(ux1, iux1) - Self.dot(vx1, ivx1)
        let b0 = Self.dot(ux0, iuw) + Self.dot(vx0, ivw) - rx
        let b1 = Self.dot(ux1, iuw) + Self.dot(vx1, ivw) - ry
        let determinant = c00 * c11 - c01 * c01
        guard determinant > 1e-14 * (rxx + ryy) * (rxx + ryy) else { return nil }
        let c0 = (b0 * c11 - b1 * c01) / determinant
        let c1 = (b1 * c00 - b0 * c01) / determinant
        let a = iuw + c0 * iux0 + c1 * iux1
        let b = ivw + c0 * ivx0 + c1 * ivx1
        return Matrix3(a.x, a.y, a.z, b.x, b.y, b.z, c0, c1, 1)
    }

    @inline(__always)
    private static func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { a.x * b.x + a.y * b.y + a.z * b.z }
}
