/// Two rows of a set, the lower one first.
public struct RowPair: Hashable, Sendable, Comparable {
    /// The lower row.
    public let first: Int

    /// The higher row.
    public let second: Int

    /// Puts two different rows in order.
    ///
    /// - Precondition: they differ.
    public init(_ one: Int, _ other: Int) {
        precondition(one != other, "row \(one) and itself are no pair")
        first = min(one, other)
        second = max(one, other)
    }

    /// By the first row, then by the second.
    public static func < (left: RowPair, right: RowPair) -> Bool {
        (left.first, left.second) < (right.first, right.second)
    }
}
