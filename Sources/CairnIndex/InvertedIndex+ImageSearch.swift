import CairnCore

extension InvertedIndex {
    /// The images most similar to one that the index has, from what it left there: no descriptor is assigned again.
    ///
    /// The same as searching with the image's descriptors and one word each. Empty for an image that the index does not have.
    /// Only for aggregated match kernels, whose codes say enough; traps otherwise.
    ///
    /// - Parameters:
    ///   - image: An image of the index; it is among the results.
    ///   - limit: The most images to return.
    ///   - threads: How many threads share the work; results do not depend on it.
    public func search(like image: ImageID, limit: Int, threads: Int = 1) -> [ScoredImage] {
        precondition(configuration.scoring == .aggregatedMatchKernel, "codes of \(configuration.scoring) are no query")
        for part in parts {
            guard let slot = part.file.slot(of: image) else { continue }
            guard let signature = part.file.signature(of: slot) else { return [] }
            return search(signature, limit: limit, threads: threads)
        }
        return []
    }
}

extension InvertedFile {
    /// The words and codes of the image at `slot`, gathered from its words' lists; `nil` in a damaged file.
    /// O(words * log(list length)).
    func signature(of slot: Int) -> ImageSignature? {
        // The mapping must outlive every pointer into it.
        withExtendedLifetime(self) {
            var words: [UInt32] = []
            var codes: [UInt8] = []
            for position in forwardRange(of: slot) {
                let word = forwardWord(at: position)
                guard word < wordCount, words.last.map({ $0 < word }) ?? true else { return nil }
                let list = list(of: word)
                let entries = slots[list]
                let place = entries.partitioningIndex { Int($0) >= slot }
                guard place < entries.endIndex, Int(entries[place]) == slot else { return nil }
                words.append(UInt32(word))
                codes += code(at: place)
            }
            return ImageSignature(words: words, codes: codes, codeBytes: header.codeBytes)
        }
    }
}
