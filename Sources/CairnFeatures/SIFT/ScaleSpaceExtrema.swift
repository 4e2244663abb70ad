import CFeatures2D

/// Extrema of a response over position and scale, moved to the sample nearest to the fitted extremum.
struct ScaleSpaceExtrema {
    let layers: Int
    /// Samples this close to the edge are not searched.
    static let border = 5
    /// Moves to a neighbouring sample before an extremum is given up.
    private static let maximumMoves = 5

    /// Samples of an octave where the response is an extremum and exceeds `threshold` in magnitude.
    func scan(
        _ octave: ScaleSpace.Octave, response: cairn_response, weights: [Float], threshold: Float
    ) -> [cairn_extremum] {
        let levels: [UnsafePointer<Float>?] = (0..<(layers + 3)).map { UnsafePointer(octave.level($0)) }
        var scratch = [Float](repeating: 0, count: cairn_extrema_scratch_floats(layers, octave.stride))
        var capacity = max(4_096, octave.width * octave.height / 64)
        while true {
            var found: [cairn_extremum] = Array(repeating: cairn_extremum(), count: capacity)
            let count = cairn_scale_extrema(
                response, levels, weights, layers, octave.width, octave.height, octave.stride, threshold, Self.border,
                &found, capacity, &scratch)
            if count <= capacity { return Array(found.prefix(count)) }
            capacity = count
        }
    }

    /// Follows the fit from sample to sample until it is centred; `nil` when it leaves the octave or does not settle.
    @inline(__always)
    func settle(
        _ extremum: cairn_extremum, in octave: ScaleSpace.Octave, fit: (_ layer: Int, _ offset: Int) -> QuadraticFit?
    ) -> (layer: Int, x: Int, y: Int, fit: QuadraticFit)? {
        var (layer, x, y) = (Int(extremum.layer), Int(extremum.x), Int(extremum.y))
        for _ in 0..<Self.maximumMoves {
            guard let fitted = fit(layer, y * octave.stride + x) else { return nil }
            if fitted.isCentred { return (layer, x, y, fitted) }
            // A flat fit may point anywhere: only a move that stays in the octave is followed.
            let limit = Float(octave.width + octave.height)
            guard abs(fitted.x) < limit, abs(fitted.y) < limit, abs(fitted.layer) < Float(layers + 1) else {
                return nil
            }
            x += Int(fitted.x.rounded())
            y += Int(fitted.y.rounded())
            layer += Int(fitted.layer.rounded())
            guard layer >= 1, layer <= layers, x >= Self.border, x < octave.width - Self.border, y >= Self.border,
                y < octave.height - Self.border
            else { return nil }
        }
        return nil
    }
}
