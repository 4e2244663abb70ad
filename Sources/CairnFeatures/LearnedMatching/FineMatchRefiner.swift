import CairnCore

/// Brings matches of cells below a pixel: fine features around both cells go through LoFTR's last network.
struct FineMatchRefiner {
    let network: any KeypointNetwork
    let query: DetectorFreeFeatures
    let candidate: DetectorFreeFeatures
    /// The transformed coarse features.
    let cells: (NetworkArray, NetworkArray)

    /// The matches as points, in the same order. Throws `FeatureError` where the network is none of LoFTR's.
    func refined(_ matches: [LearnedMatch]) throws -> [PointMatch] {
        guard !matches.isEmpty else { return [] }
        let dimensions = network.inputs.first?.dimensions ?? []
        guard dimensions.count == 3, let batch = dimensions[0], let area = dimensions[1], batch > 0,
            let side = [1, 3, 5, 7, 9, 11].first(where: { $0 * $0 == area })
        else { throw mismatch() }
        var points: [PointMatch] = []
        points.reserveCapacity(matches.count)
        for start in stride(from: 0, to: matches.count, by: batch) {
            let part = Array(matches[start..<min(start + batch, matches.count)])
            let (ofQuery, ofCandidate) = (part.map(\.query), part.map(\.candidate))
            let outputs = try network.run([
                windows(query, ofQuery, batch: batch, side: side), vectors(cells.0, ofQuery, batch: batch),
                windows(candidate, ofCandidate, batch: batch, side: side), vectors(cells.1, ofCandidate, batch: batch),
            ])
            guard let moved = outputs.first, moved.shape == [batch, 3] else { throw mismatch() }
            for (index, match) in part.enumerated() {
                // Half a window, in pixels of the input: fine features are 2 pixels apart.
                let reach = Float(side / 2) * 2
                let offset = (x: moved.values[3 * index] * reach, y: moved.values[3 * index + 1] * reach)
                points.append(
                    PointMatch(
                        query: query.position(ofCell: match.query, offset: (0, 0)),
                        candidate: candidate.position(ofCell: match.candidate, offset: offset),
                        confidence: match.confidence))
            }
        }
        return points
    }

    /// Fine features around each cell's centre, `[batch, side * side, C']`; zeros outside the map and after the last match.
    private func windows(_ features: DetectorFreeFeatures, _ places: [Int], batch: Int, side: Int) -> NetworkArray {
        let (rows, columns, channels) = (features.fine.shape[1], features.fine.shape[2], features.fine.shape[3])
        let half = side / 2
        var values = [Float](repeating: 0, count: batch * side * side * channels)
        values.withUnsafeMutableBufferPointer { values in
            features.fine.values.withUnsafeBufferPointer { fine in
                for (index, cell) in places.enumerated() {
                    let left = 4 * (cell % features.columns) - half
                    let top = 4 * (cell / features.columns) - half
                    for place in 0..<(side * side) {
                        let (column, row) = (left + place % side, top + place / side)
                        guard column >= 0, row >= 0, column < columns, row < rows else { continue }
                        let source = (row &* columns &+ column) &* channels
                        let target = (index &* side &* side &+ place) &* channels
                        for channel in 0..<channels { values[target &+ channel] = fine[source &+ channel] }
                    }
                }
            }
        }
        return NetworkArray(shape: [batch, side * side, channels], values: values)
    }

    /// Each cell's vector, `[batch, C]`.
    private func vectors(_ cells: NetworkArray, _ places: [Int], batch: Int) -> NetworkArray {
        let channels = cells.shape[2]
        var values: [Float] = []
        values.reserveCapacity(batch * channels)
        for place in places { values.append(contentsOf: cells.values[(place * channels)..<((place + 1) * channels)]) }
        values.append(contentsOf: repeatElement(0, count: (batch - places.count) * channels))
        return NetworkArray(shape: [batch, channels], values: values)
    }

    private func mismatch() -> FeatureError {
        let inputs = network.inputs.map(\.description).joined(separator: ", ")
        return FeatureError(
            .unsupported, "\(inputs) are not the inputs of LoFTR's fine network; export the model again")
    }
}
