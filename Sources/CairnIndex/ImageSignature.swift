/// What an image leaves in an inverted file: words in ascending order, each with a code.
public struct ImageSignature: Sendable, Hashable {
    /// Ascending. A word occurs once in an aggregated signature, perhaps several times in one that keeps descriptors.
    public let words: [UInt32]

    /// A code for each word, `words.count * codeBytes` bytes.
    public let codes: [UInt8]

    /// Bytes in a code.
    public let codeBytes: Int

    /// Wraps parallel arrays. Traps when they do not fit together or the words do not ascend.
    public init(words: [UInt32], codes: [UInt8], codeBytes: Int) {
        precondition(
            codeBytes > 0 && codes.count == words.count * codeBytes, "\(codes.count) bytes, \(words.count) words")
        for i in words.indices.dropFirst() { precondition(words[i - 1] <= words[i], "words must ascend") }
        self.words = words
        self.codes = codes
        self.codeBytes = codeBytes
    }

    /// The number of postings that the image takes.
    public var count: Int { words.count }
}
