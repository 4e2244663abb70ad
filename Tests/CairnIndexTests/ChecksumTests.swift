import Testing

@testable import CairnIndex

@Suite("Checksum")
struct ChecksumTests {
    @Test(
        "agrees with the xxhash package of Python",
        arguments: [
            // xxhash.xxh64_intdigest(bytes(i % 256 for i in range(n)), seed), xxhash 4.1.0
            (0, 0, 0xef46db3751d8e999),
            (1, 0, 0xe934a84adb052768),
            (3, 7, 0x5ab1230478ca6310),
            (4, 0, 0xffced8604453cc1e),
            (9, 0, 0x67d85784a7c78c5b),
            (31, 1, 0xf031031d65977dfc),
            (32, 0, 0xcbf59c5116ff32b4),
            (33, 0, 0xc535d1acafb8ead),
            (77, 12345, 0xa393b06c3a4f0f19),
            (1000, 0, 0x6ef436b00eba4078),
        ] as [(Int, UInt64, UInt64)])
    func agrees(count: Int, seed: UInt64, expected: UInt64) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        #expect(bytes.withUnsafeBytes { Checksum.of($0, seed: seed) } == expected)
    }
}
