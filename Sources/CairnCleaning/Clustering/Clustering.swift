/// Which rows belong together.
public struct Clustering: Sendable, Equatable {
    /// The label of a row that belongs to no cluster.
    public static let noise = -1

    /// Each row's cluster, from 0, or `noise`.
    public let labels: [Int]

    /// Whether each row is a core row.
    public let isCore: [Bool]

    /// How many rows are within the radius of each, itself included: exact where the row is no core row, and the least
    /// that made it one where it is.
    public let neighborCounts: [Int]

    /// The number of rows in each cluster.
    public let sizes: [Int]

    /// How many clusters there are.
    public var clusterCount: Int { sizes.count }

    /// How many rows belong to none.
    public var noiseCount: Int { labels.count - sizes.reduce(0, +) }

    init(labels: [Int], isCore: [Bool], neighborCounts: [Int], clusterCount: Int) {
        self.labels = labels
        self.isCore = isCore
        self.neighborCounts = neighborCounts
        var sizes = [Int](repeating: 0, count: clusterCount)
        for label in labels where label != Self.noise { sizes[label] += 1 }
        self.sizes = sizes
    }

    /// The rows of each cluster, ascending.
    public func members() -> [[Int]] {
        var members = sizes.map { size in
            var rows: [Int] = []
            rows.reserveCapacity(size)
            return rows
        }
        for (row, label) in labels.enumerated() where label != Self.noise { members[label].append(row) }
        return members
    }
}
