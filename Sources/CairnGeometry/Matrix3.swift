import CairnCore

/// A 3 x 3 matrix of doubles in row-major order: what homographies, affinities and fundamental matrices are made of.
public struct Matrix3: Hashable, Sendable {
    /// First row.
    public var m00, m01, m02: Double
    /// Second row.
    public var m10, m11, m12: Double
    /// Third row.
    public var m20, m21, m22: Double

    /// Makes a matrix from its elements, row by row.
    public init(
        _ m00: Double, _ m01: Double, _ m02: Double,
        _ m10: Double, _ m11: Double, _ m12: Double,
        _ m20: Double, _ m21: Double, _ m22: Double
    ) {
        (self.m00, self.m01, self.m02) = (m00, m01, m02)
        (self.m10, self.m11, self.m12) = (m10, m11, m12)
        (self.m20, self.m21, self.m22) = (m20, m21, m22)
    }

    /// Makes a matrix from nine elements, row by row; `nil` for any other number of them.
    public init?(rowMajor e: [Double]) {
        guard e.count == 9 else { return nil }
        self.init(e[0], e[1], e[2], e[3], e[4], e[5], e[6], e[7], e[8])
    }

    /// The unit matrix.
    public static let identity = Matrix3(1, 0, 0, 0, 1, 0, 0, 0, 1)

    /// Moves points by `(x, y)`.
    static func translation(_ x: Double, _ y: Double) -> Matrix3 { Matrix3(1, 0, x, 0, 1, y, 0, 0, 1) }

    /// The nine elements, row by row.
    public var rowMajor: [Double] { [m00, m01, m02, m10, m11, m12, m20, m21, m22] }

    /// The determinant.
    public var determinant: Double {
        m00 * (m11 * m22 - m12 * m21) - m01 * (m10 * m22 - m12 * m20) + m02 * (m10 * m21 - m11 * m20)
    }

    /// The matrix mirrored at its diagonal.
    public var transposed: Matrix3 { Matrix3(m00, m10, m20, m01, m11, m21, m02, m12, m22) }

    /// The transposed matrix of cofactors: the inverse times the determinant. It exists for singular matrices too.
    public var adjugate: Matrix3 {
        Matrix3(
            m11 * m22 - m12 * m21, m02 * m21 - m01 * m22, m01 * m12 - m02 * m11,
            m12 * m20 - m10 * m22, m00 * m22 - m02 * m20, m02 * m10 - m00 * m12,
            m10 * m21 - m11 * m20, m01 * m20 - m00 * m21, m00 * m11 - m01 * m10)
    }

    /// The inverse; `nil` where the determinant is zero or not finite.
    public var inverse: Matrix3? {
        let d = determinant
        guard d != 0, d.isFinite, (1 / d).isFinite else { return nil }
        return adjugate * (1 / d)
    }

    /// Whether every element is finite.
    public var isFinite: Bool { squaredNorm.isFinite }

    /// The sum of the squared elements (Frobenius).
    public var squaredNorm: Double {
        m00 * m00 + m01 * m01 + m02 * m02 + m10 * m10 + m11 * m11 + m12 * m12 + m20 * m20 + m21 * m21 + m22 * m22
    }

    /// Every element times `factor`.
    public static func * (left: Matrix3, factor: Double) -> Matrix3 {
        Matrix3(
            left.m00 * factor, left.m01 * factor, left.m02 * factor,
            left.m10 * factor, left.m11 * factor, left.m12 * factor,
            left.m20 * factor, left.m21 * factor, left.m22 * factor)
    }

    /// The matrix product.
    public static func * (a: Matrix3, b: Matrix3) -> Matrix3 {
        Matrix3(
            a.m00 * b.m00 + a.m01 * b.m10 + a.m02 * b.m20,
            a.m00 * b.m01 + a.m01 * b.m11 + a.m02 * b.m21,
            a.m00 * b.m02 + a.m01 * b.m12 + a.m02 * b.m22,
            a.m10 * b.m00 + a.m11 * b.m10 + a.m12 * b.m20,
            a.m10 * b.m01 + a.m11 * b.m11 + a.m12 * b.m21,
            a.m10 * b.m02 + a.m11 * b.m12 + a.m12 * b.m22,
            a.m20 * b.m00 + a.m21 * b.m10 + a.m22 * b.m20,
            a.m20 * b.m01 + a.m21 * b.m11 + a.m22 * b.m21,
            a.m20 * b.m02 + a.m21 * b.m12 + a.m22 * b.m22)
    }

    /// The matrix times a column.
    public static func * (a: Matrix3, v: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(
            a.m00 * v.x + a.m01 * v.y + a.m02 * v.z,
            a.m10 * v.x + a.m11 * v.y + a.m12 * v.z,
            a.m20 * v.x + a.m21 * v.y + a.m22 * v.z)
    }

    /// Maps a point through the homography; `nil` on or behind the line that it sends to infinity.
    ///
    /// The sign of the matrix matters: the visible side is where the third coordinate is positive.
    @inlinable
    public func project(_ point: PixelPoint) -> PixelPoint? {
        let w = m20 * point.x + m21 * point.y + m22
        guard w > 0 else { return nil }
        let x = (m00 * point.x + m01 * point.y + m02) / w
        let y = (m10 * point.x + m11 * point.y + m12) / w
        guard x.isFinite, y.isFinite else { return nil }
        return PixelPoint(x: x, y: y)
    }

    /// The derivative of the homography at a point: how it moves small neighbours, as a 2 x 2 matrix, row by row.
    func jacobian(atX x: Double, y: Double) -> (a: Double, b: Double, c: Double, d: Double) {
        let w = m20 * x + m21 * y + m22
        let u = (m00 * x + m01 * y + m02) / w
        let v = (m10 * x + m11 * y + m12) / w
        return ((m00 - u * m20) / w, (m01 - u * m21) / w, (m10 - v * m20) / w, (m11 - v * m21) / w)
    }
}

extension Matrix3: Codable {
    /// Reads nine numbers, row by row.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let elements = try container.decode([Double].self)
        guard let matrix = Matrix3(rowMajor: elements) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "A 3 x 3 matrix has 9 numbers, not \(elements.count).")
        }
        self = matrix
    }

    /// Writes nine numbers, row by row.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rowMajor)
    }
}
