import CairnAlgebra
import CairnCore
import Foundation
import Synchronization
import Testing

@testable import CairnCleaning

@Suite("Cleaning by verified neighbours")
struct VerifiedNeighborCleaningTests {
    /// Answers from a table, and remembers what was asked.
    private final class Table: PairVerification {
        let asked = Mutex<[[RowPair]]>([])
        private let answer: @Sendable (RowPair) -> Int

        init(_ answer: @escaping @Sendable (RowPair) -> Int) { self.answer = answer }

        func inliers(between pairs: [RowPair]) async throws -> [Int] {
            asked.withLock { $0.append(pairs) }
            return pairs.map(answer)
        }
    }

    private func settings(_ verified: Int, of neighbors: Int = 100, batch: Int = 256) -> VerifiedNeighborCleaning {
        var settings = VerifiedNeighborCleaning.glret2019
        (settings.minimumVerified, settings.neighbors, settings.batchSize) = (verified, neighbors, batch)
        return settings
    }

    @Test("keeps what enough neighbours verify, and says how many there were")
    func keeps() async throws {
        // 0 to 3 show one thing; 4 has their label and shows another; 5 is alone with its label.
        let rows = try Samples.angles([0, 1, 2, 3, 4, 50])
        let table = Table { $0.second <= 3 ? 31 : 5 }
        let result = try await settings(3).clean(rows, labels: ["a", "a", "a", "a", "a", "b"], verification: table)
        #expect(result.keptRows == [0, 1, 2, 3])
        #expect(result.verdicts[4].outcome == .dropped(.tooFewVerified))
        #expect(result.verdicts[4].evidence.candidates == 4)
        // Two of four that do not verify leave too few.
        #expect(result.verdicts[4].evidence.compared == 2)
        #expect(result.verdicts[4].evidence.bestRow == 3 && result.verdicts[4].evidence.bestInliers == 5)
        #expect(result.verdicts[5].outcome == .dropped(.tooFewVerified))
        #expect(result.verdicts[5].evidence == VerifiedNeighbors.Evidence())
        let asked = table.asked.withLock { $0.flatMap(\.self) }
        #expect(asked.count == Set(asked).count && asked.count == result.comparedPairs)
    }

    @Test("does not ask for more than it takes")
    func stops() async throws {
        let rows = try Samples.angles((0..<60).map { Double($0) / 10 })
        let table = Table { _ in 100 }
        let result = try await settings(3).clean(
            rows, labels: [String?](repeating: "a", count: 60), verification: table)
        #expect(result.keptRows.count == 60)
        #expect(result.comparedPairs <= 60 * 3)
        #expect(result.verdicts.allSatisfy { $0.evidence.compared == 3 && $0.evidence.candidates == 59 })
    }

    @Test("decides as comparing everything would, whatever the size of a batch", arguments: 1...6)
    func complete(seed: Int) async throws {
        let rows = try Samples.clustered(count: 80, dimensions: 6, centres: 5, spread: 0.5, seed: UInt64(seed))
        var random = Seeded(UInt64(seed))
        let labels: [String?] = (0..<80).map { _ in ["a", "b", "c", nil].randomElement(using: &random) ?? nil }
        let inliers: @Sendable (RowPair) -> Int = { ($0.first * 31 + $0.second * 17 + seed * 7) % 60 }
        let all = try await settings(2, of: 7).clean(rows, labels: labels, verification: Table(inliers))
        let small = try await settings(2, of: 7, batch: 1).clean(rows, labels: labels, verification: Table(inliers))
        #expect(all == small)
        for (row, verdict) in all.verdicts.enumerated() {
            guard let label = labels[row] else {
                #expect(verdict.outcome == .unlabeled)
                continue
            }
            let others = labels.indices.filter { $0 != row && labels[$0] == label }
            let near = others.map { other -> (Int, Double) in
                func norm(_ r: Int) -> Double { rows[r].reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
                let product = zip(rows[row], rows[other]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                let length = norm(row) * norm(other)
                return (other, length > 0 ? (product / length * 1e6).rounded() : 0)
            }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(7)
            let verified = near.count { inliers(RowPair(row, $0.0)) >= 30 }
            #expect((verdict.outcome == .kept) == (verified >= 2), "row \(row)")
        }
    }

    @Test("a class with one photo left is dropped")
    func smallClass() async throws {
        let rows = try Samples.angles([0, 1, 2])
        var settings = settings(1)
        settings.minimumClassSize = 3
        let result = try await settings.clean(
            rows, labels: ["a", "a", "a"], verification: PairVerificationFunction { $0.map { $0.second == 1 ? 40 : 0 } }
        )
        #expect(result.verdicts[0].outcome == .dropped(.smallClass(size: 2)))
        #expect(result.verdicts[2].outcome == .dropped(.tooFewVerified))
    }

    @Test("a verification that fails or does not answer is an error")
    func failing() async throws {
        struct Failure: Error {}
        let rows = try Samples.angles([0, 1])
        await #expect(throws: Failure.self) {
            try await settings(1).clean(
                rows, labels: ["a", "a"], verification: PairVerificationFunction { _ in throw Failure() })
        }
        await #expect(throws: CleaningError.self) {
            try await settings(1).clean(rows, labels: ["a", "a"], verification: PairVerificationFunction { _ in [] })
        }
        await #expect(throws: CleaningError.self) {
            try await settings(1).clean(rows, labels: ["a"], verification: PairVerificationFunction { _ in [] })
        }
        await #expect(throws: CleaningError.self) {
            try await settings(5, of: 3).clean(
                rows, labels: ["a", "a"], verification: PairVerificationFunction { _ in [] })
        }
        let empty = try await settings(1).clean(
            DescriptorMatrix(dimensions: 2), labels: [], verification: PairVerificationFunction { _ in [] })
        #expect(empty.verdicts.isEmpty)
    }
}
