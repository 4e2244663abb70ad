import CairnCore

/// Matches keypoints by a network: SuperGlue or LightGlue.
///
/// The network sees two lists of the same fixed length, padded; results equal those without padding. Safe to use from many
/// threads as far as the network is.
public struct LearnedMatcher: Sendable {
    /// What the network takes.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Positions in units of 0.7 times the longer side, with scores.
        case superGlue = "superglue"
        /// Positions in units of half the longer side.
        case lightGlue = "lightglue"
    }

    /// What the network takes.
    public let kind: Kind
    /// Numbers in a descriptor.
    public let entries: Int
    /// Which assignments become matches.
    public let configuration: LearnedMatchingConfiguration
    private let network: @Sendable (Int) throws -> any KeypointNetwork

    /// Makes a matcher. Throws `FeatureError` where the configuration makes no sense.
    ///
    /// - Parameters:
    ///   - kind: What the network takes.
    ///   - entries: Numbers in a descriptor, D.
    ///   - configuration: Which assignments become matches; `nil` for what the authors choose.
    ///   - network: Makes or finds the network for lists of K keypoints. Its inputs are positions `[1, K, 2]` (SuperGlue: with
    ///     scores, `[1, K, 3]`), descriptors `[1, K, D]` and validity `[1, K]` of the query, then of the candidate; its output
    ///     the log assignment `[1, K + 1, K + 1]`.
    public init(
        kind: Kind, entries: Int, configuration: LearnedMatchingConfiguration? = nil,
        network: @escaping @Sendable (Int) throws -> any KeypointNetwork
    ) throws {
        self.kind = kind
        self.entries = entries
        self.configuration =
            configuration
            ?? {
                switch kind {
                case .superGlue: .superGlue
                case .lightGlue: .lightGlue
                }
            }()
        self.network = network
        try self.configuration.validate()
    }

    /// Keypoints that are each other's best partners with confidence above the threshold, the surest first.
    ///
    /// Throws `FeatureError` where descriptors are not of the network's length or it gives another shape, and what the network
    /// throws.
    public func matches(query: LearnedKeypoints, candidate: LearnedKeypoints) throws -> [LearnedMatch] {
        for keypoints in [query, candidate] where keypoints.entries != entries {
            throw FeatureError(
                .invalidArgument,
                "the matcher was trained on descriptors of \(entries) numbers, these have \(keypoints.entries); use the extractor it was trained with"
            )
        }
        guard query.count > 0, candidate.count > 0 else { return [] }
        let size = size(for: max(query.count, candidate.count))
        let rows = min(query.count, size)
        let columns = min(candidate.count, size)
        let outputs = try network(size).run(inputs(query, size: size) + inputs(candidate, size: size))
        guard let first = outputs.first, first.shape == [1, size + 1, size + 1] else {
            throw FeatureError(
                .unsupported,
                "the matcher gave arrays of \(outputs.map(\.shape)) for \(size) keypoints, not [1, \(size + 1), \(size + 1)]"
            )
        }
        return AssignmentDecoder(threshold: configuration.threshold)
            .matches(logAssignment: first.values, rows: rows, columns: columns, stride: size + 1)
    }

    /// The least length that holds so many keypoints, or the greatest there is.
    func size(for count: Int) -> Int {
        configuration.sizes.first { $0 >= count } ?? configuration.sizes[configuration.sizes.count - 1]
    }

    /// Positions, descriptors and validity, padded with zeros; the strongest keypoints come first.
    private func inputs(_ keypoints: LearnedKeypoints, size: Int) -> [NetworkArray] {
        let count = min(keypoints.count, size)
        let (width, height) = (Float(keypoints.imageSize.width), Float(keypoints.imageSize.height))
        let longSide = max(width, height)
        let coordinates: Int
        let unit: Float
        switch kind {
        case .superGlue: (coordinates, unit) = (3, 0.7 * longSide)
        case .lightGlue: (coordinates, unit) = (2, 0.5 * longSide)
        }
        var positions = [Float](repeating: 0, count: coordinates * size)
        for index in 0..<count {
            // The networks were trained with the first pixel's centre at 0.
            positions[coordinates * index] = (keypoints.x[index] - 0.5 - width / 2) / unit
            positions[coordinates * index + 1] = (keypoints.y[index] - 0.5 - height / 2) / unit
            if coordinates == 3 { positions[coordinates * index + 2] = keypoints.scores[index] }
        }
        var descriptors = Array(keypoints.descriptors[..<(count * entries)])
        descriptors.append(contentsOf: repeatElement(0, count: (size - count) * entries))
        let validity = [Float](repeating: 1, count: count) + [Float](repeating: 0, count: size - count)
        return [
            NetworkArray(shape: [1, size, coordinates], values: positions),
            NetworkArray(shape: [1, size, entries], values: descriptors),
            NetworkArray(shape: [1, size], values: validity),
        ]
    }
}
