/// A 3 x 3 projective map between two planes, row-major: (x, y, 1) of the first to a multiple of (x', y', 1) of the second.
///
/// Both planes use continuous pixel coordinates: the centre of the top left pixel is at (0.5, 0.5).
public struct PlaneMap: Hashable, Sendable, Codable {
    /// The nine entries, row by row.
    public let elements: [Double]

    /// Wraps nine entries, row by row. Traps on another count.
    public init(elements: [Double]) {
        precondition(elements.count == 9, "\(elements.count) entries for a 3 x 3 matrix")
        self.elements = elements
    }

    /// Where a point goes: x and y, and the third homogeneous coordinate, negative for points behind the camera.
    public func project(x: Double, y: Double) -> (x: Double, y: Double, w: Double) {
        let m = elements
        let w = m[6] * x + m[7] * y + m[8]
        return ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w, w)
    }

    /// The inverse map; nil where the matrix is singular, as for a plane seen edge on.
    public var inverse: PlaneMap? {
        let m = elements
        let c0 = m[4] * m[8] - m[5] * m[7]
        let c1 = m[5] * m[6] - m[3] * m[8]
        let c2 = m[3] * m[7] - m[4] * m[6]
        let determinant = m[0] * c0 + m[1] * c1 + m[2] * c2
        guard abs(determinant) > 1e-12 else { return nil }
        let s = 1 / determinant
        return PlaneMap(elements: [
            c0 * s, (m[2] * m[7] - m[1] * m[8]) * s, (m[1] * m[5] - m[2] * m[4]) * s,
            c1 * s, (m[0] * m[8] - m[2] * m[6]) * s, (m[2] * m[3] - m[0] * m[5]) * s,
            c2 * s, (m[1] * m[6] - m[0] * m[7]) * s, (m[0] * m[4] - m[1] * m[3]) * s,
        ])
    }

    /// This map after another one.
    public func after(_ first: PlaneMap) -> PlaneMap {
        let a = elements
        let b = first.elements
        return PlaneMap(
            elements: (0..<9).map { index in
                let row = index / 3 * 3
                let column = index % 3
                return a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6]
            })
    }
}
