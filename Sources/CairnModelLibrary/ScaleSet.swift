import Foundation

/// The sizes at which a photo is looked at, as multiples of the long side.
public struct ScaleSet: Sendable, Hashable, Codable {
    /// Factors, each in (0, 4].
    public let factors: [Double]

    /// Wraps factors. Throws `ModelLibraryError` when there are none, more than 8, or one out of range.
    public init(_ factors: [Double]) throws {
        guard (1...8).contains(factors.count), factors.allSatisfy({ $0 > 0 && $0 <= 4 }) else {
            throw ModelLibraryError(
                .invalidArgument,
                "scales are 1 to 8 factors above 0 and up to 4, such as 0.7071,1,1.4142, not \(factors)")
        }
        self.factors = factors
    }

    private init(trusted factors: [Double]) { self.factors = factors }

    /// The photo's own size alone.
    public static let single = ScaleSet(trusted: [1])

    /// 1/√2, 1 and √2: Radenović et al. 2018, section 5.
    public static let three = ScaleSet(trusted: [Double(0.5).squareRoot(), 1, Double(2).squareRoot()])

    /// Reads a list as it is stored.
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode([Double].self))
    }

    /// Writes the list.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(factors)
    }
}
