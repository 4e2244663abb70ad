/// Finds keypoints: maxima over position and scale of the scale-normalised determinant of the Hessian
/// (Mikolajczyk et al., IJCV 2005). They are the centres of Hessian-affine regions.
struct HessianDetector {
    let configuration: SIFTConfiguration
    /// Contrasts count from this part of the threshold on.
    var relaxation: Float = 1

    /// All candidates of a scale space, the one of highest determinant first.
    func candidates(in space: ScaleSpace) -> [KeypointCandidate] {
        let layers = configuration.layersPerOctave
        let extrema = ScaleSpaceExtrema(layers: layers)
        // A determinant is a product of two second derivatives, so it goes with the square of contrast.
        let threshold = configuration.hessianThreshold * relaxation * relaxation
        // σ⁴ makes determinants of different scales comparable; σ is in samples of the octave.
        let weights = (0..<(layers + 2)).map { level in
            let sigma = configuration.sigma * exp2Float(Float(level) / Float(layers))
            return sigma * sigma * sigma * sigma / (255 * 255)
        }
        var candidates: [KeypointCandidate] = []
        for (index, octave) in space.octaves.enumerated() {
            let stride = octave.stride
            let found = extrema.scan(
                octave, response: .CAIRN_HESSIAN_DETERMINANT, weights: weights, threshold: threshold)
            for extremum in found {
                let settled = extrema.settle(extremum, in: octave) { layer, offset in
                    func determinant(_ level: Int, _ at: Int) -> Float {
                        let p = octave.level(level) + offset + at
                        let xx = p[1] + p[-1] - 2 * p[0]
                        let yy = p[stride] + p[-stride] - 2 * p[0]
                        let xy = (p[stride + 1] - p[stride - 1] - p[1 - stride] + p[-stride - 1]) * 0.25
                        return (xx * yy - xy * xy) * weights[level]
                    }
                    return QuadraticFit(
                        stride: stride, below: { determinant(layer - 1, $0) }, here: { determinant(layer, $0) },
                        above: { determinant(layer + 1, $0) })
                }
                guard let (layer, x, y, fit) = settled, fit.value >= threshold else { continue }
                candidates.append(
                    KeypointCandidate(
                        octave: index, level: layer, column: x, row: y, x: Float(x) + fit.x, y: Float(y) + fit.y,
                        layer: Float(layer) + fit.layer, strength: fit.value))
            }
        }
        return candidates.rankedByStrength()
    }
}
