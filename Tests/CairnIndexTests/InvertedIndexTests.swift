import CairnCore
import Foundation
import Testing

@testable import CairnIndex

@Suite("Inverted index")
struct InvertedIndexTests {
    private func index(
        _ folder: TemporaryFolder, _ groups: [[Int]], removed: [Int] = [], _ vocabulary: Vocabulary,
        _ configuration: InvertedIndexConfiguration = .asmk
    ) throws -> InvertedIndex {
        let files = try groups.enumerated().map { i, images in
            try folder.invertedFile("\(i)-\(images.count)-\(images.first ?? 0)", images, vocabulary, configuration)
        }
        return try InvertedIndex(
            files: files, removed: Set(removed.map { ImageID(UInt32($0)) }), vocabulary: vocabulary,
            configuration: configuration)
    }

    @Test("scores are those of the formula, for each image")
    func slowTwin() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 60)
        let images = Array(1...25)
        let index = try index(folder, [images], vocabulary)
        for query in [3, 102] {
            let expected = SlowKernel.scores(query: query, images: images, vocabulary: vocabulary)
            let found = index.search(Synthetic.descriptors(query), limit: 100)
            #expect(found.count == expected.count { $1.score > 0 })
            for result in found {
                let twin = try #require(expected[Int(result.image.rawValue)])
                #expect(abs(Double(result.similarity.rawValue) - twin.score) < 1e-6)
                #expect(result.matches == twin.matches)
            }
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })
            #expect(Int(try #require(found.first).image.rawValue) % 4 == query % 4)
        }
    }

    @Test("scores are those of a numpy implementation")
    func golden() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 48)
        let index = try index(folder, [[1, 4, 12], [2, 3, 5, 6, 7, 8, 9, 10, 11]], vocabulary)
        let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Goldens/aggregated_match_kernel.csv")
        let rows = try String(contentsOf: golden, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: ",")
        }
        #expect(rows.count == 36)
        for query in [101, 102, 103] {
            let found = index.search(Synthetic.descriptors(query), limit: 12)
            for row in rows where Int(row[0]) == query {
                let result = try #require(found.first { String($0.image.rawValue) == row[1] })
                #expect(abs(Double(result.similarity.rawValue) - (try #require(Double(row[2])))) < 1e-6)
                #expect(result.matches == Int(row[3]))
            }
        }
    }

    @Test(
        "how images are spread over files, and the number of threads, change no bit",
        arguments: [InvertedIndexConfiguration.asmk, .nearestDescriptorVoting])
    func splits(configuration: InvertedIndexConfiguration) throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 64)
        let images = Array(1...24)
        let splits = [
            [images], [Array(1...12), Array(13...24)], [images.filter { $0 % 3 == 0 }, images.filter { $0 % 3 != 0 }],
            images.reversed().map { [$0] }, [[], images, []],
        ]
        var expected: [ScoredImage]?
        for split in splits {
            let index = try index(folder, split, vocabulary, configuration)
            #expect(index.count == 24)
            for threads in 1...3 {
                let found = index.search(Synthetic.descriptors(101), limit: 20, threads: threads)
                #expect(!found.isEmpty)
                expected = expected ?? found
                #expect(found == expected)
            }
        }
    }

    @Test("several threads in one large file change no bit")
    func pieces() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 64)
        let models = (1...40).map { Synthetic.signature($0, vocabulary) }
        let images = (1...10_000).map { (ImageID(UInt32(2 * $0)), models[Synthetic.hash(9, $0, 40)]) }
        try InvertedFile.write(images, vocabulary: vocabulary, to: folder.file("large"))
        let index = try InvertedIndex(
            files: [InvertedFile(path: folder.file("large"))], removed: [ImageID(8194)], vocabulary: vocabulary)
        let expected = index.search(Synthetic.descriptors(101), limit: 10_000)
        #expect(expected.count > 5_000)
        #expect(!expected.contains { $0.image == ImageID(8194) })
        for threads in [2, 3, 7] {
            #expect(index.search(Synthetic.descriptors(101), limit: 10_000, threads: threads) == expected)
            #expect(index.search(Synthetic.descriptors(101), limit: 7, threads: threads) == Array(expected.prefix(7)))
        }
    }

    @Test(
        "a removed image might as well never have been added",
        arguments: [InvertedIndexConfiguration.asmk, .nearestDescriptorVoting])
    func removal(configuration: InvertedIndexConfiguration) throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 64)
        let removed = [1, 2, 5, 13, 24]
        let all = try index(
            folder, [Array(1...12), Array(13...24)], removed: removed + [999], vocabulary, configuration)
        let rest = try index(folder, [(1...24).filter { !removed.contains($0) }], vocabulary, configuration)
        #expect(all.count == 19 && rest.count == 19)
        #expect(!all.contains(ImageID(5)) && all.contains(ImageID(6)) && !all.contains(ImageID(25)))
        for query in [1, 101, 102] {
            let found = all.search(Synthetic.descriptors(query), limit: 30)
            #expect(!found.isEmpty)
            #expect(found == rest.search(Synthetic.descriptors(query), limit: 30))
        }
    }

    @Test("an index without images finds nothing")
    func empty() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 16)
        for configuration in [InvertedIndexConfiguration.asmk, .nearestDescriptorVoting] {
            for index in [
                try index(folder, [], vocabulary, configuration), try index(folder, [[]], vocabulary, configuration),
                try index(folder, [[7]], removed: [7], vocabulary, configuration),
            ] {
                #expect(index.count == 0)
                #expect(index.search(Synthetic.descriptors(7), limit: 5).isEmpty)
            }
        }
    }

    @Test("a single image is found, with similarity 1 to itself under single assignment")
    func single() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 64)
        let configuration = InvertedIndexConfiguration(queryAssignments: 1)
        let index = try index(folder, [[7]], vocabulary, configuration)
        let found = index.search(Synthetic.descriptors(7), limit: 5)
        #expect(found.map(\.image) == [ImageID(7)])
        #expect(abs(try #require(found.first).similarity.rawValue - 1) < 1e-5)
        #expect(index.search(Synthetic.descriptors(7), limit: 0).isEmpty)
        #expect(index.search([], limit: 5).isEmpty)
    }

    @Test("an image without descriptors is kept and never found")
    func blank() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 16)
        let blank = ImageSignature(words: [], codes: [], codeBytes: 16)
        try InvertedFile.write(
            [(ImageID(1), blank), (ImageID(2), Synthetic.signature(2, vocabulary))], vocabulary: vocabulary,
            to: folder.file("blank"))
        let file = try InvertedFile(path: folder.file("blank"))
        try file.verify()
        let index = try InvertedIndex(files: [file], vocabulary: vocabulary)
        #expect(index.contains(ImageID(1)))
        #expect(index.search(Synthetic.descriptors(2), limit: 5).map(\.image) == [ImageID(2)])
    }

    @Test("of equal images the lower numbers come first and are kept")
    func ties() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 16)
        let model = Synthetic.signature(1, vocabulary)
        try InvertedFile.write((1...30).map { (ImageID($0), model) }, vocabulary: vocabulary, to: folder.file("ties"))
        let index = try InvertedIndex(files: [InvertedFile(path: folder.file("ties"))], vocabulary: vocabulary)
        #expect(index.search(Synthetic.descriptors(1), limit: 7).map(\.image.rawValue) == Array(1...7))
    }

    @Test("files that do not belong together are refused")
    func conflicts() throws {
        let folder = try TemporaryFolder()
        let vocabulary = try Synthetic.vocabulary(words: 16)
        let other = try Synthetic.vocabulary(words: 17)
        let file = try folder.invertedFile("a", [1, 5, 9], vocabulary)
        let overlapping = try folder.invertedFile("b", [2, 5], vocabulary)
        let interleaved = try folder.invertedFile("c", [2, 6, 10], vocabulary)
        #expect(throws: IndexError.self) { try InvertedIndex(files: [file], vocabulary: other) }
        #expect(throws: IndexError.self) { try InvertedIndex(files: [overlapping, file], vocabulary: vocabulary) }
        #expect(throws: IndexError.self) {
            try InvertedIndex(files: [file], vocabulary: vocabulary, configuration: .nearestDescriptorVoting)
        }
        #expect(throws: IndexError.self) {
            try InvertedIndex(
                files: [file], vocabulary: vocabulary, configuration: InvertedIndexConfiguration(queryAssignments: 65))
        }
        #expect(try InvertedIndex(files: [interleaved, file], vocabulary: vocabulary).count == 6)
    }
}

@Suite("Searching with an image of the index")
struct InvertedIndexImageSearchTests {
    @Test("what an image left in the index finds what its descriptors find")
    func storedSignature() throws {
        let words = 64
        var state: UInt64 = 5
        func byte() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let vocabulary = try Vocabulary(words: (0..<(words * 128)).map { _ in byte() }, dimensions: 128)
        let configuration = InvertedIndexConfiguration(queryAssignments: 1)
        let descriptors = (0..<12).map { _ in (0..<(30 * 128)).map { _ in byte() } }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var files: [InvertedFile] = []
        for part in 0..<2 {
            let path = folder.appendingPathComponent("\(part)").path
            let images = (0..<6).map { index in
                let number = part * 6 + index
                let signature = descriptors[number].withUnsafeBytes {
                    configuration.signature(of: $0, vocabulary: vocabulary)
                }
                return (ImageID(UInt32(number + 1)), signature)
            }
            try InvertedFile.write(images, vocabulary: vocabulary, configuration: configuration, to: path)
            files.append(try InvertedFile(path: path))
        }
        let index = try InvertedIndex(files: files, vocabulary: vocabulary, configuration: configuration)
        for number in 0..<12 {
            let expected = index.search(descriptors[number], limit: 12)
            #expect(index.search(like: ImageID(UInt32(number + 1)), limit: 12) == expected)
            #expect(!expected.isEmpty)
        }
        #expect(index.search(like: ImageID(99), limit: 12).isEmpty)
    }
}
