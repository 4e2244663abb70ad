/// Grows clusters from pairs of neighbours that come one by one, in any order and each once, and forgets most of them.
///
/// Until a row is known to be a core row its neighbours are kept: fewer than `minSamples`. When it becomes one, the
/// core rows among them are of its cluster and the list is dropped; the others have it in their own lists. So two core
/// rows that are neighbours meet when the later of them becomes one, and a row that never does has its whole
/// neighbourhood at the end.
struct ClusterGrowth {
    private let minSamples: Int
    private var components: DisjointSets
    private var isCore: [Bool]
    private var neighbors: [[Int32]]

    /// Rows that are neighbours of themselves only.
    init(count: Int, minSamples: Int) {
        self.minSamples = minSamples
        components = DisjointSets(count: count)
        isCore = [Bool](repeating: minSamples <= 1, count: count)
        neighbors = [[Int32]](repeating: [], count: count)
    }

    /// Whether it matters that two rows are neighbours: not when both are core rows of one cluster already.
    mutating func needs(_ first: Int, _ second: Int) -> Bool {
        guard isCore[first], isCore[second] else { return true }
        return components.root(of: first) != components.root(of: second)
    }

    /// Takes in that two different rows are neighbours.
    mutating func connect(_ first: Int, _ second: Int) {
        switch (isCore[first], isCore[second]) {
        case (true, true): components.unite(first, second)
        case (true, false): add(first, to: second)
        case (false, true): add(second, to: first)
        case (false, false):
            neighbors[first].append(Int32(truncatingIfNeeded: second))
            neighbors[second].append(Int32(truncatingIfNeeded: first))
            // Both must have the other in its list before either list is looked through.
            settle(first)
            settle(second)
        }
    }

    private mutating func add(_ neighbor: Int, to row: Int) {
        neighbors[row].append(Int32(truncatingIfNeeded: neighbor))
        settle(row)
    }

    /// Makes a core row of one that has enough neighbours.
    private mutating func settle(_ row: Int) {
        guard neighbors[row].count + 1 >= minSamples else { return }
        isCore[row] = true
        for neighbor in neighbors[row] where isCore[Int(neighbor)] { components.unite(row, Int(neighbor)) }
        neighbors[row] = []
    }

    /// Numbers the clusters by their lowest core row, and gives each other row the lowest number in reach.
    consuming func finish() -> Clustering {
        var labels = [Int](repeating: Clustering.noise, count: isCore.count)
        var numbers = [Int](repeating: Clustering.noise, count: isCore.count)
        var clusterCount = 0
        for row in isCore.indices where isCore[row] {
            let root = components.root(of: row)
            if numbers[root] == Clustering.noise {
                numbers[root] = clusterCount
                clusterCount += 1
            }
            labels[row] = numbers[root]
        }
        for row in isCore.indices where !isCore[row] {
            let inReach = neighbors[row].lazy.filter { isCore[Int($0)] }.map { labels[Int($0)] }
            labels[row] = inReach.min() ?? Clustering.noise
        }
        let counts = isCore.indices.map { isCore[$0] ? minSamples : neighbors[$0].count + 1 }
        return Clustering(labels: labels, isCore: isCore, neighborCounts: counts, clusterCount: clusterCount)
    }
}
