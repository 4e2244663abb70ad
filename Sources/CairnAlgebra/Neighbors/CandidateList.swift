/// The rows of one gallery that may yet be among the best `k` of one query.
///
/// Products arrive with rounding errors below half of `margin`. As long as errors cannot matter the list thins itself out by
/// those products alone; where more rows crowd within the margin than it has room for, and at the end, it asks for exact ones.
struct CandidateList {
    /// A row with its score.
    struct Candidate {
        var score: Float
        var index: Int32
        var isExact: Bool
    }

    /// No row with a product below this can be among the best `k`.
    private(set) var threshold = -Float.infinity

    private var candidates: [Candidate] = []
    private let k: Int
    private let margin: Double

    /// Room for the best `k` of products that are at most `margin / 2` off.
    init(k: Int, margin: Double) {
        self.k = k
        self.margin = margin
        candidates.reserveCapacity(min(2 * k + 64, 1 << 12))
    }

    /// Takes in a row that is not below the threshold. `exactScore` must not give NaN.
    mutating func offer(_ product: Float, index: Int32, exactScore: (Int32) -> Float) {
        // A product that overflowed has no place in an order.
        let isExact = !product.isFinite
        candidates.append(
            Candidate(score: isExact ? exactScore(index) : product, index: index, isExact: isExact))
        guard candidates.count >= 2 * k + 64 else { return }
        sort()
        raiseThreshold()
        let kept = candidates.firstIndex { $0.score < threshold } ?? candidates.count
        if kept <= k + k / 2 + 32 {
            candidates.removeSubrange(kept...)
        } else {
            _ = settle(exactScore)
        }
    }

    /// Raises the threshold as far as the products so far allow, before the list is full.
    mutating func tighten() {
        guard candidates.count >= k else { return }
        sort()
        raiseThreshold()
        candidates.removeAll { $0.score < threshold }
    }

    /// Scores exactly what is not yet, and keeps the best `k`, best first, lower indices first among equals.
    mutating func settle(_ exactScore: (Int32) -> Float) -> [Candidate] {
        sort()
        if candidates.count > k { raiseThreshold() }
        candidates.removeAll { $0.score < threshold }
        for place in candidates.indices where !candidates[place].isExact {
            candidates[place].score = exactScore(candidates[place].index)
            candidates[place].isExact = true
        }
        sort()
        candidates.removeSubrange(min(k, candidates.count)...)
        if candidates.count == k { raiseThreshold() }
        return candidates
    }

    private mutating func sort() {
        candidates.sort { ($0.score, $1.index) > ($1.score, $0.index) }
    }

    /// At least `k` rows score the `k`-th here or better, up to rounding.
    private mutating func raiseThreshold() {
        threshold = max(threshold, Float(Double(candidates[k - 1].score) - margin).nextDown)
    }
}
