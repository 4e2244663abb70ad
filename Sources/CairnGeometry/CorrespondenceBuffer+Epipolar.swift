extension CorrespondenceBuffer {
    /// A fundamental matrix in single precision, ready for scoring, with its sign chosen by the correspondences.
    struct EpipolarMap {
        let f: (Float, Float, Float, Float, Float, Float, Float, Float, Float)
        let epipole: (Float, Float, Float)
        let squaredThreshold: Float

        /// `sign` is that of the epipolar relation of points in front of both cameras.
        init(_ m: Matrix3, threshold: Double, sign: Float) {
            let e = FundamentalSolver.targetEpipole(m)
            f = (
                Float(m.m00), Float(m.m01), Float(m.m02), Float(m.m10), Float(m.m11), Float(m.m12),
                Float(m.m20), Float(m.m21), Float(m.m22)
            )
            epipole = (sign * Float(e.x), sign * Float(e.y), sign * Float(e.z))
            squaredThreshold = Float(threshold * threshold)
        }
    }

    /// `1 - error² / threshold²` (Sampson) of eight correspondences, and which of them keep the oriented epipolar
    /// constraint: the line F x and the line from the epipole to x' point the same way for all points in front of both
    /// cameras (Werner and Pajdla, "Oriented matching constraints", BMVC 2001).
    @inline(__always)
    private func gains(_ map: borrowing EpipolarMap, _ i: Int) -> (gain: Vector, side: Vector) {
        let (x, y, u, v) = (sx[i], sy[i], tx[i], ty[i])
        let l0 = map.f.0 * x + map.f.1 * y + map.f.2
        let l1 = map.f.3 * x + map.f.4 * y + map.f.5
        let l2 = map.f.6 * x + map.f.7 * y + map.f.8
        let k0 = map.f.0 * u + map.f.3 * v + map.f.6
        let k1 = map.f.1 * u + map.f.4 * v + map.f.7
        let residual = u * l0 + v * l1 + l2
        let gradient = l0 * l0 + l1 * l1 + k0 * k0 + k1 * k1
        let gain = 1 - residual * residual / (gradient * map.squaredThreshold)
        let side = l0 * (map.epipole.1 - map.epipole.2 * v) + l1 * (map.epipole.2 * u - map.epipole.0)
        return (gain, side)
    }

    /// The sign that most of a fundamental matrix's inliers have.
    func sign(ofEpipolar matrix: Matrix3, threshold: Double) -> Float {
        let map = EpipolarMap(matrix, threshold: threshold, sign: 1)
        var (positive, negative) = (0, 0)
        for i in 0..<vectorCount {
            let (gain, side) = gains(map, i)
            positive -= Int(unsafeBitCast((gain .> 0) .& (side .> 0), to: SIMD8<Int32>.self).wrappedSum())
            negative -= Int(unsafeBitCast((gain .> 0) .& (side .< 0), to: SIMD8<Int32>.self).wrappedSum())
        }
        return positive >= negative ? 1 : -1
    }

    /// Scores a fundamental matrix; inliers are on the side that most are on.
    func support(ofEpipolar matrix: Matrix3, threshold: Double) -> ModelSupport {
        let map = EpipolarMap(matrix, threshold: threshold, sign: 1)
        var (positive, negative) = (Vector(), Vector())
        var (positiveCount, negativeCount) = (SIMD8<Int32>(), SIMD8<Int32>())
        for i in 0..<vectorCount {
            let (gain, side) = gains(map, i)
            let (front, back) = ((gain .> 0) .& (side .> 0), (gain .> 0) .& (side .< 0))
            positive += Vector().replacing(with: gain, where: front)
            negative += Vector().replacing(with: gain, where: back)
            positiveCount &-= unsafeBitCast(front, to: SIMD8<Int32>.self)
            negativeCount &-= unsafeBitCast(back, to: SIMD8<Int32>.self)
        }
        let (first, second) = (positive.sum(), negative.sum())
        return first >= second
            ? ModelSupport(gain: first, count: Int(positiveCount.wrappedSum()))
            : ModelSupport(gain: second, count: Int(negativeCount.wrappedSum()))
    }

    /// Writes the inliers of a fundamental matrix into `list`, and their squared gain into `weights`; returns their
    /// number.
    func collect(epipolar matrix: Matrix3, threshold: Double) -> Int {
        let sign = sign(ofEpipolar: matrix, threshold: threshold)
        let map = EpipolarMap(matrix, threshold: threshold, sign: sign)
        var found = 0
        for i in 0..<vectorCount {
            let (gain, side) = gains(map, i)
            for lane in 0..<8 where gain[lane] > 0 && side[lane] > 0 {
                list[found] = Int32(truncatingIfNeeded: i * 8 + lane)
                weights[found] = gain[lane] * gain[lane]
                found += 1
            }
        }
        return found
    }
}
