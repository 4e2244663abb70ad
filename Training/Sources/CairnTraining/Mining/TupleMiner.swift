import CairnAlgebra
import CairnTrainingData

/// Looks for the hard photos of a draw's queries.
struct TupleMiner {
    private let draw: MiningDraw
    private let descriptors: DescriptorMatrix
    private let labels: [Int]
    /// Of each photo its row.
    private let rows: [Int: Int]
    /// Photos of the pool that are described.
    private let pool: [Int]
    /// Of each query of the draw its hard photos, nearest first.
    private var hard: [[Int]]

    init(_ draw: MiningDraw, _ descriptors: DescriptorMatrix, _ labels: [Int]) {
        self.draw = draw
        self.descriptors = descriptors
        self.labels = labels
        var rows: [Int: Int] = [:]
        for (row, photo) in draw.photos.enumerated() where descriptors[row].contains(where: { $0 != 0 }) {
            rows[photo] = row
        }
        self.rows = rows
        pool = draw.pool.filter { rows[$0] != nil }
        hard = [[Int]](repeating: [], count: draw.queries.count)
    }

    /// Finds up to `count` for each query.
    ///
    /// A few neighbours do for nearly all queries. The others, in whose neighbourhood few classes are, look among four times as many,
    /// until they have all or the pool is at its end.
    mutating func findNegatives(_ count: Int) throws {
        var open = draw.queries.indices.filter { rows[draw.queries[$0]] != nil }
        guard !pool.isEmpty else { return }
        let gallery = try descriptors.rows(at: pool.compactMap { rows[$0] })
        var depth = min(pool.count, 4 * count + 16)
        while !open.isEmpty {
            let queries = try descriptors.rows(at: open.compactMap { rows[draw.queries[$0]] })
            let nearest = try NearestRows.search(queries: queries, in: gallery, k: depth)
            for (place, query) in open.enumerated() {
                hard[query] = firstOfClasses(
                    nearest.neighbors(of: place).indices, besides: labels[draw.queries[query]], count)
            }
            guard depth < pool.count else { return }
            open = open.filter { hard[$0].count < count }
            depth = min(pool.count, depth * 4)
        }
    }

    private func firstOfClasses(_ neighbors: ArraySlice<Int32>, besides own: Int, _ count: Int) -> [Int] {
        var taken: Set<Int> = [own]
        var found: [Int] = []
        for neighbor in neighbors where found.count < count {
            let photo = pool[Int(neighbor)]
            if taken.insert(labels[photo]).inserted { found.append(photo) }
        }
        return found
    }

    /// The tuples of queries that have a match and a hard photo.
    func tuples() -> [TrainingTuple] {
        draw.queries.indices.compactMap { query in
            let photo = draw.queries[query]
            guard !hard[query].isEmpty, let positive = farthest(of: draw.positives[query], from: photo) else {
                return nil
            }
            return TrainingTuple(query: photo, positive: positive, negatives: hard[query])
        }
    }

    /// The first among equals; `nil` where none is described.
    private func farthest(of photos: [Int], from query: Int) -> Int? {
        photos.filter { rows[$0] != nil }.min { similarity(query, $0) < similarity(query, $1) }
    }

    /// The inner product of two photos' descriptors. Both are described.
    func similarity(_ a: Int, _ b: Int) -> Double {
        guard let a = rows[a], let b = rows[b] else { return 0 }
        return zip(descriptors[a], descriptors[b]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
