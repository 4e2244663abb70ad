import CairnCore

/// How a photo is brought to the size at which a global model looks at it. Photos are never enlarged, except to a square.
public enum PhotoFit: String, Sendable, Codable, Hashable, CaseIterable {
    /// The long side becomes the model's size, and the aspect ratio stays.
    case longSide = "long-side"
    /// The short side becomes the model's size, and the aspect ratio stays.
    case shortSide = "short-side"
    /// Both sides become the model's size, whatever the aspect ratio.
    case square

    /// What a photo becomes before scales are applied.
    public func base(_ size: ImageSize, side: Int) -> (width: Double, height: Double) {
        let (width, height) = (Double(max(1, size.width)), Double(max(1, size.height)))
        let reduced: Double
        switch self {
        case .square: return (Double(side), Double(side))
        case .longSide: reduced = max(width, height)
        case .shortSide: reduced = min(width, height)
        }
        let scale = min(1, Double(side) / reduced)
        return (width * scale, height * scale)
    }

    /// The long side that has to be decoded for a side of the model's: for a short side and a square, that of photos up to 2:1.
    public func decodedLongSide(_ side: Int) -> Int { self == .longSide ? side : 2 * side }
}
