/// Similarities and affinities, as 3 x 3 matrices, from weighted correspondences by least squares in the target image.
enum AffineSolver {
    /// Weighted moments of a set of correspondences about their centroids.
    struct Moments {
        private(set) var weight = 0.0
        private(set) var sourceMean = SIMD2<Double>()
        private(set) var targetMean = SIMD2<Double>()
        /// Σ w (p - p̄)(p - p̄)ᵀ over source points: xx, xy, yy.
        private(set) var source = SIMD3<Double>()
        /// The same over target points.
        private(set) var target = SIMD3<Double>()
        /// Σ w (p - p̄)(u - ū)ᵀ: xu, yu, xv, yv.
        private(set) var cross = SIMD4<Double>()

        /// Moments of the first `count` entries of the buffer's list.
        init(_ buffer: borrowing CorrespondenceBuffer, count: Int) {
            for k in 0..<count {
                let p = buffer.position(Int(buffer.list[k]))
                let w = Double(buffer.weights[k])
                weight += w
                sourceMean += w * SIMD2(p.x, p.y)
                targetMean += w * SIMD2(p.u, p.v)
            }
            guard weight > 0 else { return }
            sourceMean /= weight
            targetMean /= weight
            for k in 0..<count {
                let p = buffer.position(Int(buffer.list[k]))
                let w = Double(buffer.weights[k])
                let (x, y, u, v) = (p.x - sourceMean.x, p.y - sourceMean.y, p.u - targetMean.x, p.v - targetMean.y)
                source += w * SIMD3(x * x, x * y, y * y)
                target += w * SIMD3(u * u, u * v, v * v)
                cross += w * SIMD4(x * u, y * u, x * v, y * v)
            }
        }

        /// The smaller standard deviation, in pixels, of source and of target points along any direction: 0 for points
        /// on a line or on a spot.
        var spread: (source: Double, target: Double) {
            guard weight > 0 else { return (0, 0) }
            return (Self.minorDeviation(source / weight), Self.minorDeviation(target / weight))
        }

        private static func minorDeviation(_ s: SIMD3<Double>) -> Double {
            let half = (s.x + s.z) / 2
            let root = ((s.x - s.z) * (s.x - s.z) / 4 + s.y * s.y).squareRoot()
            return max(0, half - root).squareRoot()
        }
    }

    /// The similarity nearest to two or more correspondences (Umeyama 1991 for the plane, mirror images excluded);
    /// `nil` when all source points coincide.
    static func similarity(_ m: Moments) -> Matrix3? {
        let energy = m.source.x + m.source.z
        guard energy > 0 else { return nil }
        let a = (m.cross[0] + m.cross[3]) / energy
        let b = (m.cross[2] - m.cross[1]) / energy
        return placed(a, -b, b, a, m)
    }

    /// The affinity nearest to three or more correspondences; `nil` when source points are on a line.
    static func affinity(_ m: Moments) -> Matrix3? {
        let (xx, xy, yy) = (m.source.x, m.source.y, m.source.z)
        let determinant = xx * yy - xy * xy
        guard determinant > 1e-12 * (xx + yy) * (xx + yy) else { return nil }
        return placed(
            (m.cross[0] * yy - m.cross[1] * xy) / determinant, (m.cross[1] * xx - m.cross[0] * xy) / determinant,
            (m.cross[2] * yy - m.cross[3] * xy) / determinant, (m.cross[3] * xx - m.cross[2] * xy) / determinant, m)
    }

    /// The linear map `[a b; c d]` shifted so that it takes one centroid to the other.
    private static func placed(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ m: Moments) -> Matrix3 {
        Matrix3(
            a, b, m.targetMean.x - a * m.sourceMean.x - b * m.sourceMean.y,
            c, d, m.targetMean.y - c * m.sourceMean.x - d * m.sourceMean.y,
            0, 0, 1)
    }
}
