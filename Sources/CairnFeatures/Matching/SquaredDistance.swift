/// Squared Euclidean distance of two byte descriptors: lower is better. An exact integer, in squared steps of a byte.
///
/// Descriptors of `LocalFeatures` have the length of their quantisation, so `distance.root / quantization.length` is the
/// distance of the unit descriptors.
public struct SquaredDistance: RawRepresentable, Hashable, Sendable, Comparable, Codable {
    /// The value, from 0 to 255² for each dimension.
    public var rawValue: Int32

    /// Wraps a value.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Wraps a value.
    public init(_ rawValue: Int32) { self.rawValue = rawValue }

    /// What an element without a neighbour has: farther than any descriptor.
    public static let infinite = SquaredDistance(.max)

    /// The Euclidean distance itself.
    public var root: Float { Float(rawValue).squareRoot() }

    /// A nearer thing comes first.
    public static func < (left: SquaredDistance, right: SquaredDistance) -> Bool { left.rawValue < right.rawValue }
}
