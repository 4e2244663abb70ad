/// What a number may be.
public struct YAMLBounds: Sendable {
    private let lower: Double
    private let upper: Double
    private let excludesLower: Bool
    private let excludesUpper: Bool

    /// From the one to the other, both included.
    public static func within(_ range: ClosedRange<Double>) -> YAMLBounds {
        YAMLBounds(lower: range.lowerBound, upper: range.upperBound, excludesLower: false, excludesUpper: false)
    }

    /// The least, included, and more.
    public static func atLeast(_ lower: Double) -> YAMLBounds {
        YAMLBounds(lower: lower, upper: .infinity, excludesLower: false, excludesUpper: true)
    }

    /// More than `lower`, and at most `upper`.
    public static func above(_ lower: Double, upTo upper: Double = .infinity) -> YAMLBounds {
        YAMLBounds(lower: lower, upper: upper, excludesLower: true, excludesUpper: upper == .infinity)
    }

    /// At least `lower`, and less than `upper`.
    public static func from(_ lower: Double, below upper: Double) -> YAMLBounds {
        YAMLBounds(lower: lower, upper: upper, excludesLower: false, excludesUpper: true)
    }

    /// A count of things of which there is at least one, and not more than a million million.
    public static let count = within(1...1e12)

    /// Whether a number is allowed.
    public func contains(_ value: Double) -> Bool {
        (excludesLower ? value > lower : value >= lower) && (excludesUpper ? value < upper : value <= upper)
    }

    func check(_ value: some YAMLNumber, _ node: YAMLNode) throws {
        guard contains(value.double) else { throw node.mismatch(inWords) }
    }

    private var inWords: String {
        func number(_ value: Double) -> String {
            Int(exactly: value).map(String.init) ?? "\(value)"
        }
        let low = excludesLower ? "above \(number(lower))" : "at least \(number(lower))"
        if upper == .infinity { return low }
        if !excludesLower, !excludesUpper { return "from \(number(lower)) to \(number(upper))" }
        return "\(low) and \(excludesUpper ? "below" : "at most") \(number(upper))"
    }
}
