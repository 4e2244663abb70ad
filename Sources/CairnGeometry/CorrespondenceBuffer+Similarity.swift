extension CorrespondenceBuffer {
    /// A similarity that maps an anchor in the source to an anchor in the target: what one oriented correspondence, or
    /// two plain ones, suggest (Philbin et al., "Object retrieval with large vocabularies and fast spatial matching",
    /// 2007).
    struct SimilarityMap {
        /// Scaled cosine and sine.
        var a: Float
        var b: Float
        var sourceX: Float
        var sourceY: Float
        var targetX: Float
        var targetY: Float

        /// From one correspondence that carries scale and orientation.
        init(_ buffer: borrowing CorrespondenceBuffer, _ i: Int) {
            // The column holds the squared ratio divided and multiplied by the same factor.
            let scale = (buffer.element(buffer.lowest, i) * buffer.element(buffer.highest, i)).squareRoot().squareRoot()
            a = scale * buffer.element(buffer.cosine, i)
            b = scale * buffer.element(buffer.sine, i)
            sourceX = buffer.element(buffer.sx, i)
            sourceY = buffer.element(buffer.sy, i)
            targetX = buffer.element(buffer.tx, i)
            targetY = buffer.element(buffer.ty, i)
        }

        /// From two correspondences; `nil` where they are closer than `separation` in either image.
        init?(_ buffer: borrowing CorrespondenceBuffer, _ i: Int, _ j: Int, separation: Float) {
            sourceX = buffer.element(buffer.sx, i)
            sourceY = buffer.element(buffer.sy, i)
            targetX = buffer.element(buffer.tx, i)
            targetY = buffer.element(buffer.ty, i)
            let (dx, dy) = (buffer.element(buffer.sx, j) - sourceX, buffer.element(buffer.sy, j) - sourceY)
            let (du, dv) = (buffer.element(buffer.tx, j) - targetX, buffer.element(buffer.ty, j) - targetY)
            let squared = dx * dx + dy * dy
            guard squared > separation * separation, du * du + dv * dv > separation * separation else { return nil }
            a = (du * dx + dv * dy) / squared
            b = (dv * dx - du * dy) / squared
        }

        /// Whether the scale and rotation of a correspondence, if it has any, agree with the similarity.
        @inline(__always)
        func agrees(_ buffer: borrowing CorrespondenceBuffer, _ i: Int) -> Bool {
            let squared = squaredScale
            let dot = a * buffer.element(buffer.cosine, i) + b * buffer.element(buffer.sine, i)
            return squared >= buffer.element(buffer.lowest, i) && squared <= buffer.element(buffer.highest, i)
                && dot >= buffer.minimumCosine * squared.squareRoot() - buffer.element(buffer.slack, i)
        }

        /// The squared magnification.
        var squaredScale: Float { a * a + b * b }
    }

    /// How far an inlier of a similarity may be off: `threshold` at the anchor, and more by `slope` times the distance
    /// to it, because keypoints know their scale and direction only so well.
    struct Cone {
        var threshold: Float
        var slope: Float
    }

    @inline(__always)
    private func gains(_ map: SimilarityMap, _ cone: Cone, _ i: Int) -> Vector {
        let (x, y) = (sx[i] - map.sourceX, sy[i] - map.sourceY)
        let du = map.a * x - map.b * y - (tx[i] - map.targetX)
        let dv = map.b * x + map.a * y - (ty[i] - map.targetY)
        let area = max(1, map.squaredScale)
        let slope = cone.slope * cone.slope * area
        let tolerance = cone.threshold * cone.threshold * area + slope * (x * x + y * y)
        let gain = 1 - (du * du + dv * dv) / tolerance
        let dot = map.a * cosine[i] + map.b * sine[i]
        let accepted =
            (gain .> 0) .& (lowest[i] .<= map.squaredScale) .& (highest[i] .>= map.squaredScale)
            .& (dot .>= minimumCosine * map.squaredScale.squareRoot() - slack[i])
        return Vector(repeating: 0).replacing(with: gain, where: accepted)
    }

    /// Scores a similarity, its own correspondences included. Stops once `floor` is out of reach.
    func support(of map: SimilarityMap, cone: Cone, floor: Float = -1) -> ModelSupport {
        var gain = Vector()
        var count = SIMD8<Int32>()
        for i in 0..<vectorCount {
            let g = gains(map, cone, i)
            gain += g
            count &-= unsafeBitCast(g .> 0, to: SIMD8<Int32>.self)
            if i & 3 == 3, gain.sum() + Float(8 * (vectorCount - 1 - i)) < floor { break }
        }
        return ModelSupport(gain: gain.sum(), count: Int(count.wrappedSum()))
    }

    /// Writes the inliers of a similarity into `list`, and their gain into `weights`; returns how many there are.
    func collect(_ map: SimilarityMap, cone: Cone) -> Int {
        var found = 0
        for i in 0..<vectorCount {
            let g = gains(map, cone, i)
            for lane in 0..<8 {
                list[found] = Int32(truncatingIfNeeded: i &* 8 &+ lane)
                weights[found] = g[lane]
                found &+= g[lane] > 0 ? 1 : 0
            }
        }
        return found
    }
}
