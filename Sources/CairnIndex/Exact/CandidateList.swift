/// The rows that may be among the nearest of one query, as far as their codes and the bound on those can tell.
///
/// A row stays as long as its similarity may reach `floor`: the `limit`-th greatest of the similarities that rows certainly
/// have.
struct CandidateList {
    /// A row whose similarity is at most `upper`.
    struct Candidate {
        var upper: Float
        var part: UInt32
        var slot: UInt32
    }

    private let limit: Int
    private(set) var candidates: [Candidate] = []

    /// The `limit` greatest lower bounds, the least of them on top.
    private var bounds: [Float] = []
    private var nextSweep = 1_024

    /// Keeps what the `limit` nearest need, at least 1.
    init(limit: Int) {
        precondition(limit > 0, "a list for \(limit) rows")
        self.limit = limit
    }

    /// A similarity that `limit` rows certainly have.
    var floor: Float { bounds.count < limit ? -.infinity : bounds[0] }

    /// Offers a row whose similarity is from `lower` to `upper`.
    mutating func insert(_ candidate: Candidate, lower: Float) {
        // A bound that is no number, as a forged file may give, must not stay on top of the heap.
        guard candidate.upper >= floor, !lower.isNaN else { return }
        candidates.append(candidate)
        insert(bound: lower)
        guard candidates.count >= nextSweep else { return }
        sweep()
        nextSweep = max(1_024, 2 * candidates.count)
    }

    /// Adds what another part of the scan kept.
    mutating func merge(_ other: CandidateList) {
        candidates += other.candidates
        for bound in other.bounds { insert(bound: bound) }
    }

    /// The rows that remain, those that may be nearest first.
    mutating func sorted() -> [Candidate] {
        sweep()
        return candidates.sorted {
            ($1.upper, $0.part, $0.slot) < ($0.upper, $1.part, $1.slot)
        }
    }

    private mutating func sweep() {
        let least = floor
        candidates.removeAll { $0.upper < least }
    }

    private mutating func insert(bound: Float) {
        if bounds.count < limit {
            bounds.append(bound)
            var place = bounds.count - 1
            while place > 0, bounds[place] < bounds[(place - 1) / 2] {
                bounds.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
        } else if bound > bounds[0] {
            bounds[0] = bound
            var place = 0
            while true {
                var least = place
                for child in (2 * place + 1)..<(2 * place + 3)
                where child < bounds.count && bounds[child] < bounds[least] {
                    least = child
                }
                if least == place { break }
                bounds.swapAt(place, least)
                place = least
            }
        }
    }
}
