import CKernels
import Testing

@Suite("Exact products of pairs")
struct NeighborsKernelTests {
    @Test(
        "Every instruction set adds in the order that is written down, for any row length and number of pairs",
        arguments: instructionSets)
    func order(_ instructionSet: cairn_isa) {
        var random = SeededBytes(state: 7)
        for dimensions in [1, 7, 8, 9, 64, 100, 511] {
            // Magnitudes from 2⁻²⁰ to 2²⁰: the order of additions shows in the bits of the sum.
            func vectors(_ count: Int) -> [Float] {
                (0..<count * dimensions).map { _ in
                    let bytes = (0..<4).map { _ in Int(random.next()) }
                    let mantissa = Float((bytes[0] << 16 | bytes[1] << 8 | bytes[2]) - 1 << 23)
                    return Float(sign: .plus, exponent: bytes[3] % 40 - 43, significand: mantissa)
                }
            }
            let (queries, rows) = (vectors(3), vectors(5))
            for count in [0, 1, 4, 9] {
                let pairs = (0..<count).map { _ in
                    cairn_neighbors_pair(query: Int32(random.next() % 3), row: Int32(random.next() % 5))
                }
                var products = [Double](repeating: .nan, count: count + 1)
                cairn_neighbors_exact(queries, rows, dimensions, pairs, count, &products, instructionSet)
                #expect(products[count].isNaN)
                for (pair, product) in zip(pairs, products) {
                    let terms = (0..<dimensions).map {
                        Double(queries[Int(pair.query) * dimensions + $0])
                            * Double(rows[Int(pair.row) * dimensions + $0])
                    }
                    let whole = dimensions / 8 * 8
                    var sums = [Double](repeating: 0, count: 8)
                    for column in 0..<whole { sums[column % 8] += terms[column] }
                    var sum = sums.dropFirst().reduce(sums[0], +)
                    for column in whole..<dimensions { sum += terms[column] }
                    #expect(product.bitPattern == sum.bitPattern)
                }
            }
        }
    }
}
