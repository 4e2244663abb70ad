/// An image's number inside one collection. Numbers start at 1, are never reused, and fit a posting's 32 bits.
public struct ImageID: RawRepresentable, Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// The number itself.
    public var rawValue: UInt32

    /// Wraps a number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Wraps a number.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// Images are ordered by number, that is by when they were added.
    public static func < (left: ImageID, right: ImageID) -> Bool { left.rawValue < right.rawValue }

    /// The number in decimal.
    public var description: String { String(rawValue) }
}
