import CairnAlgebra

/// Descriptors with labels, searched exactly: recognition for those who have arrays and no collection.
///
/// A row without a label shows no landmark, and counts as evidence against one.
public struct LabelledGallery: Sendable {
    /// The descriptors, one a row, of unit length (a row of zeros has similarity 0 to everything).
    public let descriptors: DescriptorMatrix

    /// For each row its landmark; nil for an image without one.
    public let labels: [String?]

    private let landmarkRows: [Int]
    private let nonLandmarkRows: [Int]
    private let landmarks: DescriptorMatrix
    private let nonLandmarks: DescriptorMatrix

    /// Joins descriptors and labels.
    ///
    /// - Throws: `RecognitionError` when counts differ, `AlgebraError` for numbers that are not finite (naming the row).
    public init(descriptors: DescriptorMatrix, labels: [String?]) throws {
        guard descriptors.count == labels.count else {
            throw RecognitionError(
                .invalidArgument, "\(descriptors.count) descriptors have \(labels.count) labels; give one for each row")
        }
        try descriptors.requireFinite("the gallery")
        self.descriptors = descriptors
        self.labels = labels
        landmarkRows = labels.indices.filter { labels[$0] != nil }
        nonLandmarkRows = labels.indices.filter { labels[$0] == nil }
        landmarks = try descriptors.rows(at: landmarkRows)
        nonLandmarks = try descriptors.rows(at: nonLandmarkRows)
    }

    /// The evidence for each query: the `count` labelled rows and the `nonLandmarkCount` unlabelled rows of largest inner
    /// product, fewer where the gallery has fewer.
    ///
    /// - Parameter leavingOut: for each query the gallery row that is the query itself, and so says nothing; nil where it is
    ///   not in the gallery.
    /// - Complexity: one exact search: `2 * queries * rows * dimensions` operations.
    /// - Throws: `RecognitionError` for counts below 1 or rows that are not there, `AlgebraError` for dimensions that
    ///   differ or numbers that are not finite.
    public func evidence(
        for queries: DescriptorMatrix, count: Int = 100, nonLandmarkCount: Int = 10, leavingOut: [Int?]? = nil
    ) throws -> [RecognitionEvidence] {
        guard count >= 1, nonLandmarkCount >= 1 else {
            throw RecognitionError(
                .invalidArgument,
                "cannot take \(count) candidates and \(nonLandmarkCount) non-landmarks; take at least 1")
        }
        guard leavingOut == nil || leavingOut?.count == queries.count else {
            throw RecognitionError(
                .invalidArgument,
                "\(queries.count) queries have \(leavingOut?.count ?? 0) rows to leave out; give one for each")
        }
        let own = leavingOut ?? [Int?](repeating: nil, count: queries.count)
        if let row = own.lazy.compactMap({ $0 }).first(where: { !descriptors.indices.contains($0) }) {
            throw RecognitionError(
                .invalidArgument, "there is no gallery row \(row): the gallery has \(descriptors.count)")
        }
        let extra = leavingOut == nil ? 0 : 1
        let positive = try Self.search(queries, in: landmarks, rows: landmarkRows, k: count + extra)
        let negative = try Self.search(queries, in: nonLandmarks, rows: nonLandmarkRows, k: nonLandmarkCount + extra)
        return try (0..<queries.count).map { query in
            let candidates = positive[query].filter { $0.row != own[query] }.prefix(count)
            let others = negative[query].filter { $0.row != own[query] }.prefix(nonLandmarkCount)
            return try RecognitionEvidence(
                candidates: candidates.compactMap { found in
                    labels[found.row].map { RecognitionCandidate(row: found.row, label: $0, similarity: found.score) }
                },
                nonLandmarks: others.map { NonLandmarkNeighbor(row: $0.row, similarity: $0.score) })
        }
    }

    /// Exact leave-one-out: the evidence for every row of the gallery, from all other rows.
    ///
    /// - Complexity: `2 * rows² * dimensions` operations.
    public func leaveOneOut(count: Int = 100, nonLandmarkCount: Int = 10) throws -> [LabelledEvidence] {
        let found = try evidence(
            for: descriptors, count: count, nonLandmarkCount: nonLandmarkCount, leavingOut: Array(labels.indices))
        return zip(labels.indices, found).map { row, evidence in
            LabelledEvidence(evidence, truth: labels[row].map { .landmark($0) } ?? .nonLandmark, identity: row)
        }
    }

    /// Class-level form: one row a landmark, the mean of its descriptors at unit length, in the order in which landmarks
    /// first appear; then the non-landmarks as they are. Means that cancel out stay zeros.
    ///
    /// Candidates from the result have one vote a landmark; their rows are those of the result.
    public func centroids() throws -> LabelledGallery {
        var places: [String: Int] = [:]
        var names: [String] = []
        var sums: [[Double]] = []
        for row in landmarkRows {
            guard let label = labels[row] else { continue }
            let place = places[label] ?? names.count
            if place == names.count {
                places[label] = place
                names.append(label)
                sums.append([Double](repeating: 0, count: descriptors.dimensions))
            }
            for (column, value) in descriptors[row].enumerated() { sums[place][column] += Double(value) }
        }
        var matrix = try DescriptorMatrix(dimensions: descriptors.dimensions)
        for sum in sums {
            let norm = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
            try matrix.append(sum.map { norm > 0 ? Float($0 / norm) : 0 })
        }
        for row in nonLandmarkRows { try matrix.append(descriptors[row]) }
        return try LabelledGallery(
            descriptors: matrix, labels: names + [String?](repeating: nil, count: nonLandmarkRows.count))
    }

    /// The best rows for each query; none in an empty gallery.
    private static func search(
        _ queries: DescriptorMatrix, in gallery: DescriptorMatrix, rows: [Int], k: Int
    ) throws -> [[(row: Int, score: Float)]] {
        guard gallery.count > 0, queries.count > 0 else {
            try queries.requireFinite("the queries")
            return [[(row: Int, score: Float)]](repeating: [], count: queries.count)
        }
        let found = try NearestRows.search(queries: queries, in: gallery, k: k)
        return (0..<queries.count).map { query in
            let (indices, scores) = found.neighbors(of: query)
            return zip(indices, scores).map { (row: rows[Int($0)], score: $1) }
        }
    }
}

extension DescriptorMatrix {
    /// The rows' numbers.
    fileprivate var indices: Range<Int> { 0..<count }
}
