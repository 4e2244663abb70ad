import CairnCore
import Testing

@testable import CairnIndex

@Suite("Vocabulary")
struct VocabularyTests {
    @Test("the nearest words are those of a brute-force search, lower ones first among equals")
    func nearestWords() throws {
        let original = try Synthetic.vocabulary(words: 77)
        // A second copy of each word makes every distance occur twice.
        let vocabulary = try Vocabulary(words: original.words + original.words, dimensions: 128)
        let descriptors = Synthetic.descriptors(1)
        for (multiplicity, threads) in [(1, 1), (5, 1), (5, 2), (20, 3)] {
            let found = descriptors.withUnsafeBytes {
                vocabulary.nearestWords(of: $0, multiplicity: multiplicity, threads: threads)
            }
            var expected: [UInt32] = []
            for j in 0..<40 {
                let distances = (0..<154).map { word in
                    (0..<128).reduce(0) { sum, d in
                        let difference = Int(descriptors[j * 128 + d]) - Int(vocabulary.words[word * 128 + d])
                        return sum + difference * difference
                    }
                }
                let order = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
                expected += order.prefix(multiplicity).map(UInt32.init)
            }
            #expect(found == expected)
        }
    }

    @Test("no descriptors have no words, and a small vocabulary gives no more than it has")
    func fewWords() throws {
        let vocabulary = try Synthetic.vocabulary(words: 3)
        #expect([UInt8]().withUnsafeBytes { vocabulary.nearestWords(of: $0, multiplicity: 5) }.isEmpty)
        let found = Synthetic.descriptors(1).withUnsafeBytes { vocabulary.nearestWords(of: $0, multiplicity: 5) }
        #expect(found.count == 40 * 3)
    }

    @Test("a file gives back what was written")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Vocabulary(
            words: Synthetic.vocabulary(words: 5).words, dimensions: 64, note: "café, 10 words")
        try vocabulary.write(to: folder.file("v"))
        let read = try Vocabulary(contentsOf: folder.file("v"))
        #expect(read.words == vocabulary.words && read.dimensions == 64 && read.count == 10)
        #expect(read.note == "café, 10 words" && read.fingerprint == vocabulary.fingerprint)
        #expect(try folder.bytes("v").count == 32 + 15 + 640)
    }

    @Test("the fingerprint tells apart words and dimensions, not notes")
    func fingerprint() throws {
        var words = try Synthetic.vocabulary(words: 4).words
        let first = try Vocabulary(words: words, dimensions: 128, note: "a")
        #expect(try Vocabulary(words: words, dimensions: 128, note: "b").fingerprint == first.fingerprint)
        #expect(try Vocabulary(words: words, dimensions: 64).fingerprint != first.fingerprint)
        words[100] ^= 1
        #expect(try Vocabulary(words: words, dimensions: 128).fingerprint != first.fingerprint)
    }

    @Test("a file cut anywhere, lengthened, or with any bit flipped is refused")
    func damage() throws {
        let folder = try TemporaryFolder()
        try Vocabulary(words: Array(0..<64), dimensions: 64, note: "note").write(to: folder.file("v"))
        let bytes = try folder.bytes("v")
        #expect(bytes.count == 100)
        for bit in 0..<bytes.count * 8 {
            try folder.flip(bit: bit, of: "v")
            #expect(throws: IndexError.self) { try Vocabulary(contentsOf: folder.file("v")) }
            try folder.flip(bit: bit, of: "v")
        }
        _ = try Vocabulary(contentsOf: folder.file("v"))
        for length in (0..<bytes.count).reversed() {
            try folder.cut("v", to: length)
            #expect(throws: IndexError.self) { try Vocabulary(contentsOf: folder.file("v")) }
        }
        try folder.write(bytes + [0], to: "v")
        #expect(throws: IndexError.self) { try Vocabulary(contentsOf: folder.file("v")) }
    }

    @Test("what is missing, foreign or impossible is refused with the fitting kind")
    func kinds() throws {
        let folder = try TemporaryFolder()
        func kind(_ body: () throws -> Void) -> ErrorKind? {
            do { try body() } catch { return (error as? IndexError)?.kind }
            return nil
        }
        #expect(kind { _ = try Vocabulary(contentsOf: folder.file("none")) } == .notFound)
        #expect(kind { _ = try Vocabulary(contentsOf: folder.path) } == .invalidInput)
        try folder.write(Array("not a vocabulary, but long enough to be one".utf8), to: "text")
        #expect(kind { _ = try Vocabulary(contentsOf: folder.file("text")) } == .invalidInput)
        #expect(kind { _ = try Vocabulary(words: [], dimensions: 128) } == .invalidArgument)
        #expect(kind { _ = try Vocabulary(words: [1, 2, 3], dimensions: 128) } == .invalidArgument)
        #expect(kind { _ = try Vocabulary(words: [1, 2, 3], dimensions: 3) } == .invalidArgument)
        #expect(kind { try Synthetic.vocabulary(words: 1).write(to: folder.file("no/such/folder")) } == .notFound)
    }
}
