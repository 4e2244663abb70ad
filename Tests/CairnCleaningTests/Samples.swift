import CairnAlgebra
import Foundation

/// Seeded numbers: the same in every run.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}

/// Rows for tests.
enum Samples {
    /// Unit rows of the plane at angles in degrees: rows `a` degrees apart have the distance 1 - cos a.
    static func angles(_ degrees: [Double]) throws -> DescriptorMatrix {
        try DescriptorMatrix(rows: degrees.map { [cosine($0), cosine($0 - 90)] })
    }

    /// Rows about centres, of random lengths, with repeats and rows of zeros.
    static func clustered(count: Int, dimensions: Int, centres: Int, spread: Float, seed: UInt64) throws
        -> DescriptorMatrix
    {
        var random = Seeded(seed)
        let middle = (0..<centres).map { _ in (0..<dimensions).map { _ in Float.random(in: -1...1, using: &random) } }
        var rows: [[Float]] = []
        for row in 0..<count {
            if row > 0, Int.random(in: 0..<12, using: &random) == 0 {
                rows.append(rows[Int.random(in: 0..<row, using: &random)])
            } else if Int.random(in: 0..<40, using: &random) == 0 {
                rows.append([Float](repeating: 0, count: dimensions))
            } else {
                let length = Float.random(in: 0.1...10, using: &random)
                let centre = middle[Int.random(in: 0..<centres, using: &random)]
                rows.append(centre.map { ($0 + Float.random(in: -spread...spread, using: &random)) * length })
            }
        }
        return try DescriptorMatrix(rows: rows)
    }

    private static func cosine(_ degrees: Double) -> Float { Float(Foundation.cos(degrees * .pi / 180)) }
}
