import CFeatures2D

/// Dominant orientations and RootSIFT descriptors of one plane of samples.
struct SIFTDescriber {
    let configuration: SIFTConfiguration

    /// A plane of samples, rows `stride` floats apart.
    struct Plane {
        let base: UnsafePointer<Float>
        let width: Int
        let height: Int
        let stride: Int
    }

    /// Directions in which the gradients around a sample point, in radians in [0, 2π), in order of angle
    /// (Lowe, IJCV 2004, section 5). `sigma` is the keypoint's, in samples.
    func orientations(on plane: Plane, column: Int, row: Int, sigma: Float) -> [Float] {
        let bins = Int(CAIRN_ORIENTATION_BINS)
        let window = 1.5 * sigma
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: bins) { histogram in
            cairn_orientation_histogram(
                plane.base, plane.width, plane.height, plane.stride, column, row, Int((3 * window).rounded()), window,
                histogram.baseAddress)
            let threshold = (histogram.max() ?? 0) * configuration.orientationPeakRatio
            guard threshold > 0 else { return [] }
            var angles: [Float] = []
            for bin in 0..<bins {
                let left = histogram[(bin + bins - 1) % bins]
                let centre = histogram[bin]
                let right = histogram[(bin + 1) % bins]
                guard centre > left, centre > right, centre >= threshold else { continue }
                // The vertex of the parabola through the three bins.
                let offset = 0.5 * (left - right) / (left - 2 * centre + right)
                var angle = (Float(bin) + offset) * (2 * .pi / Float(bins))
                if angle < 0 { angle += 2 * .pi }
                if angle >= 2 * .pi { angle -= 2 * .pi }
                angles.append(angle)
            }
            return angles
        }
    }

    /// Appends the 128 bytes of a keypoint's RootSIFT descriptor; false, and nothing, where there is no gradient at all.
    func appendDescriptor(
        on plane: Plane, x: Float, y: Float, sigma: Float, angle: Float, to bytes: inout [UInt8]
    ) -> Bool {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: LocalFeatures.rootSIFTDimensions) { raw in
            cairn_sift_descriptor(
                plane.base, plane.width, plane.height, plane.stride, x, y, configuration.cellsPerSigma * sigma, angle,
                raw.baseAddress)
            var squares: Float = 0
            for value in raw { squares += value * value }
            guard squares > 0 else { return false }
            let limit = configuration.clipping * squares.squareRoot()
            var sum: Float = 0
            for value in raw { sum += min(value, limit) }
            for value in raw {
                let root = (min(value, limit) / sum).squareRoot()
                bytes.append(UInt8(min(255, (root * 512).rounded())))
            }
            return true
        }
    }
}
