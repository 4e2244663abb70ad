/// How a descriptor of real numbers becomes bytes: `byte = round(scale · x) + offset`, clipped to 0...255.
///
/// Matching compares bytes by Euclidean distance, which neither cares for a shift nor, between descriptors of one kind, for
/// a common scale. So one exact kernel serves descriptors with and without signs.
public enum DescriptorQuantization: UInt8, Sendable, Hashable, CaseIterable {
    /// Entries from 0: RootSIFT. Scale 512, no offset; entries above 0.498 are clipped.
    case unsigned = 0

    /// Entries of either sign: learned descriptors. Scale 256, offset 128; entries beyond ±0.5 are clipped.
    ///
    /// A unit vector of 64 dimensions has entries around 0.125, or 32 steps, so that rounding moves a descriptor by 1 % of
    /// its length; of 256 dimensions by 2 %. Twice the scale would halve that and clip the largest entries instead.
    case signed = 1

    /// Steps that make up length 1: the Euclidean length of a quantised unit vector, its offset taken off.
    public var length: Float {
        switch self {
        case .unsigned: 512
        case .signed: 256
        }
    }

    /// What zero becomes.
    public var offset: UInt8 {
        switch self {
        case .unsigned: 0
        case .signed: 128
        }
    }

    /// The bytes that descriptors of `dimensions` entries take: the next multiple of 64, the granularity of vocabularies.
    public static func paddedDimensions(of dimensions: Int) -> Int { (dimensions + 63) / 64 * 64 }

    /// Quantises unit vectors.
    ///
    /// Each takes `paddedDimensions(of: dimensions)` bytes; the rest are `offset`, equal in all, so that distances
    /// are those of the entries alone. An entry that is no number becomes `offset`. Complexity: O(values).
    ///
    /// - Parameters:
    ///   - values: Vector after vector, `count * dimensions` entries; traps otherwise.
    ///   - dimensions: Entries in a vector.
    public func bytes(of values: UnsafeBufferPointer<Float>, dimensions: Int) -> [UInt8] {
        precondition(
            dimensions > 0 && values.count % dimensions == 0, "\(values.count) values of \(dimensions)-d vectors")
        let padded = Self.paddedDimensions(of: dimensions)
        let count = values.count / dimensions
        let (scale, offset) = (length, offset)
        var bytes = [UInt8](repeating: offset, count: count * padded)
        bytes.withUnsafeMutableBufferPointer { bytes in
            for row in 0..<count {
                for d in 0..<dimensions {
                    let value = (values[row &* dimensions &+ d] * scale).rounded() + Float(offset)
                    // False for NaN as well.
                    guard value >= 0 else {
                        if value < 0 { bytes[row &* padded &+ d] = 0 }
                        continue
                    }
                    bytes[row &* padded &+ d] = UInt8(min(255, value))
                }
            }
        }
        return bytes
    }

    /// Quantises an array of unit vectors; see the form for a buffer.
    public func bytes(of values: [Float], dimensions: Int) -> [UInt8] {
        values.withUnsafeBufferPointer { bytes(of: $0, dimensions: dimensions) }
    }
}
