import CairnAlgebra

extension DuplicateCriteria {
    /// The pairs that descriptors propose: for each picture its most similar ones, `neighbors` at most, from
    /// `minimumSimilarity` up.
    ///
    /// Of files that are equal byte for byte one stands for all: a hundred copies must not hide an edited one.
    ///
    /// - Parameter descriptors: one row a picture, of any length; a row of zeros is similar to nothing.
    /// - Returns: pairs without geometry, ascending, each once.
    /// - Complexity: that of `NearestRows`. Memory: `neighbors` pairs a picture.
    /// - Throws: `CleaningError` for impossible criteria, as many pictures as there are not rows, and rows that hold
    ///   NaN or infinity.
    public func candidates(
        images: [DuplicateImage], descriptors: DescriptorMatrix
    ) throws(CleaningError) -> [DuplicatePair] {
        try check()
        guard images.count == descriptors.count else {
            throw CleaningError.count("pictures", images.count, of: descriptors.count)
        }
        var digests: Set<String> = []
        let originals = images.indices.filter { row in images[row].digest.map { digests.insert($0).inserted } ?? true }
        do throws(AlgebraError) {
            try descriptors.requireFinite("the descriptors")
            guard originals.count > 1 else { return [] }
            let rows = CosineRows(try descriptors.rows(at: originals))
            let found = try NearestRows.search(among: rows.unit(0..<rows.count), k: neighbors, includingSelf: false)
            var similarities: [RowPair: Double] = [:]
            for row in 0..<rows.count {
                for other in found.neighbors(of: row).indices.lazy.map({ Int($0) }) {
                    let similarity = rows.similarity(min(row, other), max(row, other))
                    guard similarity >= minimumSimilarity else { continue }
                    similarities[RowPair(originals[row], originals[other])] = similarity
                }
            }
            return similarities.sorted { $0.key < $1.key }.map { DuplicatePair(rows: $0.key, similarity: $0.value) }
        } catch {
            throw CleaningError(error)
        }
    }
}
