import CairnCore

/// What is known about a picture that may have duplicates.
public struct DuplicateImage: Sendable, Equatable {
    /// Its size as it is shown, orientation applied.
    public var size: ImageSize

    /// Bytes of its file.
    public var byteCount: Int

    /// When it was taken, or else changed, in seconds from any one moment; nil where nothing is known.
    public var date: Double?

    /// Where it is.
    public var path: String

    /// A digest of its file's bytes: equal for exact copies; nil where it was not computed.
    public var digest: String?

    /// Gathers facts.
    public init(size: ImageSize, byteCount: Int, date: Double? = nil, path: String, digest: String? = nil) {
        self.size = size
        self.byteCount = byteCount
        self.date = date
        self.path = path
        self.digest = digest
    }
}

/// By what the picture to keep is chosen among duplicates.
public enum RepresentativeRule: String, Sendable, Codable, CaseIterable {
    /// More pixels are better.
    case mostPixels
    /// The one that was there first; without a date, last.
    case oldest
    /// The one that was there last; without a date, last.
    case newest
    /// The larger file, which is compressed less.
    case largestFile
    /// The smaller file.
    case smallestFile
    /// The first path in the order of its characters.
    case firstPath

    /// Whether this rule prefers one to the other; nil when it cannot tell.
    public func prefers(_ one: DuplicateImage, to other: DuplicateImage) -> Bool? {
        switch self {
        case .mostPixels: Self.decide(one.size.pixelCount, other.size.pixelCount, by: >)
        case .oldest: Self.decide(one.date ?? .infinity, other.date ?? .infinity, by: <)
        case .newest: Self.decide(one.date ?? -.infinity, other.date ?? -.infinity, by: >)
        case .largestFile: Self.decide(one.byteCount, other.byteCount, by: >)
        case .smallestFile: Self.decide(one.byteCount, other.byteCount, by: <)
        case .firstPath: Self.decide(Array(one.path.utf8), Array(other.path.utf8)) { $0.lexicographicallyPrecedes($1) }
        }
    }

    private static func decide<Value: Equatable>(_ one: Value, _ other: Value, by isBetter: (Value, Value) -> Bool)
        -> Bool?
    {
        one == other ? nil : isBetter(one, other)
    }
}
