/// Finds keypoints: extrema of differences of Gaussians, located to a fraction of a sample (Lowe, IJCV 2004, section 4).
struct SIFTDetector {
    let configuration: SIFTConfiguration
    /// Contrasts count from this part of the threshold on.
    var relaxation: Float = 1

    /// All candidates of a scale space, the one of highest contrast first.
    func candidates(in space: ScaleSpace) -> [KeypointCandidate] {
        let layers = configuration.layersPerOctave
        let extrema = ScaleSpaceExtrema(layers: layers)
        // Half the final threshold: the fit may raise the contrast of an extremum between samples.
        let contrastThreshold = configuration.contrastThreshold * relaxation
        let threshold = 0.5 * contrastThreshold / Float(layers) * 255
        let edge = configuration.edgeThreshold
        var candidates: [KeypointCandidate] = []
        for (index, octave) in space.octaves.enumerated() {
            let found = extrema.scan(
                octave, response: .CAIRN_DIFFERENCE_OF_GAUSSIANS, weights: [], threshold: threshold)
            for extremum in found {
                let settled = extrema.settle(extremum, in: octave) { layer, offset in
                    let g0 = octave.level(layer - 1) + offset
                    let g1 = octave.level(layer) + offset
                    let g2 = octave.level(layer + 1) + offset
                    let g3 = octave.level(layer + 2) + offset
                    return QuadraticFit(
                        stride: octave.stride, below: { g1[$0] - g0[$0] }, here: { g2[$0] - g1[$0] },
                        above: { g3[$0] - g2[$0] })
                }
                guard let (layer, x, y, fit) = settled else { continue }
                let contrast = abs(fit.value) / 255
                guard contrast * Float(layers) >= contrastThreshold, fit.determinant > 0,
                    fit.trace * fit.trace * edge < (edge + 1) * (edge + 1) * fit.determinant
                else { continue }
                candidates.append(
                    KeypointCandidate(
                        octave: index, level: layer, column: x, row: y, x: Float(x) + fit.x, y: Float(y) + fit.y,
                        layer: Float(layer) + fit.layer, strength: contrast))
            }
        }
        return candidates.rankedByStrength()
    }
}
