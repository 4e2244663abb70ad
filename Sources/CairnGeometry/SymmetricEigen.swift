/// Eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, section
/// 8.5).
///
/// Slower than a tridiagonal method and simpler, accurate to the last bits for the sizes here (3 and 9): O(n³) a sweep,
/// six to ten sweeps.
struct SymmetricEigen {
    /// Ascending.
    private(set) var values: [Double]

    /// Unit vectors, `vectors[k]` belonging to `values[k]`.
    private(set) var vectors: [[Double]]

    /// Decomposes a symmetric matrix given as `size * size` elements.
    init(symmetric matrix: [Double], size n: Int) {
        precondition(matrix.count == n * n, "expected \(n * n) elements, got \(matrix.count)")
        var a = matrix
        var v = [Double](repeating: 0, count: n * n)
        for i in 0..<n { v[i * n + i] = 1 }
        for _ in 0..<30 {
            var off = 0.0
            var diagonal = 0.0
            for i in 0..<n {
                diagonal += a[i * n + i] * a[i * n + i]
                for j in 0..<i { off += a[i * n + j] * a[i * n + j] }
            }
            guard off > 1e-30 * diagonal else { break }
            for p in 0..<n - 1 {
                for q in p + 1..<n { Self.rotate(&a, &v, n, p, q) }
            }
        }
        let order = (0..<n).sorted { a[$0 * n + $0] < a[$1 * n + $1] }
        values = order.map { a[$0 * n + $0] }
        vectors = order.map { k in (0..<n).map { v[$0 * n + k] } }
    }

    /// One Jacobi rotation that zeroes element `(p, q)`.
    private static func rotate(_ a: inout [Double], _ v: inout [Double], _ n: Int, _ p: Int, _ q: Int) {
        let apq = a[p * n + q]
        guard apq != 0 else { return }
        let theta = (a[q * n + q] - a[p * n + p]) / (2 * apq)
        let t = (theta >= 0 ? 1.0 : -1.0) / (theta.magnitude + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<n {
            let (akp, akq) = (a[k * n + p], a[k * n + q])
            a[k * n + p] = c * akp - s * akq
            a[k * n + q] = s * akp + c * akq
        }
        for k in 0..<n {
            let (apk, aqk) = (a[p * n + k], a[q * n + k])
            a[p * n + k] = c * apk - s * aqk
            a[q * n + k] = s * apk + c * aqk
            let (vkp, vkq) = (v[k * n + p], v[k * n + q])
            v[k * n + p] = c * vkp - s * vkq
            v[k * n + q] = s * vkp + c * vkq
        }
    }
}
