/// How well a model explains correspondences.
struct ModelSupport {
    /// The sum over inliers of `1 - error² / threshold²`: the truncated quadratic loss of MSAC, turned round.
    var gain: Float = 0

    /// Inliers.
    var count = 0
}

extension CorrespondenceBuffer {
    /// A homography in single precision, ready for scoring.
    struct PlanarMap {
        let h: (Float, Float, Float, Float, Float, Float, Float, Float, Float)
        let determinant: Float
        let squaredThreshold: Float

        init(_ m: Matrix3, threshold: Double) {
            h = (
                Float(m.m00), Float(m.m01), Float(m.m02), Float(m.m10), Float(m.m11), Float(m.m12),
                Float(m.m20), Float(m.m21), Float(m.m22)
            )
            determinant = Float(m.determinant)
            squaredThreshold = Float(threshold * threshold)
        }
    }

    /// `1 - error² / threshold²` of eight correspondences, 0 for outliers.
    ///
    /// Beside its error, an inlier's side of the horizon, its handedness (det > 0), its rotation and its scale are
    /// tested.
    @inline(__always)
    private func gains(_ map: borrowing PlanarMap, _ i: Int) -> Vector {
        let (x, y) = (sx[i], sy[i])
        let w = map.h.6 * x + map.h.7 * y + map.h.8
        let inverse = 1 / w
        let u = (map.h.0 * x + map.h.1 * y + map.h.2) * inverse
        let v = (map.h.3 * x + map.h.4 * y + map.h.5) * inverse
        let (du, dv) = (u - tx[i], v - ty[i])
        let magnification = map.determinant * inverse * inverse * inverse
        let one = Vector(repeating: 1)
        let tolerance = map.squaredThreshold * magnification.replacing(with: one, where: magnification .< one)
        let gain = 1 - (du * du + dv * dv) / tolerance
        // The rotation nearest to the Jacobian [a b; c d] has the direction (a + d, c - b).
        let along = map.h.0 - u * map.h.6 + map.h.4 - v * map.h.7
        let across = map.h.3 - v * map.h.6 - map.h.1 + u * map.h.7
        let dot = along * cosine[i] + across * sine[i]
        let norm = (along * along + across * across).squareRoot()
        let accepted =
            (gain .> 0) .& (w .> 0) .& (magnification .>= lowest[i]) .& (magnification .<= highest[i])
            .& (dot .>= norm * minimumCosine - slack[i])
        return Vector(repeating: 0).replacing(with: gain, where: accepted)
    }

    /// Whether one correspondence is an inlier of a homography.
    func accepts(_ matrix: Matrix3, _ index: Int, threshold: Double) -> Bool {
        gains(PlanarMap(matrix, threshold: threshold), index >> 3)[index & 7] > 0
    }

    /// Scores a homography. Stops, with whatever it has, once `floor` is out of reach.
    func support(of matrix: Matrix3, threshold: Double, floor: Float = -1) -> ModelSupport {
        let map = PlanarMap(matrix, threshold: threshold)
        var gain = Vector()
        var count = SIMD8<Int32>()
        for i in 0..<vectorCount {
            let g = gains(map, i)
            gain += g
            count &-= unsafeBitCast(g .> 0, to: SIMD8<Int32>.self)
            if i & 3 == 3, gain.sum() + Float(8 * (vectorCount - 1 - i)) < floor { break }
        }
        return ModelSupport(gain: gain.sum(), count: Int(count.wrappedSum()))
    }

    /// Writes the inliers of a homography into `list`, and their squared gain into `weights`; returns how many there
    /// are.
    ///
    /// The squared gain is Tukey's biweight. `limit` keeps that many inliers at most, evenly spread over the list.
    func collect(_ matrix: Matrix3, threshold: Double, limit: Int = .max) -> Int {
        let map = PlanarMap(matrix, threshold: threshold)
        var found = 0
        for i in 0..<vectorCount {
            let g = gains(map, i)
            // Written always and counted only for inliers: branches here would be mispredicted.
            for lane in 0..<8 {
                list[found] = Int32(truncatingIfNeeded: i &* 8 &+ lane)
                weights[found] = g[lane] * g[lane]
                found &+= g[lane] > 0 ? 1 : 0
            }
        }
        return thin(found, to: limit)
    }

    /// Keeps `limit` entries of `list`, evenly spread; returns how many are left.
    func thin(_ found: Int, to limit: Int) -> Int {
        guard found > limit else { return found }
        for k in 0..<limit {
            list[k] = list[k * found / limit]
            weights[k] = weights[k * found / limit]
        }
        return limit
    }
}
