import CairnCore

/// The score that an answer must exceed, chosen so that few queries without a right answer do.
///
/// A share measured on n negatives moves in steps of 1/n, and on new queries it varies. The conformal rule takes the
/// `⌈(n + 1)(1 - rate)⌉`-th smallest score of the negatives: a new query, exchangeable with them, exceeds it with
/// probability at most `rate`, whatever the distribution (Vovk, Gammerman and Shafer, 2005, section 2; Angelopoulos and Bates,
/// 2021). That is an average over calibrations: one calibration's own rate scatters about it. With fewer than
/// `1/rate - 1` negatives no threshold can promise the rate: then the largest negative is taken, and `guaranteedRate` says what
/// it does promise.
public struct RejectionThreshold: Sendable, Hashable {
    /// How the threshold is chosen.
    public enum Rule: String, Sendable, Codable, CaseIterable {
        /// The conservative order statistic, with its promise for new queries.
        case conformal
        /// The smallest threshold that keeps the share among the negatives at hand within the rate; optimistic for new
        /// queries.
        case empirical
    }

    /// An answer is accepted when its score is above this, not at it.
    public let threshold: Double

    /// The rate asked for.
    public let askedRate: Double

    /// n: how many negatives it was chosen on.
    public let negativeCount: Int

    /// How many of them are still accepted.
    public let acceptedNegatives: Int

    /// How it was chosen.
    public let rule: Rule

    /// Chooses a threshold.
    ///
    /// - Parameters:
    ///   - negatives: the scores of queries whose answer would be wrong. A query that found nothing, and so is always
    ///     rejected, is one with score -∞.
    ///   - rate: the share of negatives that may be accepted, above 0 and below 1.
    /// - Complexity: O(n log n).
    /// - Throws: `RecognitionError` (`invalidArgument`) without negatives, for a score that is NaN or +∞, or a rate outside
    ///   0..<1.
    public init(
        negatives: [Double], falseAcceptRate rate: Double, rule: Rule = .conformal
    ) throws(RecognitionError) {
        guard rate > 0, rate < 1 else {
            throw RecognitionError(
                .invalidArgument, "a false-accept rate must be above 0 and below 1, not \(rate); 1 % is 0.01")
        }
        guard !negatives.isEmpty else {
            throw RecognitionError(
                .invalidArgument,
                "there is no query without a right answer to choose a threshold on; add photos that show no landmark")
        }
        guard negatives.allSatisfy({ $0 < .infinity }) else {
            throw RecognitionError(.invalidInput, "a score is NaN or infinite; extract that query again")
        }
        let sorted = negatives.sorted()
        let count = sorted.count
        threshold = sorted[count - Self.allowed(count, rate: rate, rule: rule)]
        askedRate = rate
        negativeCount = count
        acceptedNegatives = sorted.count { [threshold] in $0 > threshold }
        self.rule = rule
    }

    /// Whether an answer of this score is accepted.
    public func accepts(_ score: Double) -> Bool { score > threshold }

    /// The share of the negatives at hand that are accepted.
    public var observedRate: Double { Double(acceptedNegatives) / Double(negativeCount) }

    /// The steps in which a rate can be measured on so many negatives: 1/n.
    public var resolution: Double { 1 / Double(negativeCount) }

    /// The largest probability with which a new negative, exchangeable with those at hand, is accepted. With the k-th
    /// smallest of n as threshold it is `1 - k/(n + 1)`, fixed before any score is seen.
    public var guaranteedRate: Double {
        Double(Self.allowed(negativeCount, rate: askedRate, rule: rule)) / Double(negativeCount + 1)
    }

    /// Whether the rate asked for is promised for new queries.
    public var isGuaranteed: Bool { guaranteedRate <= askedRate * (1 + 1e-9) }

    /// How many of n negatives and the new one may be at or above the threshold's own: n + 1 - k.
    ///
    /// The tiny addend undoes rounding, as in 0.01 · 300.
    private static func allowed(_ count: Int, rate: Double, rule: Rule) -> Int {
        let allowed =
            switch rule {
            case .conformal: Int((Double(count + 1) * rate + 1e-9).rounded(.down))
            case .empirical: Int((Double(count) * rate + 1e-9).rounded(.down)) + 1
            }
        return min(max(allowed, 1), count)
    }

    /// Negatives needed before the rate asked for can be promised.
    public var negativesNeeded: Int { max(1, Int((1 / askedRate - 1 - 1e-9).rounded(.up))) }

    /// What was reached and what is promised, in a sentence.
    public var summary: String {
        func percent(_ rate: Double) -> String { "\((rate * 10000).rounded() / 100) %" }
        let reached = "\(acceptedNegatives) of \(negativeCount) negatives accepted (\(percent(observedRate)))"
        let promise = "a new one is accepted with probability at most \(percent(guaranteedRate))"
        guard !isGuaranteed else { return "\(reached); \(promise)" }
        let need =
            negativeCount < negativesNeeded
            ? "; to promise \(percent(askedRate)), \(negativesNeeded) negatives are needed" : ""
        return "\(reached); \(promise), more than the \(percent(askedRate)) asked for\(need)"
    }
}

extension RejectionThreshold: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case threshold, askedRate, negativeCount, acceptedNegatives, rule
    }

    /// Reads what was chosen; every key but `threshold` is needed, and no other is allowed.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a rejection threshold")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        threshold = try values.decodeIfPresent(Double.self, forKey: .threshold) ?? -.infinity
        askedRate = try values.decode(Double.self, forKey: .askedRate)
        negativeCount = try values.decode(Int.self, forKey: .negativeCount)
        acceptedNegatives = try values.decode(Int.self, forKey: .acceptedNegatives)
        rule = try values.decode(Rule.self, forKey: .rule)
        guard threshold < .infinity, askedRate > 0, askedRate < 1, (1...(1 << 40)).contains(negativeCount),
            (0...negativeCount).contains(acceptedNegatives)
        else {
            throw RecognitionError(
                .invalidInput,
                "a rejection threshold accepts \(acceptedNegatives) of \(negativeCount) at rate \(askedRate)")
        }
    }

    /// Writes what was chosen; a threshold of -∞ (nothing was ever found for a negative) has no place in JSON and is left out.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        if threshold.isFinite { try values.encode(threshold, forKey: .threshold) }
        try values.encode(askedRate, forKey: .askedRate)
        try values.encode(negativeCount, forKey: .negativeCount)
        try values.encode(acceptedNegatives, forKey: .acceptedNegatives)
        try values.encode(rule, forKey: .rule)
    }
}
