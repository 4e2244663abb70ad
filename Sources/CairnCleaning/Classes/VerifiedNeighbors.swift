/// Which photos of a labelled set their neighbours confirm.
public struct VerifiedNeighbors: Sendable, Equatable {
    /// Why a photo is dropped.
    public enum Reason: Sendable, Equatable {
        /// Too few of its neighbours verify: see the evidence.
        case tooFewVerified
        /// It is confirmed itself, and too few others of its class are.
        case smallClass(size: Int)
    }

    /// What became of one photo.
    public enum Outcome: Sendable, Equatable {
        /// It has no label and was not looked at.
        case unlabeled
        /// Enough of its neighbours verify.
        case kept
        /// It is not part of the clean set.
        case dropped(Reason)
    }

    /// The numbers behind an outcome. Comparison ends when the outcome is known, so they are lower bounds of what
    /// comparing with all neighbours would give.
    public struct Evidence: Sendable, Equatable {
        /// Neighbours that there were to compare with.
        public var candidates = 0

        /// Neighbours that were compared.
        public var compared = 0

        /// Neighbours that verified.
        public var verified = 0

        /// The neighbour with the most inliers, the more similar one of two; nil when none was compared.
        public var bestRow: Int?

        /// Those inliers.
        public var bestInliers: Int?

        /// Makes evidence of nothing.
        public init() {}
    }

    /// One photo's label, and what became of it.
    public struct Verdict: Sendable, Equatable {
        /// The label it came with.
        public var label: String?

        /// What became of it.
        public var outcome = Outcome.unlabeled

        /// The numbers behind it.
        public var evidence = Evidence()
    }

    /// One for each row, in order.
    public let verdicts: [Verdict]

    /// How many pairs of photos were compared.
    public let comparedPairs: Int

    /// The rows that are kept, ascending.
    public var keptRows: [Int] { verdicts.indices.filter { verdicts[$0].outcome == .kept } }
}
