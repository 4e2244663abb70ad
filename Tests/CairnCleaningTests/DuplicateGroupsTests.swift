import CairnAlgebra
import CairnCore
import Foundation
import Testing

@testable import CairnCleaning

@Suite("Duplicate groups")
struct DuplicateGroupsTests {
    private func image(
        _ width: Int = 100, _ height: Int = 100, bytes: Int = 1000, date: Double? = nil, path: String = "a.jpg",
        digest: String? = nil
    ) -> DuplicateImage {
        DuplicateImage(
            size: ImageSize(width: width, height: height), byteCount: bytes, date: date, path: path, digest: digest)
    }

    private var byDescriptor: DuplicateCriteria { .descriptorsOnly }

    private func pair(_ one: Int, _ other: Int, _ similarity: Double = 0.99) -> DuplicatePair {
        DuplicatePair(rows: RowPair(one, other), similarity: similarity)
    }

    @Test("keeps the one with most pixels, then the oldest, then the larger file, then the first path")
    func representative() throws {
        func kept(_ images: [DuplicateImage], _ criteria: DuplicateCriteria) throws -> Int? {
            let pairs = images.indices.flatMap { a in images.indices.filter { $0 > a }.map { pair(a, $0) } }
            let groups = try DuplicateGroups(images: images, pairs: pairs, criteria: criteria).groups
            #expect(groups.count == 1 && groups.first?.members.count == images.count - 1)
            return groups.first?.representative
        }
        #expect(try kept([image(), image(200, 100), image(100, 150)], byDescriptor) == 1)
        #expect(try kept([image(date: nil), image(date: 7), image(date: 5)], byDescriptor) == 2)
        #expect(try kept([image(bytes: 5), image(bytes: 7), image(bytes: 6)], byDescriptor) == 1)
        #expect(try kept([image(path: "b"), image(path: "a"), image(path: "c")], byDescriptor) == 1)
        #expect(try kept([image(), image(), image()], byDescriptor) == 0)
        var newest = byDescriptor
        newest.representative = [.newest]
        #expect(try kept([image(date: 3), image(date: nil), image(date: 4)], newest) == 2)
        var smallest = byDescriptor
        smallest.representative = [.smallestFile]
        #expect(try kept([image(bytes: 5), image(bytes: 4)], smallest) == 1)
    }

    @Test("a member matches the representative, not just another member")
    func chains() throws {
        // 0–1–2: 0 is the largest, so 2 is not given up for it.
        let images = [image(300), image(200), image(100)]
        let chain = try DuplicateGroups(images: images, pairs: [pair(0, 1), pair(1, 2)], criteria: byDescriptor)
        #expect(chain.groups.map(\.representative) == [0])
        #expect(chain.groups[0].members.map(\.row) == [1])
        // With the middle one largest all three are one group.
        let star = try DuplicateGroups(
            images: [image(200), image(300), image(100)], pairs: [pair(0, 1), pair(1, 2)], criteria: byDescriptor)
        #expect(star.groups.map(\.representative) == [1])
        #expect(star.groups[0].members.map(\.row) == [0, 2])
    }

    @Test("every member matches its representative or copies one that does, whatever the pairs", arguments: 1...20)
    func random(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        let images = (0..<40).map { row in
            image(
                Int.random(in: 1...5, using: &random) * 100, bytes: Int.random(in: 1...9, using: &random),
                path: "\(row)", digest: Bool.random(using: &random) ? "\(Int.random(in: 0..<12, using: &random))" : nil)
        }
        let pairs = (0..<80).compactMap { _ -> DuplicatePair? in
            let (a, b) = (Int.random(in: 0..<40, using: &random), Int.random(in: 0..<40, using: &random))
            return a == b ? nil : pair(a, b, Bool.random(using: &random) ? 0.99 : 0.5)
        }
        let result = try DuplicateGroups(images: images, pairs: pairs, criteria: byDescriptor)
        var first: [RowPair: Double] = [:]
        for pair in pairs where first[pair.rows] == nil { first[pair.rows] = pair.similarity }
        func same(_ a: Int, _ b: Int) -> Bool {
            a == b || (images[a].digest != nil && images[a].digest == images[b].digest)
        }
        var seen: Set<Int> = []
        for group in result.groups {
            #expect(seen.insert(group.representative).inserted)
            for member in group.members {
                #expect(seen.insert(member.row).inserted)
                #expect(!byDescriptor.prefers(member.row, to: group.representative, among: images))
                let linked = first.contains { pair, similarity in
                    guard similarity >= 0.95 else { return false }
                    return (same(pair.first, group.representative) && same(pair.second, member.row))
                        || (same(pair.second, group.representative) && same(pair.first, member.row))
                }
                #expect(linked || same(member.row, group.representative))
            }
        }
        // Exact copies are never apart.
        for a in 0..<40 {
            for b in 0..<40 where a != b && same(a, b) {
                #expect(
                    result.groups.contains { group in
                        let all = [group.representative] + group.members.map(\.row)
                        return all.contains(a) && all.contains(b)
                    })
            }
        }
        let rejected = Set(result.rejected.map(\.rows))
        #expect(rejected.allSatisfy { (first[$0] ?? 1) < 0.95 })
        #expect(result.duplicateCount == seen.count - result.groups.count)
    }

    @Test("exact copies need no pair")
    func copies() throws {
        let images = [image(path: "b", digest: "x"), image(path: "c"), image(path: "a", digest: "x")]
        let result = try DuplicateGroups(images: images, pairs: [], criteria: .verified)
        #expect(
            result.groups == [
                .init(representative: 2, members: [.init(row: 0, judgement: .exactCopy, matched: RowPair(0, 2))])
            ])
    }

    @Test("descriptors propose pairs above the threshold, one for all exact copies")
    func candidates() throws {
        let rows = try Samples.angles([0, 1, 2, 90, 0])
        var criteria = byDescriptor
        criteria.minimumSimilarity = cos(1.5 * .pi / 180)
        let images = [image(digest: "x"), image(), image(), image(), image(digest: "x")]
        let pairs = try criteria.candidates(images: images, descriptors: rows)
        #expect(pairs.map(\.rows) == [RowPair(0, 1), RowPair(1, 2)])
        #expect(abs((pairs[0].similarity ?? 0) - cos(.pi / 180)) < 1e-6)
        criteria.neighbors = 1
        #expect(try criteria.candidates(images: images, descriptors: rows).count == 2)
        #expect(try criteria.candidates(images: [image()], descriptors: Samples.angles([0])).isEmpty)
        #expect(try criteria.candidates(images: [], descriptors: DescriptorMatrix(dimensions: 2)).isEmpty)
        #expect(throws: CleaningError.self) { try criteria.candidates(images: [], descriptors: rows) }
        let error = #expect(throws: CleaningError.self) {
            try criteria.candidates(images: [image(), image()], descriptors: DescriptorMatrix(rows: [[1], [.nan]]))
        }
        #expect(error?.message.contains("row 1") == true)
    }

    @Test("impossible pictures, pairs and criteria are refused")
    func refused() throws {
        #expect(throws: CleaningError.self) { try DuplicateGroups(images: [image(0)], pairs: []) }
        #expect(throws: CleaningError.self) { try DuplicateGroups(images: [image(date: .nan)], pairs: []) }
        #expect(throws: CleaningError.self) { try DuplicateGroups(images: [image()], pairs: [pair(0, 1)]) }
        #expect(throws: CleaningError.self) {
            try DuplicateGroups(images: [image(), image()], pairs: [pair(0, 1, .nan)])
        }
        var criteria = DuplicateCriteria.verified
        criteria.minimumContainment = 1.1
        #expect(throws: CleaningError.self) { try DuplicateGroups(images: [], pairs: [], criteria: criteria) }
        #expect(try DuplicateGroups(images: [], pairs: []).groups.isEmpty)
        for preset in [DuplicateCriteria.verified, .descriptorsOnly] {
            #expect(try JSONDecoder().decode(DuplicateCriteria.self, from: JSONEncoder().encode(preset)) == preset)
        }
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(DuplicateCriteria.self, from: Data("{\"inliers\": 1}".utf8))
        }
    }
}
