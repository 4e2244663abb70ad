import CairnCore

/// From ALIKED's maps to keypoints: detection by refined maxima (section III-C), then its two small networks, which say where to
/// look around each keypoint and describe what is there.
struct ALIKEDDecoder: Sendable {
    let configuration: KeypointConfiguration
    /// `[K, D, 3, 3]` to `[K, M, 2]`.
    let offsets: any KeypointNetwork
    /// `[K, M, D]` to `[K, D]`.
    let descriptors: any KeypointNetwork

    /// A keypoint in pixels of the input.
    private struct Place {
        let x: Float
        let y: Float
        let score: Float
    }

    /// Throws `FeatureError` where arrays have other shapes than ALIKED's.
    func keypoints(scores: ScoreMap, levels: [NetworkArray], frame: NetworkFrame) throws -> LearnedKeypoints {
        let levels = try FeatureLevels(levels, frame: frame)
        let places = places(scores, frame)
        var result = LearnedKeypoints(imageSize: frame.imageSize, entries: levels.entries)
        for place in places { result.append(x: place.x, y: place.y, score: place.score, in: frame) }
        // A network of fixed batch gets its last one filled up with zeros.
        let batch = offsets.inputs.first?.dimensions.first.flatMap { $0 } ?? max(places.count, 1)
        for start in stride(from: 0, to: places.count, by: batch) {
            let part = Array(places[start..<min(start + batch, places.count)])
            let described = try describe(part, batch: batch, levels, frame)
            result.descriptors.append(contentsOf: described.values[..<(part.count * levels.entries)])
        }
        return result
    }

    private func places(_ scores: ScoreMap, _ frame: NetworkFrame) -> [Place] {
        let peaks = scores.peaks(configuration, columns: frame.columns, rows: frame.rows)
        let strongest = DenseKeypointDecoder(configuration: configuration).strongest(peaks, \.score)
        let radius = configuration.suppressionRadius
        return strongest.map { peak in
            guard configuration.refinesPositions, peak.column >= radius, peak.row >= radius,
                peak.column + radius < scores.width, peak.row + radius < scores.height
            else { return Place(x: Float(peak.column), y: Float(peak.row), score: peak.score) }
            let (x, y) = scores.refinedPosition(
                column: peak.column, row: peak.row, radius: radius, temperature: configuration.temperature)
            // Only where scores beside it are no numbers.
            guard x.isFinite, y.isFinite else {
                return Place(x: Float(peak.column), y: Float(peak.row), score: peak.score)
            }
            return Place(x: x, y: y, score: scores.score(x: x, y: y))
        }
    }

    private func describe(
        _ places: [Place], batch: Int, _ levels: FeatureLevels, _ frame: NetworkFrame
    ) throws -> NetworkArray {
        let entries = levels.entries
        let patches = NetworkArray(shape: [batch, entries, 3, 3], values: patches(places, batch: batch, levels, frame))
        guard let moved = try offsets.run([patches]).first, moved.shape.count == 3, moved.shape[0] == batch,
            moved.shape[1] > 0, moved.shape[2] == 2
        else { throw mismatch("offsets", offsets) }
        let count = moved.shape[1]
        let samples = samples(places, offsets: moved, batch: batch, levels, frame)
        let array = NetworkArray(shape: [batch, count, entries], values: samples)
        guard let described = try descriptors.run([array]).first, described.shape == [batch, entries] else {
            throw mismatch("descriptors", descriptors)
        }
        return described
    }

    private func mismatch(_ part: String, _ network: any KeypointNetwork) -> FeatureError {
        let outputs = network.outputs.map(\.description).joined(separator: ", ")
        return FeatureError(.unsupported, "\(outputs) are not ALIKED's \(part); export the model again")
    }

    /// The 3 x 3 pixels around each keypoint, `[batch, D, 3, 3]`; within the image.
    private func patches(_ places: [Place], batch: Int, _ levels: FeatureLevels, _ frame: NetworkFrame) -> [Float] {
        let entries = levels.entries
        var values = [Float](repeating: 0, count: batch * entries * 9)
        var vector = [Float](repeating: 0, count: entries)
        for (index, place) in places.enumerated() {
            // The last column and row that a patch may reach are the last but one, as in the authors' code.
            let column = min(max(Int(place.x) - 1, frame.columns.lowerBound), frame.columns.upperBound - 4)
            let row = min(max(Int(place.y) - 1, frame.rows.lowerBound), frame.rows.upperBound - 4)
            for cell in 0..<9 {
                vector.withUnsafeMutableBufferPointer { vector in
                    vector.update(repeating: 0)
                    guard let base = vector.baseAddress else { return }
                    levels.add(column: column + cell % 3, row: row + cell / 3, weight: 1, to: base)
                }
                for entry in 0..<entries { values[(index &* entries &+ entry) &* 9 &+ cell] = vector[entry] }
            }
        }
        return values
    }

    /// The vectors at each keypoint's places, `[batch, M, D]`.
    private func samples(
        _ places: [Place], offsets: NetworkArray, batch: Int, _ levels: FeatureLevels, _ frame: NetworkFrame
    ) -> [Float] {
        let (count, entries) = (offsets.shape[1], levels.entries)
        let reach = Float(max(frame.columns.count, frame.rows.count)) / 4
        var values = [Float](repeating: 0, count: batch * count * entries)
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for (index, place) in places.enumerated() {
                for sample in 0..<count {
                    let place = (
                        x: place.x + min(max(offsets.values[2 * (index * count + sample)], -reach), reach),
                        y: place.y + min(max(offsets.values[2 * (index * count + sample) + 1], -reach), reach)
                    )
                    levels.add(x: place.x, y: place.y, to: base + (index * count + sample) * entries)
                }
            }
        }
        return values
    }
}
