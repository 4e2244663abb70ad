/// How images are decoded.
public struct DecodingConfiguration: Hashable, Sendable, Codable {
    /// What becomes of a file whose data is damaged or ends early.
    public enum Truncation: String, Sendable, Codable, CaseIterable {
        /// It is an error.
        case reject
        /// What could be read is returned; the rest is mid-grey, or whatever the codec made of it.
        case keepPartial
    }

    /// The longest side of the decoded image, in pixels; images are never enlarged. `nil` keeps the stored size.
    public var maximumLongSide: Int?

    /// The most pixels that a stored image may have; checked from its header, before anything is allocated.
    public var maximumPixels: Int

    /// What becomes of damaged files.
    public var truncation: Truncation

    /// Makes a configuration. Traps when a limit is not positive.
    public init(maximumLongSide: Int? = nil, maximumPixels: Int = 250_000_000, truncation: Truncation = .reject) {
        precondition(maximumLongSide.map { $0 > 0 } ?? true, "maximumLongSide is \(maximumLongSide ?? 0)")
        precondition(maximumPixels > 0, "maximumPixels is \(maximumPixels)")
        self.maximumLongSide = maximumLongSide
        self.maximumPixels = maximumPixels
        self.truncation = truncation
    }

    /// Images as they are stored.
    public static let fullSize = DecodingConfiguration()

    /// 1,024 pixels on the long side: what local features are extracted from.
    public static let localFeatures = DecodingConfiguration(maximumLongSide: 1024)
}
