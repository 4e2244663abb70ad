import Foundation

/// Soft voting: a label scores `Σ s^power` over its best `count` candidates.
///
/// With power 8, chosen by cross-validation in a gold-medal solution of Google Landmark Recognition 2021, one close image
/// outweighs several vague ones, and two close ones outweigh one. Strengths below 0 count as 0: an even power would make votes
/// of them.
public struct SoftVoting: LabelVote {
    /// How many candidates of a label vote.
    public let count: Int

    /// The power of each strength.
    public let power: Double

    /// How many candidates of all labels together may vote; nil for all. 5 is the form in which only the first five results
    /// vote, whatever their labels.
    public let pool: Int?

    /// Makes the vote.
    ///
    /// - Throws: `RecognitionError` (`invalidArgument`) unless counts are at least 1 and the power is in 1...64.
    public init(count: Int = 5, power: Double = 8, pool: Int? = nil) throws(RecognitionError) {
        guard count >= 1, (pool ?? 1) >= 1, power >= 1, power <= 64 else {
            throw RecognitionError(
                .invalidArgument,
                "soft voting needs at least 1 candidate and a power from 1 to 64, not \(count) of \(pool ?? count) and "
                    + "\(power)")
        }
        self.count = count
        self.power = power
        self.pool = pool
    }

    /// `Σ max(s, 0)^power` over the first `count`.
    public func score(_ strengths: [Double]) -> Double {
        strengths.prefix(count).reduce(0) { $0 + pow(max($1, 0), power) }
    }

    /// The root of the score: the power mean's numerator, at least the best strength and at most `count^(1/power)` times it.
    public func strength(ofScore score: Double) -> Double { pow(max(score, 0), 1 / power) }
}
