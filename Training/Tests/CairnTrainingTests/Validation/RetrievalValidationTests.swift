import CairnAlgebra
import Foundation
import Testing

@testable import CairnTraining

@Suite("Validation by retrieval") struct RetrievalValidationTests {
    /// 60 photos of classes of 1 to 9 photos.
    private let photos = (0..<60).map { number in
        LabelledPhoto(path: "/photos/\(number).jpg", label: "class\(Int(Double(number * 7 % 60).squareRoot()))")
    }

    /// Photos of a class lean the same way; some rows are zeros, as those of photos that cannot be read.
    private func descriptors(hiding hidden: Set<Int> = []) throws -> DescriptorMatrix {
        try DescriptorMatrix(
            rows: photos.enumerated().map { number, photo in
                guard !hidden.contains(number) else { return [Float](repeating: 0, count: 6) }
                let seed = Double(photo.label.dropFirst(5)) ?? 0
                let row = (0..<6).map {
                    Float(sin(seed * 5 + Double($0) * 3) + 1.2 * cos(Double(number * 17 + $0 * 29)))
                }
                let length = row.map { $0 * $0 }.reduce(0, +).squareRoot()
                return row.map { $0 / length }
            })
    }

    /// Ranks of a query's positives among all other photos, by sorting: best first, equal ones in the order of rows.
    private func ranks(_ query: Int, _ matrix: DescriptorMatrix) -> [Int] {
        func score(_ row: Int) -> Float {
            Float(zip(matrix[query], matrix[row]).map { Double($0) * Double($1) }.reduce(0, +))
        }
        let order = photos.indices.filter { $0 != query }.sorted {
            let (first, second) = (score($0), score($1))
            return first == second ? $0 < $1 : first > second
        }
        return order.enumerated().filter { photos[$0.element].label == photos[query].label }.map { $0.offset + 1 }
    }

    private var queries: [Int] {
        photos.indices.filter { query in photos.count { $0.label == photos[query].label } > 1 }
    }

    @Test("Figures are those of sorting all other photos by inner product", arguments: [[], [3, 17, 44, 58]])
    func bruteForce(hidden: Set<Int>) throws {
        let matrix = try descriptors(hiding: hidden)
        let ranks = queries.map { self.ranks($0, matrix) }
        let validation = try RetrievalValidation(photos: photos, figure: "mAP@5")
        let lists = try validation.relevance(of: matrix)
        #expect(lists.map(\.hitRanks) == ranks)
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        func precision(_ ranks: [Int], at depth: Int) -> Double {
            mean(
                [0]
                    + ranks.enumerated().filter { $0.element <= depth }
                    .map { Double($0.offset + 1) / Double($0.element) }) * Double(1 + ranks.count { $0 <= depth })
                / Double(min(depth, ranks.count))
        }
        let figures = try validation.figures(of: matrix)
        let expected = mean(ranks.map { precision($0, at: 5) })
        #expect(abs(try #require(figures.first { $0.name == "mAP@5" }).value - expected) < 1e-9)
        let atHundred = try RetrievalValidation(photos: photos, figure: "mAP@100").figures(of: matrix)
        let found = try #require(atHundred.first { $0.name == "mAP@100" }).value
        #expect(abs(found - mean(ranks.map { precision($0, at: 100) })) < 1e-9)
        let shares = [
            "P@3": mean(ranks.map { list in Double(list.count { $0 <= 3 }) / 3 }),
            "recall@3": mean(ranks.map { list in Double(list.count { $0 <= 3 }) / Double(list.count) }),
        ]
        for (name, value) in shares {
            let figures = try RetrievalValidation(photos: photos, figure: name).figures(of: matrix)
            #expect(abs(try #require(figures.first { $0.name == name }).value - value) < 1e-9, "\(name)")
        }
    }

    @Test("The only photo of a class is searched among, and never searched with")
    func classOfOne() throws {
        let photos = [("a", 1), ("b", 2), ("c", 1), ("b", 3)].map {
            LabelledPhoto(path: "/\($0.0)\($0.1).jpg", label: $0.0)
        }
        let matrix = try DescriptorMatrix(rows: [[1, 0], [0.6, 0.8], [0.8, 0.6], [0, 1]])
        let lists = try RetrievalValidation(photos: photos, figure: "mAP").relevance(of: matrix)
        // From row 1: row 2 (0.96) before row 3 (0.8) before row 0 (0.6). From row 3: row 1 first.
        #expect(lists.map(\.hitRanks) == [[2], [1]])
        #expect(lists.allSatisfy { $0.length == 3 && $0.positiveCount == 1 })
    }

    @Test(
        "A figure that nobody knows is refused by its name",
        arguments: ["", "map", "mAP@", "mAP@0", "mAP@-1", "P@x", "P", "MRR@5@5"])
    func unknownFigures(name: String) throws {
        let error = #expect(throws: TrainingError.self) { try RetrievalValidation(photos: photos, figure: name) }
        #expect(error?.kind == .invalidArgument && error?.message.contains("“\(name)”") == true)
    }

    @Test(
        "Figures that are known are taken",
        arguments: ["mAP", "mAP@1", "mAP@100", "P@10", "mP@10", "Acc@1", "recall@4"])
    func knownFigures(name: String) throws {
        let figures = try RetrievalValidation(photos: photos, figure: name).figures(of: descriptors())
        #expect(figures.count { $0.name == name } == 1)
    }
}
