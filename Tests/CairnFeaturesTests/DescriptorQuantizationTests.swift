import Testing

@testable import CairnFeatures

@Suite("Quantised descriptors")
struct DescriptorQuantizationTests {
    @Test("Signed entries become round(256 x) + 128, clipped at both ends")
    func values() {
        let entries: [Float] = [0, 0.5, -0.5, 0.25, -0.125, 1, -1, 0.001, 0.0021, .nan]
        let bytes = DescriptorQuantization.signed.bytes(of: entries, dimensions: 10)
        #expect(bytes.count == 64)
        #expect(Array(bytes.prefix(10)) == [128, 255, 0, 192, 96, 255, 0, 128, 129, 128])
        #expect(bytes.dropFirst(10).allSatisfy { $0 == 128 }, "padding is zero")
        #expect(DescriptorQuantization.unsigned.bytes(of: [0.1, -0.1], dimensions: 2).prefix(2) == [51, 0])
    }

    @Test("Padding goes to the next multiple of 64", arguments: [(1, 64), (64, 64), (65, 128), (96, 128), (256, 256)])
    func padding(entries: Int, bytes: Int) {
        #expect(DescriptorQuantization.paddedDimensions(of: entries) == bytes)
    }

    @Test(
        "Distances of bytes are those of the vectors, to two percent of a descriptor's length",
        arguments: [64, 96, 128, 256])
    func distances(dimensions: Int) {
        var state: UInt64 = 5
        func unit() -> [Float] {
            let raw = (0..<dimensions).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Float(Int64(bitPattern: state) >> 40)
            }
            let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return raw.map { $0 / length }
        }
        for _ in 0..<20 {
            let (a, b) = (unit(), unit())
            let bytes = DescriptorQuantization.signed.bytes(of: a + b, dimensions: dimensions)
            let (p, q) = (bytes.prefix(bytes.count / 2), bytes.suffix(bytes.count / 2))
            let measured = zip(p, q).reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
            let exact = zip(a, b).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            let distance = Float(measured).squareRoot() / DescriptorQuantization.signed.length
            #expect(abs(distance - exact) < 0.02)
        }
    }
}
