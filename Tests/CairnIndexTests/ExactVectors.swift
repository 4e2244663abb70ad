import CairnCore

@testable import CairnIndex

/// Made-up unit vectors, and the exact search that a reader can check by eye.
enum ExactVectors {
    static let digest = Array(UInt8(0)..<32)

    /// A point of the cluster `number % clusters`; with few values, of which many pairs are equally similar.
    static func vector(_ number: Int, dimensions: Int, clusters: Int = 7, coarse: Bool = false) -> [Float] {
        var values = (0..<dimensions).map { d in
            let centre = Double(Synthetic.hash(11, (number % clusters) * 10_000 + d, 2_001)) - 1_000
            let noise = Double(Synthetic.hash(12, number * 10_000 + d, 2_001)) - 1_000
            return coarse ? Double(Synthetic.hash(13, number * 10_000 + d, 2)) * 2 - 1 : centre + 0.8 * noise
        }
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        values = values.map { $0 / norm }
        return values.map { Float($0) }
    }

    static func vectors(
        _ numbers: some Sequence<Int>, dimensions: Int, coarse: Bool = false
    ) -> [(ImageID, [Float])] {
        numbers.map { (ImageID(UInt32($0)), vector($0, dimensions: dimensions, coarse: coarse)) }
    }

    static func file(
        _ folder: TemporaryFolder, _ name: String, _ numbers: some Sequence<Int>, dimensions: Int, coarse: Bool = false
    ) throws -> DescriptorFile {
        try DescriptorFile.write(
            vectors(numbers, dimensions: dimensions, coarse: coarse), dimensions: dimensions, modelDigest: digest,
            to: folder.file(name))
        return try DescriptorFile(path: folder.file(name))
    }

    /// Every vector compared in 64-bit floats and rounded once.
    static func bruteForce(
        _ query: [Float], _ rows: [(ImageID, [Float])], limit: Int, filter: ImageFilter = .all
    ) -> [ScoredImage] {
        rows.filter { filter.admits($0.0) }
            .map { image, vector in
                let sum = zip(query, vector).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
                return ScoredImage(image: image, similarity: Similarity(Float(sum)), matches: 0)
            }
            .sorted { $0.precedes($1) }.prefix(limit).map { $0 }
    }
}
