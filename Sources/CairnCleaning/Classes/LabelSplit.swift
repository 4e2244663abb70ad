import CairnAlgebra

/// The clusters of one label's rows, and what is in none.
struct LabelSplit {
    /// A cluster that is large enough to be a class.
    struct Cluster {
        var stage: CleanedClasses.Stage
        var members: [Int]
    }

    /// Those of the first clustering before those of the tail; each by size, then by their first member.
    private(set) var clusters: [Cluster] = []

    /// The members in no class, ascending.
    private(set) var dropped: [(member: Int, reason: CleanedClasses.Reason, evidence: CleanedClasses.Evidence)] = []

    /// Splits the members of a label.
    init(members: CosineRows, cleaning: ClassCleaning) throws(CleaningError) {
        let first = try DBSCAN(eps: cleaning.eps, minSamples: cleaning.minSamples).cluster(members)
        var reasons: [Int: CleanedClasses.Reason] = [:]
        sort(first.members(), stage: .cluster, minimumSize: cleaning.minimumClassSize, reasons: &reasons)
        let noise = first.labels.indices.filter { first.labels[$0] == Clustering.noise }
        var tailCounts: [Int: Int] = [:]
        if let tailEps = cleaning.tailEps, !noise.isEmpty {
            let tail = try DBSCAN(eps: tailEps, minSamples: cleaning.tailMinSamples)
                .cluster(CosineRows(members.selecting(noise)))
            for (place, member) in noise.enumerated() { tailCounts[member] = tail.neighborCounts[place] - 1 }
            sort(
                tail.members().map { $0.map { noise[$0] } }, stage: .tail, minimumSize: cleaning.minimumClassSize,
                reasons: &reasons)
            for (place, member) in noise.enumerated() where tail.labels[place] == Clustering.noise {
                reasons[member] = .noise
            }
        } else {
            for member in noise { reasons[member] = .noise }
        }
        let rest = reasons.sorted { $0.key < $1.key }
        let nearest = try members.nearestOthers(of: rest.map(\.key))
        for ((member, reason), nearest) in zip(rest, nearest) {
            dropped.append(
                (
                    member, reason,
                    CleanedClasses.Evidence(
                        nearest: nearest, nearestDistance: nearest.map { members.distance(member, $0) },
                        neighborsInReach: first.neighborCounts[member] - 1, neighborsInTailReach: tailCounts[member])
                ))
        }
    }

    private mutating func sort(
        _ found: [[Int]], stage: CleanedClasses.Stage, minimumSize: Int, reasons: inout [Int: CleanedClasses.Reason]
    ) {
        for members in found where members.count < minimumSize {
            for member in members { reasons[member] = .smallCluster(size: members.count) }
        }
        clusters += found.filter { $0.count >= minimumSize }
            .sorted { ($1.count, $0.first ?? 0) < ($0.count, $1.first ?? 0) }
            .map { Cluster(stage: stage, members: $0) }
    }
}

extension CosineRows {
    /// For each of some rows the other row that is most similar, the lower one of two; nil where there is no other.
    func nearestOthers(of selection: [Int]) throws(CleaningError) -> [Int?] {
        guard count > 1, !selection.isEmpty else { return selection.map { _ in nil } }
        let found: NearestRows
        do throws(AlgebraError) {
            found = try NearestRows.search(queries: unit(selection), in: unit(0..<count), k: 2)
        } catch {
            throw CleaningError(error)
        }
        return selection.enumerated().map { query, row in
            found.neighbors(of: query).indices.lazy.map { Int($0) }.first { $0 != row }
        }
    }
}
