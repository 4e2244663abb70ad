import CairnCore
import Testing

@testable import CairnIndex

@Suite("Nearest-descriptor voting")
struct NearestDescriptorVotingTests {
    /// Votes by comparing with every descriptor of `images` that `allows(queryDescriptor, databaseDescriptor)`.
    private func votes(
        _ query: [UInt8], _ images: [Int], allows: (ArraySlice<UInt8>, ArraySlice<UInt8>) -> Bool = { _, _ in true }
    ) -> [UInt32: Int] {
        var votes: [UInt32: Int] = [:]
        for i in stride(from: 0, to: query.count, by: 128) {
            let vector = query[i..<i + 128]
            var best = (distance: Int.max, image: 0)
            for image in images {
                let descriptors = Synthetic.descriptors(image)
                for j in stride(from: 0, to: descriptors.count, by: 128) {
                    let candidate = descriptors[j..<j + 128]
                    let distance = zip(vector, candidate).reduce(0) { sum, pair in
                        let difference = Int(pair.0) - Int(pair.1)
                        return sum + difference * difference
                    }
                    if (distance, image) < best && allows(vector, candidate) { best = (distance, image) }
                }
            }
            if best.distance < .max { votes[UInt32(best.image), default: 0] += 1 }
        }
        return votes
    }

    private func index(
        _ folder: TemporaryFolder, _ images: [Int], removed: Set<ImageID> = [], _ vocabulary: Vocabulary, probes: Int
    ) throws -> InvertedIndex {
        let configuration = InvertedIndexConfiguration(scoring: .nearestDescriptorVoting, queryAssignments: probes)
        let file = try folder.invertedFile("votes", images, vocabulary, configuration)
        try file.verify()
        return try InvertedIndex(files: [file], removed: removed, vocabulary: vocabulary, configuration: configuration)
    }

    @Test("with all words probed, votes are those of a brute-force search, with and without removed images")
    func exhaustive() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 24)
        let images = Array(1...14)
        let removed: Set = [ImageID(1), ImageID(6), ImageID(14)]
        for query in [101, 102] {
            let descriptors = Synthetic.descriptors(query)
            let all = try index(folder, images, vocabulary, probes: 24).search(descriptors, limit: 50)
            #expect(
                Dictionary(uniqueKeysWithValues: all.map { ($0.image.rawValue, $0.matches) })
                    == votes(descriptors, images))
            let some = try index(folder, images, removed: removed, vocabulary, probes: 24).search(
                descriptors, limit: 50)
            let rest = images.filter { !removed.contains(ImageID(UInt32($0))) }
            #expect(
                Dictionary(uniqueKeysWithValues: some.map { ($0.image.rawValue, $0.matches) })
                    == votes(descriptors, rest))
            #expect(some.reduce(0) { $0 + $1.matches } == 40)
            #expect(some.allSatisfy { $0.similarity.rawValue == Float($0.matches) })
        }
    }

    @Test("with few words probed, only descriptors under those words are candidates")
    func probes() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 24)
        let images = Array(1...10)
        let descriptors = Synthetic.descriptors(101)
        func words(_ vector: ArraySlice<UInt8>, _ multiplicity: Int) -> [UInt32] {
            Array(vector).withUnsafeBytes { vocabulary.nearestWords(of: $0, multiplicity: multiplicity) }
        }
        var cache: [ArraySlice<UInt8>: [UInt32]] = [:]
        func assigned(_ vector: ArraySlice<UInt8>) -> [UInt32] {
            if let known = cache[vector] { return known }
            let found = words(vector, 1)
            cache[vector] = found
            return found
        }
        let expected = votes(descriptors, images) { words($0, 2).contains(assigned($1)[0]) }
        let found = try index(folder, images, vocabulary, probes: 2).search(descriptors, limit: 50)
        #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.image.rawValue, $0.matches) }) == expected)
    }

    @Test("an image votes for itself with all its descriptors, a twin of a higher number gets none")
    func twins() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 24)
        let configuration = InvertedIndexConfiguration.nearestDescriptorVoting
        let model = Synthetic.signature(3, vocabulary, configuration)
        #expect(model.count == 40 && model.codeBytes == 128)
        try InvertedFile.write(
            [(ImageID(4), model), (ImageID(9), model)], vocabulary: vocabulary, configuration: configuration,
            to: folder.file("twins"))
        let index = try InvertedIndex(
            files: [InvertedFile(path: folder.file("twins"))], vocabulary: vocabulary, configuration: configuration)
        let found = index.search(Synthetic.descriptors(3), limit: 5)
        #expect(found == [ScoredImage(image: ImageID(4), similarity: Similarity(40), matches: 40)])
    }
}
