/// One image's local descriptors, aggregated.
public enum AggregatedFeatures: Sendable, Hashable {
    /// VLAD: `[words of the codebook, dimensions]`, row-major. Zeros where an image has no descriptors.
    case vector([Float])

    /// ASMK: words in ascending order, and for each a vector of unit length, `[words, dimensions]`, row-major.
    case residuals([Float], words: [UInt32])

    /// ASMK*: words in ascending order, and for each a code of `(dimensions + 7) / 8` bytes. Bit `7 - i % 8` of byte `i / 8`
    /// is set where component `i` of the summed residuals is positive; bits without a component are zeros.
    case codes([UInt8], words: [UInt32])

    /// The words that the image has; nil for VLAD, which has a place for every word.
    public var words: [UInt32]? {
        switch self {
        case .vector: nil
        case .residuals(_, let words), .codes(_, let words): words
        }
    }
}
