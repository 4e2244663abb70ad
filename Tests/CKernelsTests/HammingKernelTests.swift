import CKernels
import Testing

@Suite("Hamming kernel")
struct HammingKernelTests {
    /// Bit by bit.
    func naive(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
        zip(a, b).reduce(0) { sum, pair in
            sum + (0..<8).count { bit in (pair.0 >> bit) & 1 != (pair.1 >> bit) & 1 }
        }
    }

    @Test("16-byte codes agree with counting bits one by one", arguments: instructionSets)
    func shortCodes(instructionSet: cairn_isa) {
        for count in [0, 1, 7, 8, 9, 15, 16, 17, 40, 129] {
            let codes = ByteRows(.random, count: count, dimensions: 16, seed: UInt64(count + 1)).bytes
            let query = ByteRows(.random, count: 1, dimensions: 16, seed: 99).bytes
            let expected = (0..<count).map { naive(query[...], codes[($0 * 16)..<($0 * 16 + 16)]) }
            var distances = [UInt8](repeating: 200, count: count + 1)
            cairn_hamming_128(query, codes, count, &distances, instructionSet)
            #expect(distances.map(Int.init) == expected + [200])
        }
    }

    @Test("Codes of any multiple of 8 bytes agree with counting bits one by one", arguments: instructionSets)
    func otherLengths(instructionSet: cairn_isa) {
        for codeBytes in [8, 16, 24, 32, 56, 64, 72, 128, 136, 256] {
            let count = 21
            let codes = ByteRows(.random, count: count, dimensions: codeBytes, seed: UInt64(codeBytes)).bytes
            let query = ByteRows(.random, count: 1, dimensions: codeBytes, seed: 98).bytes
            let expected = (0..<count).map { naive(query[...], codes[($0 * codeBytes)..<(($0 + 1) * codeBytes)]) }
            var distances = [UInt16](repeating: 9_999, count: count + 1)
            cairn_hamming(query, codes, count, codeBytes, &distances, instructionSet)
            #expect(distances.map(Int.init) == expected + [9_999])
        }
    }

    @Test("More 16-byte codes than are widened at a time", arguments: instructionSets)
    func manyCodes(instructionSet: cairn_isa) {
        let count = 2_500
        let codes = ByteRows(.random, count: count, dimensions: 16, seed: 4).bytes
        let query = Array(codes[16..<32])
        var bytes = [UInt8](repeating: 0, count: count)
        var words = [UInt16](repeating: 0, count: count)
        cairn_hamming_128(query, codes, count, &bytes, instructionSet)
        cairn_hamming(query, codes, count, 16, &words, instructionSet)
        #expect(words == bytes.map(UInt16.init))
        #expect(words[1] == 0 && words[2_499] == UInt16(naive(query[...], codes[(2_499 * 16)...])))
    }

    @Test("Opposite codes differ in every bit", arguments: instructionSets)
    func extremes(instructionSet: cairn_isa) {
        let query = [UInt8](repeating: 0, count: 1024)
        let codes = [UInt8](repeating: 255, count: 1024)
        var near = [UInt8](repeating: 0, count: 64)
        cairn_hamming_128(query, codes, 64, &near, instructionSet)
        #expect(near == [UInt8](repeating: 128, count: 64))
        var far: [UInt16] = [0]
        cairn_hamming(query, codes, 1, 1024, &far, instructionSet)
        #expect(far == [8192])
    }
}
