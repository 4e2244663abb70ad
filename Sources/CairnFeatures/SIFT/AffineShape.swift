import CFeatures2D

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A 2 x 2 matrix of determinant 1 that maps a round neighbourhood to a keypoint's elliptic region, row-major.
struct AffineShape {
    var a: Float = 1
    var b: Float = 0
    var c: Float = 0
    var d: Float = 1

    /// The matrix times a factor, as kernels take it.
    func scaled(by factor: Float) -> [Float] { [a * factor, b * factor, c * factor, d * factor] }

    /// Affine shape adaptation (Baumberg, CVPR 2000; Mikolajczyk & Schmid, IJCV 2004): the region is stretched until the second
    /// moments of its gradients are isotropic. `nil` when it does not converge or is too elongated: an edge, not a region.
    ///
    /// The shape is made upright at the end (Perd'och et al., CVPR 2009): it keeps the image's vertical direction, so that the
    /// orientation is left to gradients.
    static func adapted(
        to candidate: KeypointCandidate, sigma: Float, in octave: ScaleSpace.Octave
    ) -> AffineShape? {
        let half = 9
        let side = 2 * half + 1
        let plane = octave.level(candidate.level)
        var patch = [Float](repeating: 0, count: side * side)
        var moments: [Float] = [0, 0, 0]
        var shape = AffineShape()
        for _ in 0..<16 {
            // The window spans three σ of the keypoint on both sides.
            cairn_affine_patch(
                plane, octave.width, octave.height, octave.stride, candidate.x, candidate.y,
                shape.scaled(by: 3 * sigma / Float(half)), half, &patch, side)
            cairn_second_moments(patch, half, side, &moments)
            let (xx, xy, yy) = (moments[0], moments[1], moments[2])
            let mean = (xx + yy) / 2
            let difference = (((xx - yy) / 2) * ((xx - yy) / 2) + xy * xy).squareRoot()
            let (large, small) = (mean + difference, mean - difference)
            guard small > 0, large.isFinite else { return nil }
            if small / large > 0.9 { return shape.upright() }

            // μ^(-1/2), scaled to determinant 1: stretches where gradients are weak.
            let root = (xx * yy - xy * xy).squareRoot()
            let norm = (xx + yy + 2 * root).squareRoot()
            let (sxx, sxy, syy) = ((xx + root) / norm, xy / norm, (yy + root) / norm)
            let determinant = (sxx * syy - sxy * sxy).squareRoot()
            guard determinant > 0 else { return nil }
            let (ixx, ixy, iyy) = (syy / determinant, -sxy / determinant, sxx / determinant)
            shape = AffineShape(
                a: shape.a * ixx + shape.b * ixy, b: shape.a * ixy + shape.b * iyy,
                c: shape.c * ixx + shape.d * ixy, d: shape.c * ixy + shape.d * iyy)
            guard shape.elongation < 6 else { return nil }
        }
        return nil
    }

    /// Ratio of the region's axes.
    var elongation: Float {
        // For determinant 1 the singular values are s and 1/s, and the squared entries sum to s² + 1/s².
        let sum = a * a + b * b + c * c + d * d
        return (sum + max(0, sum * sum - 4).squareRoot()) / 2
    }

    /// The direction in the image of a direction in the round neighbourhood; radians in [0, 2π).
    func imageAngle(of angle: Float) -> Float {
        let (cosine, sine) = (Float(cos(Double(angle))), Float(sin(Double(angle))))
        let turned = Float(atan2(Double(c * cosine + d * sine), Double(a * cosine + b * sine)))
        return turned < 0 ? min(turned + 2 * .pi, (2 * Float.pi).nextDown) : turned
    }

    /// The same region with the vertical direction kept: a lower triangular matrix.
    private func upright() -> AffineShape {
        let norm = (a * a + b * b).squareRoot()
        return AffineShape(a: norm, b: 0, c: (a * c + b * d) / norm, d: (a * d - b * c) / norm)
    }
}
