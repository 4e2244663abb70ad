/// What a protocol says of one query: which gallery rows are right, and which count neither way.
///
/// Rows are numbers of gallery images, in the protocol's own order. Where a row is in both lists it is junk. Queries of one class
/// share their lists' storage.
public struct QueryJudgment: Hashable, Sendable {
    /// Right answers.
    public var positives: [Int32]
    /// Rows taken out of the ranking before ranks are counted: the query itself, where it is in the gallery, among them.
    public var junk: [Int32]

    /// Makes a judgment.
    public init(positives: [Int32], junk: [Int32] = []) {
        self.positives = positives
        self.junk = junk
    }
}
