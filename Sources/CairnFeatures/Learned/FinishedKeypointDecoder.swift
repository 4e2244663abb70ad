import CairnCore

/// Keypoints that a network chose and described itself.
struct FinishedKeypointDecoder: Sendable {
    let configuration: KeypointConfiguration

    /// Puts arrays of the usual shapes into one; padding's keypoints go. Throws `FeatureError` where they do not fit together.
    func keypoints(
        positions: NetworkArray, scores: NetworkArray?, descriptors: NetworkArray, frame: NetworkFrame
    ) throws -> LearnedKeypoints {
        let count = positions.values.count / 2
        func mismatch() -> FeatureError {
            let shapes = [positions.shape] + (scores.map { [$0.shape] } ?? []) + [descriptors.shape]
            return FeatureError(
                .unsupported,
                "the model's keypoints, scores and descriptors do not fit together: \(shapes.map(String.init(describing:)).joined(separator: ", "))"
            )
        }
        guard positions.shape.last == 2, scores.map({ $0.values.count == count }) ?? true else { throw mismatch() }
        let sides = descriptors.shape.count == 3 ? Array(descriptors.shape.dropFirst()) : descriptors.shape
        guard sides.count == 2, descriptors.shape.count == 2 || descriptors.shape[0] == 1 else { throw mismatch() }
        // A square is read as [N, D].
        guard let isTransposed = sides[0] == count ? false : sides[1] == count ? true : nil else { throw mismatch() }
        let entries = isTransposed ? sides[0] : sides[1]
        guard (1...1_024).contains(entries) else { throw mismatch() }
        guard count < 8 || positions.values.contains(where: { $0.magnitude > 1 }) else {
            throw FeatureError(
                .unsupported,
                "the model gives positions between -1 and 1; export it with positions in pixels of its input")
        }

        let kept = (0..<count).filter { index in
            let (x, y) = (positions.values[2 * index], positions.values[2 * index + 1])
            return (scores?.values[index] ?? 0) > configuration.scoreThreshold
                && x > Float(frame.columns.lowerBound) - 0.5 && x < Float(frame.columns.upperBound) - 0.5
                && y > Float(frame.rows.lowerBound) - 0.5 && y < Float(frame.rows.upperBound) - 0.5
        }
        let order = DenseKeypointDecoder(configuration: configuration).strongest(kept) { scores?.values[$0] ?? 0 }
        var result = LearnedKeypoints(imageSize: frame.imageSize, entries: entries)
        var vector = [Float](repeating: 0, count: entries)
        for index in order {
            result.append(
                x: positions.values[2 * index], y: positions.values[2 * index + 1],
                score: scores?.values[index] ?? 0, in: frame)
            for entry in 0..<entries {
                vector[entry] = descriptors.values[isTransposed ? entry * count + index : index * entries + entry]
            }
            vector.withUnsafeMutableBufferPointer { UnitLength.normalize($0) }
            result.descriptors.append(contentsOf: vector)
        }
        return result
    }
}
