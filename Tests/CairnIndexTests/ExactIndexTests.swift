import CairnCore
import Testing

@testable import CairnIndex

@Suite("Exact index")
struct ExactIndexTests {
    private func index(
        _ files: [DescriptorFile], removed: Set<ImageID> = [], dimensions: Int
    ) throws -> ExactIndex {
        try ExactIndex(files: files, removed: removed, dimensions: dimensions, modelDigest: ExactVectors.digest)
    }

    /// The order of sums in 64 bits may move the last bit of a similarity; images must be the same but where those tie.
    private func expectSame(_ found: [ScoredImage], _ expected: [ScoredImage], _ label: String) {
        #expect(found.count == expected.count, "\(label)")
        for (left, right) in zip(found, expected) {
            #expect(abs(left.similarity.rawValue - right.similarity.rawValue) <= 1.2e-7, "\(label)")
            #expect(left.image == right.image, "\(label)")
        }
    }

    @Test("results are those of comparing with every vector", arguments: [8, 9, 64, 100, 257, 512, 2_048])
    func bruteForce(dimensions: Int) throws {
        let folder = try TemporaryFolder()
        let count = dimensions > 512 ? 300 : 1_500
        let file = try ExactVectors.file(folder, "a", 1...count, dimensions: dimensions)
        let rows = ExactVectors.vectors(1...count, dimensions: dimensions)
        let index = try index([file], dimensions: dimensions)
        var queries: [Float] = []
        for number in 3_000..<3_020 { queries += ExactVectors.vector(number, dimensions: dimensions) }
        for limit in [1, 10, 100, 2_000] {
            let batch = try index.search(batch: queries, limit: limit)
            #expect(batch.count == 20)
            for (place, found) in batch.enumerated() where place < 3 || limit == 10 {
                let query = Array(queries[place * dimensions..<(place + 1) * dimensions])
                expectSame(found, ExactVectors.bruteForce(query, rows, limit: limit), "query \(place), limit \(limit)")
                #expect(try index.search(query, limit: limit) == found)
            }
        }
    }

    @Test("equally similar images come in the order of their numbers, in one file or several")
    func ties() throws {
        let folder = try TemporaryFolder()
        // Sixteen signs: inner products are eighths, and most occur often.
        let rows = ExactVectors.vectors(1...1_000, dimensions: 16, coarse: true)
        let whole = try index(
            [ExactVectors.file(folder, "a", 1...1_000, dimensions: 16, coarse: true)], dimensions: 16)
        let halves = try index(
            [
                ExactVectors.file(folder, "b", stride(from: 2, through: 1_000, by: 2), dimensions: 16, coarse: true),
                ExactVectors.file(folder, "c", stride(from: 1, through: 1_000, by: 2), dimensions: 16, coarse: true),
            ], dimensions: 16)
        for query in [1, 2, 500].map({ ExactVectors.vector($0, dimensions: 16, coarse: true) }) {
            for limit in [1, 5, 60, 400] {
                let expected = ExactVectors.bruteForce(query, rows, limit: limit)
                #expect(try whole.search(query, limit: limit) == expected)
                #expect(try halves.search(query, limit: limit, threads: 2) == expected)
            }
        }
    }

    @Test("near-duplicates that the codes cannot tell apart are all compared")
    func nearDuplicates() throws {
        let folder = try TemporaryFolder()
        let dimensions = 64
        let centre = ExactVectors.vector(1, dimensions: dimensions).map { Double($0) }
        let rows = (1...700).map { number in
            let moved = centre.enumerated().map { d, value in
                value + 1e-5 * Double(Synthetic.hash(14, number * 100 + d, 1_001))
            }
            let norm = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return (ImageID(UInt32(number)), moved.map { Float($0 / norm) })
        }
        try DescriptorFile.write(
            rows, dimensions: dimensions, modelDigest: ExactVectors.digest, to: folder.file("near"))
        let index = try index([DescriptorFile(path: folder.file("near"))], dimensions: dimensions)
        for query in [rows[3].1, rows[600].1] {
            let expected = ExactVectors.bruteForce(query, rows, limit: 10)
            let found = try index.search(query, limit: 10)
            #expect(found.map(\.similarity) == expected.map(\.similarity))
            #expect(found.map(\.image) == expected.map(\.image))
        }
    }

    @Test("no file, an empty file, one image and more results than images")
    func fewImages() throws {
        let folder = try TemporaryFolder()
        let query = ExactVectors.vector(5, dimensions: 33)
        let none = try index([], dimensions: 33)
        let empty = try index([ExactVectors.file(folder, "empty", [], dimensions: 33)], dimensions: 33)
        for index in [none, empty] {
            #expect(try index.search(query, limit: 3).isEmpty && index.count == 0 && index.fileCount == 0)
            #expect(try index.search(batch: query + query, limit: 3) == [[], []])
        }
        let one = try index([ExactVectors.file(folder, "one", [9], dimensions: 33)], dimensions: 33)
        let expected = ExactVectors.bruteForce(query, ExactVectors.vectors([9], dimensions: 33), limit: 1)
        expectSame(try one.search(query, limit: 5), expected, "one image")
        #expect(try one.search(query, limit: 0).isEmpty && one.search(query, limit: -1).isEmpty)
        #expect(try one.search(batch: [], limit: 5).isEmpty)
        #expect(one.contains(ImageID(9)) && !one.contains(ImageID(8)))
        #expect(one.descriptor(of: ImageID(9)) == ExactVectors.vector(9, dimensions: 33))
    }

    @Test("filters let through what they say, each query's its own")
    func filters() throws {
        let folder = try TemporaryFolder()
        let rows = ExactVectors.vectors(1...2_000, dimensions: 40)
        let index = try index(
            [
                ExactVectors.file(folder, "a", 1...1_300, dimensions: 40),
                ExactVectors.file(folder, "b", 1_301...2_000, dimensions: 40),
            ], dimensions: 40)
        let even = Set((1...1_000).map { ImageID(UInt32(2 * $0)) })
        let filters: [ImageFilter] = [
            .all, .only([]), .only([ImageID(7), ImageID(1_999), ImageID(5_000)]), .only(even), .excluding(even),
            .excluding([ImageID(1)]), .excluding(Set(rows.map(\.0))), .only(Set(rows.map(\.0))),
        ]
        let query = ExactVectors.vector(1, dimensions: 40)
        let batch = try index.search(
            batch: Array(repeatElement(query, count: filters.count).joined()), limit: 12, filters: filters)
        for (filter, found) in zip(filters, batch) {
            let expected = ExactVectors.bruteForce(query, rows, limit: 12, filter: filter)
            expectSame(found, expected, "\(filter)")
            #expect(try index.search(query, limit: 12, filter: filter, threads: 2) == found)
        }
    }

    @Test("a removed image leaves no trace, and files may be merged without changing results")
    func removal() throws {
        let folder = try TemporaryFolder()
        let files = try [
            ExactVectors.file(folder, "a", 1...400, dimensions: 48),
            ExactVectors.file(folder, "b", 401...900, dimensions: 48),
        ]
        let removed = Set((1...900).filter { $0 % 3 == 1 }.map { ImageID(UInt32($0)) }).union([ImageID(5_000)])
        let without = try index(files, removed: removed, dimensions: 48)
        try DescriptorFile.merge(files, removing: removed, to: folder.file("merged"))
        let merged = try index([DescriptorFile(path: folder.file("merged"))], dimensions: 48)
        let never = try index(
            [ExactVectors.file(folder, "never", (1...900).filter { $0 % 3 != 1 }, dimensions: 48)], dimensions: 48)
        #expect(without.count == 600 && never.count == 600 && merged.count == 600)
        #expect(!without.contains(ImageID(1)) && without.contains(ImageID(2)))
        #expect(without.descriptor(of: ImageID(1)) == nil)
        for number in [1, 2, 450] {
            let query = ExactVectors.vector(number, dimensions: 48)
            for limit in [10, 700] {
                let found = try without.search(query, limit: limit)
                #expect(found.count == min(600, limit))
                #expect(try never.search(query, limit: limit) == found)
                #expect(try merged.search(query, limit: limit) == found)
            }
            #expect(try without.search(query, limit: 3, filter: .only([ImageID(1), ImageID(2)])).count == 1)
        }
    }

    @Test("results do not depend on the number of threads")
    func threads() throws {
        let folder = try TemporaryFolder()
        // Two files are at least two pieces of work.
        let files = try [
            ExactVectors.file(folder, "a", 1...600, dimensions: 4_200),
            ExactVectors.file(folder, "b", 601...1_100, dimensions: 4_200),
        ]
        let index = try index(files, dimensions: 4_200)
        var queries: [Float] = []
        for number in 2_000..<2_034 { queries += ExactVectors.vector(number, dimensions: 4_200) }
        let expected = try index.search(batch: queries, limit: 20)
        for threads in [2, 3, 8, 0] {
            #expect(try index.search(batch: queries, limit: 20, threads: threads) == expected)
            let one = Array(queries.prefix(4_200))
            #expect(try index.search(one, limit: 20, threads: threads) == expected[0])
        }
    }

    @Test("queries of another length or without one, and filters that do not fit, are refused by name")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let file = try ExactVectors.file(folder, "a", 1...10, dimensions: 16)
        let index = try index([file], dimensions: 16)
        let sound = ExactVectors.vector(1, dimensions: 16)
        func message(_ body: () throws -> Void) -> String {
            do { try body() } catch { return (error as? IndexError)?.message ?? "another error" }
            return "none"
        }
        #expect(message { _ = try index.search(Array(sound.dropLast()), limit: 3) }.contains("15 values"))
        #expect(message { _ = try index.search(sound.map { $0 * 2 }, limit: 3) }.contains("length 2"))
        #expect(message { _ = try index.search([Float](repeating: 0, count: 16), limit: 3) }.contains("zero"))
        var broken = sound
        broken[4] = .nan
        #expect(message { _ = try index.search(batch: sound + broken, limit: 3) }.contains("query 1 has a value"))
        #expect(message { _ = try index.search(batch: sound + [1], limit: 3) }.contains("17 values"))
        #expect(message { _ = try index.search(batch: sound, limit: 3, filters: [.all, .all]) }.contains("2 filters"))
        #expect(throws: IndexError.self) {
            try ExactIndex(files: [file], dimensions: 16, modelDigest: [UInt8](repeating: 9, count: 32))
        }
        #expect(throws: IndexError.self) {
            try ExactIndex(
                files: [file, ExactVectors.file(folder, "b", [10, 11], dimensions: 16)], dimensions: 16,
                modelDigest: ExactVectors.digest)
        }
    }
}
