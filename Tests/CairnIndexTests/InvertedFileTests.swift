import CairnCore
import Foundation
import Testing

@testable import CairnIndex

@Suite("Inverted file")
struct InvertedFileTests {
    @Test("a file tells what was written")
    func contents() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 32)
        let file = try folder.invertedFile("a", [3, 7, 20], vocabulary)
        try file.verify()
        #expect(file.count == 3 && Array(file.images) == [ImageID(3), ImageID(7), ImageID(20)])
        #expect(file.contains(ImageID(7)) && !file.contains(ImageID(8)) && !file.contains(ImageID(21)))
        #expect(file.vocabularyFingerprint == vocabulary.fingerprint && file.wordCount == 32)
        #expect(file.postingCount == Synthetic.signatures([3, 7, 20], vocabulary).reduce(0) { $0 + $1.1.count })
        #expect(try folder.bytes("a").count == file.byteCount)
        for (slot, image) in [3, 7, 20].enumerated() {
            let signature = Synthetic.signature(image, vocabulary)
            #expect(file.forwardRange(of: slot).map { UInt32(file.forwardWord(at: $0)) } == signature.words)
            for (i, word) in signature.words.enumerated() {
                let position = try #require(file.list(of: Int(word)).first { file.slots[$0] == UInt32(slot) })
                #expect(Array(file.code(at: position)) == Array(signature.codes[i * 16..<(i + 1) * 16]))
            }
        }
    }

    @Test(
        "merging gives the bytes of a fresh file without the removed images",
        arguments: [InvertedIndexConfiguration.asmk, .nearestDescriptorVoting])
    func merge(configuration: InvertedIndexConfiguration) throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 32)
        let files = try [[1, 2, 3], [4, 9, 12], [], [5, 8, 30]].enumerated().map {
            try folder.invertedFile("part\($0)", $1, vocabulary, configuration)
        }
        for removed in [[], [2, 9, 77], [1, 2, 3], [1, 2, 3, 4, 9, 12, 5, 8, 30]] {
            let rest = [1, 2, 3, 4, 5, 8, 9, 12, 30].filter { !removed.contains($0) }
            try InvertedFile.merge(files, removing: Set(removed.map { ImageID(UInt32($0)) }), to: folder.file("merged"))
            _ = try folder.invertedFile("fresh", rest, vocabulary, configuration)
            #expect(try folder.bytes("merged") == folder.bytes("fresh"))
            try InvertedFile(path: folder.file("merged")).verify()
        }
    }

    @Test("vocabularies past 65,536 words use wider words")
    func manyWords() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Vocabulary(words: [UInt8](repeating: 1, count: 64 * 70_000), dimensions: 64)
        let signature = ImageSignature(words: [5, 65_535, 65_536, 69_999], codes: Array(0..<32), codeBytes: 8)
        let images = [(ImageID(1), signature), (ImageID(2), signature)]
        try InvertedFile.write(images, vocabulary: vocabulary, to: folder.file("wide"))
        let file = try InvertedFile(path: folder.file("wide"))
        try file.verify()
        #expect(file.forwardRange(of: 1).map { file.forwardWord(at: $0) } == [5, 65_535, 65_536, 69_999])
        #expect(Array(file.code(at: file.list(of: 65_536).lowerBound)) == Array(16..<24))
        try InvertedFile.merge([file], removing: [ImageID(1)], to: folder.file("merged"))
        try InvertedFile.write(Array(images.suffix(1)), vocabulary: vocabulary, to: folder.file("fresh"))
        #expect(try folder.bytes("merged") == folder.bytes("fresh"))
    }

    @Test("images out of order, foreign signatures and files that do not fit are refused, leaving nothing behind")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 32)
        let other = try Synthetic.vocabulary(words: 33)
        let one = Synthetic.signature(1, vocabulary)
        func write(_ images: [(ImageID, ImageSignature)]) throws {
            try InvertedFile.write(images, vocabulary: vocabulary, to: folder.file("bad"))
        }
        #expect(throws: IndexError.self) { try write([(ImageID(2), one), (ImageID(1), one)]) }
        #expect(throws: IndexError.self) { try write([(ImageID(2), one), (ImageID(2), one)]) }
        #expect(throws: IndexError.self) {
            try write([(ImageID(1), ImageSignature(words: [32], codes: Array(0..<16), codeBytes: 16))])
        }
        #expect(throws: IndexError.self) {
            try write([(ImageID(1), ImageSignature(words: [3, 3], codes: Array(0..<32), codeBytes: 16))])
        }
        #expect(throws: IndexError.self) {
            try write([(ImageID(1), ImageSignature(words: [3], codes: Array(0..<8), codeBytes: 8))])
        }
        let file = try folder.invertedFile("a", [1, 2], vocabulary)
        let twin = try folder.invertedFile("b", [2, 3], vocabulary)
        let foreign = try folder.invertedFile("c", [4], other)
        #expect(throws: IndexError.self) { try InvertedFile.merge([], to: folder.file("bad")) }
        #expect(throws: IndexError.self) { try InvertedFile.merge([file, twin], to: folder.file("bad")) }
        #expect(throws: IndexError.self) { try InvertedFile.merge([file, foreign], to: folder.file("bad")) }
        #expect(throws: IndexError.self) { try InvertedFile(path: folder.file("bad")) }
        #expect(throws: IndexError.self) { try InvertedFile(path: folder.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a", "b", "c"])
        // An image in two files may go from one of them.
        try InvertedFile.merge([file, twin], removing: [ImageID(2)], to: folder.file("a"))
        #expect(Array(try InvertedFile(path: folder.file("a")).images) == [ImageID(1), ImageID(3)])
        #expect(Array(file.images) == [ImageID(1), ImageID(2)])
    }

    /// Uses everything that reads postings; a damaged file may give any result, but must not trap.
    private func exercise(
        _ path: String, _ vocabulary: Vocabulary, _ configuration: InvertedIndexConfiguration, mergingTo target: String?
    ) throws -> Bool {
        let file = try InvertedFile(path: path)
        let sound = (try? file.verify()) != nil
        if let target { try? InvertedFile.merge([file], removing: [ImageID(1)], to: target) }
        let index = try InvertedIndex(
            files: [file], removed: [ImageID(2)], vocabulary: vocabulary, configuration: configuration)
        _ = index.search(Synthetic.descriptors(5), limit: 3)
        return sound
    }

    @Test(
        "a file cut anywhere is refused, and flipped bits are refused or found by verification, without a crash",
        arguments: [InvertedIndexConfiguration.asmk, .nearestDescriptorVoting])
    func damage(configuration: InvertedIndexConfiguration) throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 8)
        _ = try folder.invertedFile("small", [1, 2, 3], vocabulary, configuration, features: 5)
        let count = try folder.bytes("small").count
        var random = SplitMix64(state: 5)
        for round in 0..<1_000 {
            let bit = random.next(below: count * 8)
            try folder.flip(bit: bit, of: "small")
            let sound = try? exercise(
                folder.file("small"), vocabulary, configuration,
                mergingTo: round % 20 == 0 ? folder.file("merged") : nil)
            #expect(sound != true, "bit \(bit)")
            try folder.flip(bit: bit, of: "small")
        }
        #expect(try exercise(folder.file("small"), vocabulary, configuration, mergingTo: nil))
        for length in (0..<count).reversed() {
            try folder.cut("small", to: length)
            let error = #expect(throws: IndexError.self) { try InvertedFile(path: folder.file("small")) }
            guard error != nil else { break }
        }
    }

    @Test("files whose checksums fit but whose content lies do not crash")
    func hostile() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 8)
        let file = try folder.invertedFile("small", [1, 2, 3], vocabulary)
        let bytes = try folder.bytes("small")
        var random = SplitMix64(state: 6)
        for round in 0..<500 {
            var forged = bytes
            for _ in 0..<1 + random.next(below: 4) {
                let place =
                    InvertedFileHeader.byteCount + random.next(below: bytes.count - InvertedFileHeader.byteCount)
                forged[place] = UInt8(truncatingIfNeeded: random.next())
            }
            var header = file.header
            header.imageCount += random.next(below: 8) == 0 ? 1 : 0
            forged.withUnsafeBytes { forged in
                header.checksums = InvertedFileHeader.Section.allCases.map {
                    let range = header.range(of: $0).clamped(to: 0..<forged.count)
                    return Checksum.of(UnsafeRawBufferPointer(rebasing: forged[range]))
                }
            }
            forged.replaceSubrange(0..<InvertedFileHeader.byteCount, with: header.encoded())
            try folder.write(forged, to: "forged")
            _ = try? exercise(
                folder.file("forged"), vocabulary, .asmk,
                mergingTo: round % 20 == 0 ? folder.file("merged") : nil)
        }
        // Counts whose products would overflow or reach far outside the file.
        for (images, postings) in [(1 << 32, 1 << 40), (0, 1 << 40), (1 << 32, 0), (4, 0), (3, 1)] {
            var header = file.header
            (header.imageCount, header.postingCount) = (images, postings)
            try folder.write(header.encoded() + bytes.dropFirst(InvertedFileHeader.byteCount), to: "forged")
            #expect(throws: IndexError.self) { try InvertedFile(path: folder.file("forged")) }
        }
    }
}
