import CairnAlgebra
import Foundation

/// Encodes rows by their reciprocal neighbours. One thread's: it holds scratch memory.
///
/// Rows are those of the gallery, from 0, and queries behind them. The lists of some rows may be replaced for a while: those
/// that a query enters.
final class ReciprocalEncoder {
    let lists: NeighborLists
    private let half: Int
    private let gallery: DescriptorMatrix
    private let queries: DescriptorMatrix?
    /// The query that is row `gallery.count`.
    var firstQuery = 0

    /// For each row, its place among the replaced lists, or -1.
    private var replacement: [Int32]
    private(set) var replaced: [Int32] = []
    private var replacedRows: [Int32] = []
    private var replacedScores: [Float] = []
    /// Smallest similarities that replace those of the lists.
    private(set) var lowered: [Int32: Float] = [:]

    private var marks: [Int32]
    private var mark: Int32 = 0
    private var reciprocal: [Int32] = []
    private var candidate: [Int32] = []
    private var members: [Int32] = []
    private var weights: [Double] = []

    /// Takes lists of `rows` rows; without queries, of the gallery alone.
    init(_ lists: NeighborLists, rows: Int, gallery: DescriptorMatrix, queries: DescriptorMatrix?) {
        self.lists = lists
        self.gallery = gallery
        self.queries = queries
        // As the authors round: to the nearest even number.
        half = Int((Double(lists.k) / 2).rounded(.toNearestOrEven))
        replacement = Array(repeating: -1, count: rows)
        marks = Array(repeating: 0, count: rows)
    }

    // MARK: Lists

    /// Calls `body` with a row's list and its similarities.
    @inline(__always)
    func withList<Result>(_ row: Int32, _ body: (UnsafePointer<Int32>, UnsafePointer<Float>) -> Result) -> Result {
        let slot = Int(replacement[Int(row)])
        let start = (slot >= 0 ? slot : Int(row)) * lists.k
        return (slot >= 0 ? replacedRows : lists.rows).withUnsafeBufferPointer { rows in
            (slot >= 0 ? replacedScores : lists.scores).withUnsafeBufferPointer { scores in
                body(rows.baseAddress.unsafelyUnwrapped + start, scores.baseAddress.unsafelyUnwrapped + start)
            }
        }
    }

    /// Whether `other` is among the first `length` of a row's list.
    @inline(__always)
    func contains(_ row: Int32, _ other: Int32, length: Int) -> Bool {
        withList(row) { list, _ in
            for place in 0..<length where list[place] == other { return true }
            return false
        }
    }

    /// The length of the lists by which candidates are judged.
    var halfLength: Int { half }

    /// Gives a row another list, until `restore`.
    func replace(_ row: Int32, rows: some Sequence<Int32>, scores: some Sequence<Float>) {
        replacement[Int(row)] = Int32(truncatingIfNeeded: replaced.count)
        replaced.append(row)
        replacedRows.append(contentsOf: rows)
        replacedScores.append(contentsOf: scores)
    }

    /// Gives a row a smaller smallest similarity, until `restore`.
    func lower(_ row: Int32, to score: Float) {
        lowered[row] = score
    }

    /// Forgets what was replaced.
    func restore() {
        for row in replaced { replacement[Int(row)] = -1 }
        replaced.removeAll(keepingCapacity: true)
        replacedRows.removeAll(keepingCapacity: true)
        replacedScores.removeAll(keepingCapacity: true)
        lowered.removeAll(keepingCapacity: true)
    }

    /// The rows that are in a row's list, as it is in theirs, among the first `length`; the row itself first.
    func appendReciprocal(of row: Int32, length: Int, to result: inout [Int32]) {
        result.append(row)
        withList(row) { list, _ in
            for place in 0..<length {
                let other = list[place]
                guard other >= 0 else { break }
                if contains(other, row, length: length) { result.append(other) }
            }
        }
    }

    // MARK: Encoding

    /// Appends a row's vector: the expanded set of its reciprocal neighbours (equation 5) with weights that add up to 1.
    func encode(_ row: Int32, into result: inout SparseRows) {
        reciprocal.removeAll(keepingCapacity: true)
        appendReciprocal(of: row, length: lists.k, to: &reciprocal)
        // Two marks a row: reciprocal, and a member of the expanded set.
        mark += 2
        for other in reciprocal { marks[Int(other)] = mark }
        members.removeAll(keepingCapacity: true)
        members.append(contentsOf: reciprocal)
        for other in reciprocal {
            candidate.removeAll(keepingCapacity: true)
            appendReciprocal(of: other, length: half, to: &candidate)
            let common = candidate.reduce(0) { $0 + (marks[Int($1)] == mark ? 1 : 0) }
            guard 3 * common > 2 * candidate.count else { continue }
            for one in candidate where marks[Int(one)] < mark - 1 {
                marks[Int(one)] = mark - 1
                members.append(one)
            }
        }
        members.sort()
        let farthest = 2 - 2 * Double(lowered[row] ?? lists.smallest[Int(row)])
        weights.removeAll(keepingCapacity: true)
        for member in members {
            let distance = member == row ? 0 : 2 - 2 * Double(similarity(row, member))
            weights.append(exp(farthest > 0 ? -distance / farthest : 0))
        }
        let sum = weights.reduce(0, +)
        for (member, weight) in zip(members, weights) { result.append(member, Float(weight / sum)) }
        result.endRow()
    }

    /// The similarity of two rows: from the list, or multiplied.
    private func similarity(_ row: Int32, _ other: Int32) -> Float {
        let known: Float? = withList(row) { list, scores in
            for place in 0..<lists.k where list[place] == other { return scores[place] }
            return nil
        }
        return known ?? product(row, other)
    }

    /// The inner product of two rows' descriptors, in double precision in the order of `NearestRows`.
    func product(_ row: Int32, _ other: Int32) -> Float {
        withVector(row) { left in
            withVector(other) { right in RowProduct.exact(left, right, count: gallery.dimensions) }
        }
    }

    @inline(__always)
    private func withVector<Result>(_ row: Int32, _ body: (UnsafePointer<Float>) -> Result) -> Result {
        let isQuery = Int(row) >= gallery.count
        let index = isQuery ? Int(row) - gallery.count + firstQuery : Int(row)
        let matrix = isQuery ? queries ?? gallery : gallery
        return matrix.values.withUnsafeBufferPointer {
            body($0.baseAddress.unsafelyUnwrapped + index * gallery.dimensions)
        }
    }
}
