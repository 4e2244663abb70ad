/// All that recognition knows of one query: the labelled images most alike, and the nearest images without a landmark.
///
/// Both lists are kept best first: higher similarity first, the lower row first among equals.
public struct RecognitionEvidence: Sendable, Hashable {
    /// Labelled images.
    public let candidates: [RecognitionCandidate]

    /// Images without a landmark.
    public let nonLandmarks: [NonLandmarkNeighbor]

    /// Takes both lists in any order and sorts them.
    ///
    /// - Throws: `RecognitionError` (`invalidInput`) for a similarity that is not finite, inliers below 0, or a row that
    ///   comes twice.
    public init(
        candidates: [RecognitionCandidate], nonLandmarks: [NonLandmarkNeighbor] = []
    ) throws(RecognitionError) {
        var seen = Set<Int>()
        let all =
            candidates.map { ($0.row, $0.similarity, $0.inliers) }
            + nonLandmarks.map { ($0.row, $0.similarity, $0.inliers) }
        for (row, similarity, inliers) in all {
            guard similarity.isFinite, (inliers ?? 0) >= 0 else {
                throw RecognitionError(
                    .invalidInput,
                    "row \(row) has similarity \(similarity) and \(inliers ?? 0) inliers; similarities must be finite and "
                        + "inliers at least 0")
            }
            guard seen.insert(row).inserted else {
                throw RecognitionError(.invalidInput, "row \(row) is twice among a query’s candidates; give it once")
            }
        }
        self.candidates = candidates.sorted {
            $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.row < $1.row
        }
        self.nonLandmarks = nonLandmarks.sorted {
            $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.row < $1.row
        }
    }

    /// The labels, each once, in the order of their best candidates.
    public var labels: [String] {
        var seen = Set<String>()
        return candidates.lazy.map(\.label).filter { seen.insert($0).inserted }
    }

    /// The evidence with other similarities, sorted anew.
    func mapSimilarities(_ transform: (Float) -> Double) throws(RecognitionError) -> RecognitionEvidence {
        var (candidates, nonLandmarks) = (candidates, nonLandmarks)
        for place in candidates.indices {
            candidates[place].similarity = Float(transform(candidates[place].similarity))
        }
        for place in nonLandmarks.indices {
            nonLandmarks[place].similarity = Float(transform(nonLandmarks[place].similarity))
        }
        return try RecognitionEvidence(candidates: candidates, nonLandmarks: nonLandmarks)
    }
}

/// A query whose answer is known: what recognition is fitted on and measured with.
public struct LabelledEvidence: Sendable, Hashable {
    /// What a query shows.
    public enum Truth: Sendable, Hashable {
        /// This landmark, whether or not the gallery holds it.
        case landmark(String)
        /// None.
        case nonLandmark
    }

    /// What was found for the query.
    public var evidence: RecognitionEvidence

    /// What it shows.
    public var truth: Truth

    /// Queries of one group never stand on both sides of a split: photos of one landmark, or of one series.
    public var group: String

    /// Joins evidence and truth.
    ///
    /// - Parameter group: nil takes the landmark, and for a query without one `identity`.
    public init(_ evidence: RecognitionEvidence, truth: Truth, group: String? = nil, identity: Int = 0) {
        self.evidence = evidence
        self.truth = truth
        self.group =
            switch (group, truth) {
            case (let group?, _): "group \(group)"
            case (nil, .landmark(let label)): "landmark \(label)"
            case (nil, .nonLandmark): "query \(identity)"
            }
    }

    /// Whether `label` is the right answer.
    public func isCorrect(_ label: String) -> Bool { truth == .landmark(label) }
}
