/// Neighbours of rows, as many as each has: compressed rows (CSR).
public struct NeighborLists: Sendable, Equatable {
    /// Where each row's neighbours begin in `indices`, and where the last one's end: rows + 1 numbers.
    public internal(set) var offsets: [Int] = [0]

    /// Gallery rows, for each row ascending.
    public internal(set) var indices: [Int32] = []

    /// Their inner products with the row, rounded to float32 from double precision; empty where they were not asked for.
    public internal(set) var scores: [Float] = []

    /// How many rows there are.
    public var rowCount: Int { offsets.count - 1 }

    /// The neighbours of one row, ascending.
    public func neighbors(of row: Int) -> ArraySlice<Int32> { indices[offsets[row]..<offsets[row + 1]] }

    /// The scores of the neighbours of one row; empty where none were asked for.
    public func scores(of row: Int) -> ArraySlice<Float> {
        scores.isEmpty ? [] : scores[offsets[row]..<offsets[row + 1]]
    }
}
