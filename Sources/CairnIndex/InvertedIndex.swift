import CairnCore

/// Inverted files and the images removed from them: the searchable whole.
///
/// It never changes; adding a file or removing an image makes a new one, which takes time in the number of words and
/// of removed images. Results do not depend on how images are spread over files, to the last bit: an image's score is
/// summed in the order of the query's words, whatever file it lies in. A removed image leaves no trace, neither among
/// results nor in the document frequencies.
public struct InvertedIndex: Sendable {
    /// What the files' words come from.
    public let vocabulary: Vocabulary

    /// How images are scored.
    public let configuration: InvertedIndexConfiguration

    /// The number of images that can be found.
    public let count: Int

    /// A file with the slots that are no longer to be found, ascending.
    struct Part: Sendable {
        var file: InvertedFile
        var removedSlots: [Int]
    }

    let parts: [Part]

    /// For each word, how many live images have it. Empty for voting, which has no use for it.
    let documentFrequencies: [UInt32]

    /// Puts files together.
    ///
    /// - Parameters:
    ///   - files: The files, in any order. None at all is allowed.
    ///   - removed: Images no longer to be found. Those in none of the files do not matter.
    ///   - vocabulary: What the files' words come from.
    ///   - configuration: How to score; its method is the files'.
    /// - Throws: `IndexError` when a file was made with another vocabulary or method, two files have the same image,
    ///   or the configuration is out of range.
    public init(
        files: [InvertedFile], removed: Set<ImageID> = [], vocabulary: Vocabulary,
        configuration: InvertedIndexConfiguration = .asmk
    ) throws(IndexError) {
        defer { withExtendedLifetime(files) {} }
        try configuration.validate()
        for file in files {
            guard file.vocabularyFingerprint == vocabulary.fingerprint, file.wordCount == vocabulary.count else {
                throw IndexError(.conflict, "\(file.path) was made with another vocabulary; index its images again")
            }
            guard file.scoring == configuration.scoring,
                file.header.codeBytes == configuration.codeBytes(for: vocabulary)
            else {
                throw IndexError(.conflict, "\(file.path) was made for another scoring method; index its images again")
            }
        }
        let ordered = files.filter { $0.count > 0 }.sorted {
            ($0.imageNumbers[0], $0.path) < ($1.imageNumbers[0], $1.path)
        }
        try Self.requireDisjoint(ordered)
        let removedImages = removed.sorted()
        let parts = ordered.map { file in
            Part(file: file, removedSlots: Self.slots(of: removedImages, in: file))
        }
        self.vocabulary = vocabulary
        self.configuration = configuration
        self.parts = parts
        count = parts.reduce(0) { $0 + $1.file.count - $1.removedSlots.count }
        documentFrequencies =
            configuration.scoring == .aggregatedMatchKernel
            ? Self.documentFrequencies(of: parts, wordCount: vocabulary.count) : []
    }

    /// The number of files, less those without images.
    public var fileCount: Int { parts.count }

    /// Whether an image can be found.
    public func contains(_ image: ImageID) -> Bool {
        parts.contains { part in
            guard let slot = part.file.slot(of: image) else { return false }
            let place = part.removedSlots.partitioningIndex { $0 >= slot }
            return place == part.removedSlots.count || part.removedSlots[place] != slot
        }
    }

    /// The images most similar to one with these descriptors.
    ///
    /// - Parameters:
    ///   - descriptors: The query's descriptors, each of `vocabulary.dimensions` bytes.
    ///   - limit: The most images to return.
    ///   - threads: How many threads share the work; results do not depend on it.
    /// - Returns: Images of positive similarity, most similar first; among equals the lower number first.
    public func search(
        _ descriptors: UnsafeRawBufferPointer, limit: Int, threads: Int = 1
    ) -> [ScoredImage] {
        // Everything below works on pointers into the files' memory.
        defer { withExtendedLifetime(parts) {} }
        switch configuration.scoring {
        case .aggregatedMatchKernel:
            let query = AggregatedMatchKernel.signature(
                of: descriptors, vocabulary: vocabulary, assignments: configuration.queryAssignments,
                threads: threads)
            return search(query, limit: limit, threads: threads)
        case .nearestDescriptorVoting:
            return NearestDescriptorVoting(index: self).search(descriptors, limit: limit, threads: threads)
        }
    }

    /// The images most similar to one with these descriptors; see the form for raw bytes.
    public func search(
        _ descriptors: [UInt8], limit: Int, threads: Int = 1
    ) -> [ScoredImage] {
        descriptors.withUnsafeBytes { search($0, limit: limit, threads: threads) }
    }

    /// Slots of the images that the file has; `images` ascend, so the slots do.
    private static func slots(of images: [ImageID], in file: InvertedFile) -> [Int] {
        guard let first = file.imageNumbers.first, let last = file.imageNumbers.last else { return [] }
        let start = images.partitioningIndex { $0.rawValue >= first }
        let end = images.partitioningIndex { $0.rawValue > last }
        return images[start..<end].compactMap { file.slot(of: $0) }
    }

    /// Files come ordered by their first image, so only those whose ranges overlap need a look.
    private static func requireDisjoint(_ files: [InvertedFile]) throws(IndexError) {
        for (index, file) in files.enumerated() {
            guard let last = file.imageNumbers.last else { continue }
            for other in files[(index + 1)...] {
                if other.imageNumbers[0] > last { break }
                var (i, j) = (0, 0)
                while i < file.count && j < other.count {
                    let (left, right) = (file.imageNumbers[i], other.imageNumbers[j])
                    guard left != right else {
                        throw IndexError(.conflict, "image \(left) is in \(file.path) and in \(other.path)")
                    }
                    if left < right { i += 1 } else { j += 1 }
                }
            }
        }
    }

    private static func documentFrequencies(of parts: [Part], wordCount: Int) -> [UInt32] {
        var frequencies = [UInt32](repeating: 0, count: wordCount)
        for part in parts {
            for word in 0..<wordCount { frequencies[word] += UInt32(clamping: part.file.list(of: word).count) }
            for slot in part.removedSlots {
                for position in part.file.forwardRange(of: slot) {
                    let word = part.file.forwardWord(at: position)
                    // In a damaged file the two sides may disagree; scores are then wrong, but nothing else is.
                    if word < wordCount && frequencies[word] > 0 { frequencies[word] -= 1 }
                }
            }
        }
        return frequencies
    }
}
