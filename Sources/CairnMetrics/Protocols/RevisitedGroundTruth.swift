/// What Revisited Oxford and Paris say of one query: gallery rows that are easy to find, hard to find, or neither right nor
/// wrong.
///
/// Radenović et al., CVPR 2018; `ParseEasyMediumHardGroundTruth` of DELF. One ranking is judged in three ways:
///
/// | setting | positive | junk |
/// |---|---|---|
/// | easy | easy | junk, hard |
/// | medium | easy, hard | junk |
/// | hard | hard | junk, easy |
public struct RevisitedGroundTruth: Hashable, Sendable {
    /// The three settings, in the order papers print them.
    public enum Setting: String, Hashable, Sendable, Codable, CaseIterable {
        /// Easy images count; hard ones do not matter.
        case easy
        /// All images count.
        case medium
        /// Hard images count; easy ones do not matter.
        case hard
    }

    /// Images in which the query's landmark is plainly seen.
    public var easy: [Int32]
    /// Images in which it is hard to recognise: another time of day, a detail, the far distance.
    public var hard: [Int32]
    /// Images of which nobody can say.
    public var junk: [Int32]

    /// Makes the ground truth of a query.
    public init(easy: [Int32], hard: [Int32], junk: [Int32]) {
        self.easy = easy
        self.hard = hard
        self.junk = junk
    }

    /// Which rows are right, and which do not count, in a setting.
    public func judgment(in setting: Setting) -> QueryJudgment {
        switch setting {
        case .easy: QueryJudgment(positives: easy, junk: junk + hard)
        case .medium: QueryJudgment(positives: easy + hard, junk: junk)
        case .hard: QueryJudgment(positives: hard, junk: junk + easy)
        }
    }
}
