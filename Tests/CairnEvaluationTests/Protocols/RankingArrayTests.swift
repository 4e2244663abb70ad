import CairnDatasets
import CairnEvaluation
import CairnFormats
import Foundation
import Testing

@Suite struct RankingArrayTests {
    private let benchmark = RetrievalBenchmark(
        name: "three", scoring: .revisited, gallery: (0..<5).map { .init(id: "g\($0)") },
        queries: (0..<3).map { .init(image: .init(id: "q\($0)")) },
        settings: [.init(judgments: [nil, nil, nil])])

    private func read(_ array: NumericArray) throws -> RankingArray {
        try withTemporaryFolder { folder in
            try NPYFile.write(array, to: folder + "/ranks.npy")
            return try RankingArray(contentsOf: folder + "/ranks.npy", for: benchmark)
        }
    }

    private func message(_ array: NumericArray) -> String {
        do {
            _ = try read(array)
            return "none"
        } catch {
            return (error as? EvaluationError)?.message ?? "\(error)"
        }
    }

    @Test("rankings are read row by row, and end where -1 begins")
    func rows() throws {
        let array = try read(NumericArray([4, 3, 2, 0, -1, -1, 1, 2, -1] as [Int64], shape: [3, 3]))
        #expect(array.ranking(ofQuery: 0) == [4, 3, 2])
        #expect(array.ranking(ofQuery: 1) == [0])
        #expect(array.ranking(ofQuery: 2) == [1, 2])
        #expect(try read(NumericArray([2, 1, 0] as [Int32], shape: [3, 1])).ranking(ofQuery: 2) == [0])
    }

    @Test("what does not fit is refused with the reason")
    func refused() {
        #expect(message(NumericArray([0, 1] as [Int64], shape: [2])).contains("[queries, k]: 3 rows here"))
        #expect(message(NumericArray([0.5, 1, 2] as [Float], shape: [3, 1])).contains("whole numbers"))
        #expect(message(NumericArray([0, 1, 2, 3, 4, 0] as [Int64], shape: [2, 3])).contains("transposed"))
        #expect(message(NumericArray([0, 1, 2, 3] as [Int64], shape: [4, 1])).contains("three has 3 queries"))
        #expect(message(NumericArray([0, 1, 5] as [Int64], shape: [3, 1])).contains("row 5 for query 2"))
        #expect(message(NumericArray([0, -2, 1] as [Int64], shape: [3, 1])).contains("row -2 for query 1"))
    }
}

/// A folder that is gone when `body` is done.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

/// The same for work that waits.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
