internal import CKernels

/// Matches the descriptors of two images: nearest neighbours in both directions, and Lowe's ratio test.
///
/// All pairs of descriptors are compared once, exactly. D. Lowe, "Distinctive image features from scale-invariant
/// keypoints", IJCV 2004, section 7.1; the mutual check and the test on the candidate's side are additions.
public struct DescriptorMatcher: Sendable {
    /// What counts as a match.
    public let configuration: MatchingConfiguration

    private let instructionSet: cairn_isa

    /// Makes a matcher.
    public init(configuration: MatchingConfiguration = .standard) {
        self.init(configuration: configuration, instructionSet: .best)
    }

    init(configuration: MatchingConfiguration, instructionSet: cairn_isa) {
        self.configuration = configuration
        self.instructionSet = instructionSet
    }

    /// Finds the matches of a query with one candidate, the lowest ratio first: the order that PROSAC wants.
    ///
    /// `candidate` holds whole descriptors of `query.dimensions` bytes, aligned anyhow; traps when it does not.
    /// Equally near descriptors are decided for the lower index. Complexity: O(query.count * candidate count *
    /// dimensions).
    public func match(
        query: PackedDescriptors, candidate: UnsafeRawBufferPointer, workspace: inout MatchWorkspace
    ) -> [DescriptorMatch] {
        let dimensions = query.dimensions
        precondition(
            candidate.count % dimensions == 0,
            "\(candidate.count) bytes are not whole descriptors of \(dimensions) bytes")
        let candidateCount = candidate.count / dimensions
        guard query.count > 0, candidateCount > 0, let rows = candidate.baseAddress else { return [] }
        let parts = workspace.prepare(queryCount: query.count, candidateCount: candidateCount, dimensions: dimensions)
        cairn_match_u8(
            rows.assumingMemoryBound(to: UInt8.self), candidateCount, query.storage, query.count, dimensions,
            parts.candidate, parts.query, parts.scratch, instructionSet)
        return select(from: parts, queryCount: query.count, length: query.quantization.length)
    }

    /// Matches two images once; for one query and many candidates pack the query yourself.
    public func match(query: LocalFeatures, candidate: LocalFeatures) -> [DescriptorMatch] {
        var workspace = MatchWorkspace()
        let packed = PackedDescriptors(query)
        return candidate.descriptors.withUnsafeBytes { match(query: packed, candidate: $0, workspace: &workspace) }
    }

    private func select(
        from parts: MatchWorkspace.Parts, queryCount: Int, length: Float
    ) -> [DescriptorMatch] {
        let (query, candidate) = (parts.query, parts.candidate)
        let testsRatio = configuration.ratio < 1
        let squaredRatio = Double(configuration.ratio) * Double(configuration.ratio)
        // |a - b|² = 2 - 2 cos for unit vectors.
        let testsCosine = configuration.minimumCosine > -1
        let limit = 2 * (1 - Double(configuration.minimumCosine)) * Double(length) * Double(length)
        var matches: [DescriptorMatch] = []
        for index in 0..<queryCount {
            let nearest = Int(query.nearest[index])
            let isMutual = candidate.nearest[nearest] == Int32(truncatingIfNeeded: index)
            if configuration.mutual && !isMutual { continue }
            let distance = query.distance[index]
            if testsCosine && Double(distance) > limit { continue }
            // A candidate whose nearest is another descriptor has that one for a rival.
            let candidatesRival = isMutual ? candidate.second[nearest] : candidate.distance[nearest]
            let rival =
                switch configuration.ratioSide {
                case .query: query.second[index]
                case .candidate: candidatesRival
                case .both: min(query.second[index], candidatesRival)
                }
            let hasRival = rival != .max
            if testsRatio && !(hasRival && Double(distance) < squaredRatio * Double(rival)) { continue }
            let ratio = hasRival && rival > 0 ? min(1, (Double(distance) / Double(rival)).squareRoot()) : 1
            matches.append(
                DescriptorMatch(
                    query: Int32(truncatingIfNeeded: index), candidate: Int32(truncatingIfNeeded: nearest),
                    distance: SquaredDistance(distance), ratio: Float(ratio)))
        }
        matches.sort { $0.precedes($1) }
        if matches.count > configuration.maximumMatches {
            matches.removeLast(matches.count - configuration.maximumMatches)
        }
        return matches
    }
}
