import CairnAlgebra

/// Finds out for one label which rows enough of their neighbours confirm, asking for as few comparisons as it takes.
struct NeighborVerification {
    /// One row of the label, as far as it is known.
    private struct Progress {
        var neighbors: [Int] = []
        var next = 0
        var evidence = VerifiedNeighbors.Evidence()
    }

    private let rows: [Int]
    private let cleaning: VerifiedNeighborCleaning
    private var progress: [Progress] = []
    private var known: [RowPair: Int] = [:]

    /// Searches each row's neighbours among the others. `rows` are those of the label, ascending.
    init(rows: [Int], descriptors: DescriptorMatrix, cleaning: VerifiedNeighborCleaning) throws(CleaningError) {
        self.rows = rows
        self.cleaning = cleaning
        progress = rows.map { _ in Progress() }
        guard rows.count > 1 else { return }
        do throws(AlgebraError) {
            var members = try descriptors.rows(at: rows)
            _ = members.normalizeRows()
            let found = try NearestRows.search(among: members, k: cleaning.neighbors, includingSelf: false)
            for member in rows.indices {
                progress[member].neighbors = found.neighbors(of: member).indices.map { rows[Int($0)] }
                progress[member].evidence.candidates = progress[member].neighbors.count
            }
        } catch {
            throw CleaningError(error)
        }
    }

    /// The pairs to compare next, each once, ascending; none when every row's outcome is known.
    mutating func nextPairs() -> [RowPair] {
        var wanted: Set<RowPair> = []
        for member in rows.indices {
            advance(member)
            guard !isDecided(member) else { continue }
            // Fewer than this many more cannot be enough.
            let missing = cleaning.minimumVerified - progress[member].evidence.verified
            let (next, neighbors) = (progress[member].next, progress[member].neighbors)
            for neighbor in neighbors[next..<min(next + missing, neighbors.count)] {
                let pair = RowPair(rows[member], neighbor)
                if known[pair] == nil { wanted.insert(pair) }
            }
        }
        return wanted.sorted()
    }

    /// Takes in what comparing gave.
    mutating func record(_ pairs: [RowPair], _ inliers: [Int]) {
        for (pair, inliers) in zip(pairs, inliers) { known[pair] = inliers }
    }

    /// Each row's outcome, once there is nothing left to compare.
    func verdicts() -> [(outcome: VerifiedNeighbors.Outcome, evidence: VerifiedNeighbors.Evidence)] {
        progress.map { row in
            let isKept = row.evidence.verified >= cleaning.minimumVerified
            return (isKept ? .kept : .dropped(.tooFewVerified), row.evidence)
        }
    }

    /// Counts comparisons that are known, in order, as far as they matter.
    private mutating func advance(_ member: Int) {
        while !isDecided(member) {
            let neighbor = progress[member].neighbors[progress[member].next]
            guard let inliers = known[RowPair(rows[member], neighbor)] else { return }
            progress[member].next += 1
            progress[member].evidence.compared += 1
            if inliers >= cleaning.minimumInliers { progress[member].evidence.verified += 1 }
            if inliers > progress[member].evidence.bestInliers ?? -1 {
                progress[member].evidence.bestRow = neighbor
                progress[member].evidence.bestInliers = inliers
            }
        }
    }

    /// Whether enough have verified, or too few are left.
    private func isDecided(_ member: Int) -> Bool {
        let row = progress[member]
        let left = row.neighbors.count - row.next
        return row.evidence.verified >= cleaning.minimumVerified
            || row.evidence.verified + left < cleaning.minimumVerified
    }
}
