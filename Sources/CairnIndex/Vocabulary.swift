/// Visual words: the centres of a k-means clustering of local descriptors, as bytes like the descriptors themselves.
///
/// A vocabulary never changes: an inverted file is bound to the one it was made with by `fingerprint`.
public struct Vocabulary: Sendable {
    /// Bytes that a descriptor may have.
    public static let supportedDimensions = stride(from: 64, through: maximumDimensions, by: 64)

    static let maximumDimensions = 1024

    /// The most words for a descriptor.
    public static let maximumMultiplicity = PackedVectors.maximumNeighbors

    /// The largest number of words.
    public static let maximumCount = 1 << 24

    /// The number of words.
    public let count: Int

    /// Bytes in a word, the same as in a descriptor.
    public let dimensions: Int

    /// A hash of the words: two vocabularies with the same fingerprint are the same.
    public let fingerprint: UInt64

    /// How the vocabulary was made, for people.
    public let note: String

    /// Word after word, `count * dimensions` bytes.
    public let words: [UInt8]

    private let packed: PackedVectors

    /// Wraps words.
    ///
    /// - Parameters:
    ///   - words: Word after word, a multiple of `dimensions` bytes.
    ///   - dimensions: Bytes in a word: one of `supportedDimensions`.
    ///   - note: How the vocabulary was made.
    /// - Throws: `IndexError` when there is no word, or a partial one, or the dimensions are out of range.
    public init(words: [UInt8], dimensions: Int, note: String = "") throws(IndexError) {
        guard Self.supportedDimensions.contains(dimensions) else {
            throw IndexError(
                .invalidArgument, "a vocabulary cannot have \(dimensions) dimensions; use a multiple of 64 up to 1024")
        }
        guard !words.isEmpty, words.count % dimensions == 0, words.count / dimensions <= Self.maximumCount else {
            throw IndexError(
                .invalidArgument, "\(words.count) bytes are no whole number of words of \(dimensions) dimensions")
        }
        self.words = words
        self.dimensions = dimensions
        self.note = note
        count = words.count / dimensions
        packed = words.withUnsafeBufferPointer { PackedVectors($0, dimensions: dimensions) }
        fingerprint = words.withUnsafeBytes { Checksum.of($0, seed: UInt64(dimensions)) }
    }

    /// The words nearest to each descriptor by squared Euclidean distance; of two at the same distance the lower
    /// comes first.
    ///
    /// Exact, so `descriptors * count * dimensions` multiplications. The answer does not depend on `threads`.
    ///
    /// - Parameters:
    ///   - descriptors: Descriptor after descriptor, each of `dimensions` bytes.
    ///   - multiplicity: Words for each descriptor; at most `maximumMultiplicity`, and no more than `count` are given.
    ///   - threads: How many threads share the work.
    /// - Returns: `min(multiplicity, count)` words for each descriptor, nearest first, descriptor after descriptor.
    public func nearestWords(
        of descriptors: UnsafeRawBufferPointer, multiplicity: Int, threads: Int = 1
    ) -> [UInt32] {
        precondition((1...Self.maximumMultiplicity).contains(multiplicity), "\(multiplicity) words for a descriptor")
        precondition(
            descriptors.count % dimensions == 0, "\(descriptors.count) bytes of \(dimensions)-byte descriptors")
        let neighbors = min(multiplicity, count)
        let queryCount = descriptors.count / dimensions
        guard queryCount > 0, let queries = descriptors.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return []
        }
        var distances = [Int32](repeating: 0, count: queryCount * neighbors)
        return [UInt32](unsafeUninitializedCapacity: queryCount * neighbors) { indices, initializedCount in
            guard let start = indices.baseAddress else { return }
            // The kernel's indices are never negative here, so they read the same unsigned.
            start.withMemoryRebound(to: Int32.self, capacity: indices.count) { start in
                packed.findNearest(
                    queries: queries, queryCount: queryCount, neighbors: neighbors, threads: threads, indices: start,
                    distances: &distances)
            }
            initializedCount = queryCount * neighbors
        }
    }
}
