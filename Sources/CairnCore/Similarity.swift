/// How alike two things are: higher is better. A type of its own, so that it is never mistaken for a distance.
public struct Similarity: RawRepresentable, Hashable, Sendable, Comparable, Codable {
    /// The value; its range is the scoring method's own.
    public var rawValue: Float

    /// Wraps a value.
    public init(rawValue: Float) { self.rawValue = rawValue }

    /// Wraps a value.
    public init(_ rawValue: Float) { self.rawValue = rawValue }

    /// A less similar thing comes first.
    public static func < (left: Similarity, right: Similarity) -> Bool { left.rawValue < right.rawValue }
}
