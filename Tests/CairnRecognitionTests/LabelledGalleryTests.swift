import CairnAlgebra
import Testing

@testable import CairnRecognition

@Suite struct LabelledGalleryTests {
    private static func gallery(rows count: Int, seed: UInt64) throws -> LabelledGallery {
        var noise = Noise(seed: seed)
        var matrix = try DescriptorMatrix(
            values: (0..<count * 8).map { _ in Float(noise.uniform() - 0.5) }, dimensions: 8)
        _ = matrix.normalizeRows()
        let labels: [String?] = (0..<count).map { $0 % 4 == 3 ? nil : "label \($0 % 7)" }
        return try LabelledGallery(descriptors: matrix, labels: labels)
    }

    @Test("Leave-one-out is the brute-force ranking of all other rows")
    func leaveOneOut() throws {
        let gallery = try Self.gallery(rows: 60, seed: 3)
        let found = try gallery.leaveOneOut(count: 10, nonLandmarkCount: 4)
        #expect(found.count == 60)
        for row in 0..<60 {
            let others = (0..<60).filter { $0 != row }.map { other in
                (
                    row: other,
                    similarity: zip(gallery.descriptors[row], gallery.descriptors[other]).reduce(0.0) {
                        $0 + Double($1.0) * Double($1.1)
                    }
                )
            }.sorted { $0.similarity != $1.similarity ? $0.similarity > $1.similarity : $0.row < $1.row }
            let labelled = others.filter { gallery.labels[$0.row] != nil }.prefix(10).map(\.row)
            let unlabelled = others.filter { gallery.labels[$0.row] == nil }.prefix(4).map(\.row)
            #expect(found[row].evidence.candidates.map(\.row) == labelled)
            #expect(found[row].evidence.nonLandmarks.map(\.row) == unlabelled)
            #expect(found[row].truth == (gallery.labels[row].map { .landmark($0) } ?? .nonLandmark))
            #expect(found[row].evidence.candidates.allSatisfy { $0.label == gallery.labels[$0.row] })
        }
    }

    @Test("An empty gallery, one row, exact duplicates, rows of zeros, and no non-landmarks make sense")
    func smallGalleries() throws {
        let query = try DescriptorMatrix(rows: [[1, 0]])
        let empty = try LabelledGallery(descriptors: DescriptorMatrix(dimensions: 2), labels: [])
        #expect(try empty.evidence(for: query)[0].candidates.isEmpty)
        #expect(try empty.leaveOneOut().isEmpty)
        let one = try LabelledGallery(descriptors: query, labels: ["a"])
        #expect(try one.evidence(for: query)[0].candidates.map(\.row) == [0])
        #expect(try one.leaveOneOut()[0].evidence.candidates.isEmpty)
        let twins = try LabelledGallery(
            descriptors: DescriptorMatrix(rows: [[1, 0], [1, 0], [0, 0], [1, 0]]), labels: ["b", "a", "c", "a"])
        let evidence = try twins.evidence(for: query)[0]
        #expect(evidence.candidates.map(\.row) == [0, 1, 3, 2])
        #expect(evidence.candidates.last?.similarity == 0)
        #expect(evidence.nonLandmarks.isEmpty)
        #expect(try twins.leaveOneOut()[1].evidence.candidates.map(\.row) == [0, 3, 2])
    }

    @Test("Centroids are unit means of each landmark, non-landmarks stay")
    func centroids() throws {
        let gallery = try LabelledGallery(
            descriptors: DescriptorMatrix(rows: [[1, 0], [0, 1], [0, 1], [-1, 0], [1, 0]]),
            labels: ["a", "b", "a", nil, nil])
        let centroids = try gallery.centroids()
        #expect(centroids.labels == ["a", "b", nil, nil])
        let half = Float(0.5).squareRoot()
        #expect(Array(centroids.descriptors[0]) == [half, half])
        #expect(Array(centroids.descriptors[1]) == [0, 1])
        let opposite = try LabelledGallery(
            descriptors: DescriptorMatrix(rows: [[1, 0], [-1, 0]]), labels: ["a", "a"])
        #expect(Array(try opposite.centroids().descriptors[0]) == [0, 0])
    }

    @Test("Numbers that are not finite are refused with their row, and so are counts that do not fit")
    func refusals() throws {
        let bad = try DescriptorMatrix(rows: [[1, 0], [.nan, 0]])
        let error = #expect(throws: AlgebraError.self) { try LabelledGallery(descriptors: bad, labels: ["a", nil]) }
        #expect(error?.message.contains("row 1") == true)
        let good = try LabelledGallery(descriptors: DescriptorMatrix(rows: [[1, 0]]), labels: ["a"])
        #expect(throws: AlgebraError.self) { try good.evidence(for: bad) }
        #expect(throws: (any Error).self) { try good.evidence(for: DescriptorMatrix(rows: [[1, 0, 0]])) }
        #expect(throws: RecognitionError.self) { try good.evidence(for: good.descriptors, count: 0) }
        #expect(throws: RecognitionError.self) { try good.evidence(for: good.descriptors, leavingOut: [3]) }
        #expect(throws: RecognitionError.self) { try good.evidence(for: good.descriptors, leavingOut: []) }
        #expect(throws: RecognitionError.self) { try LabelledGallery(descriptors: good.descriptors, labels: []) }
    }
}
