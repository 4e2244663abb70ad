import CairnCore
import Glibc
import Testing

@testable import CairnFormats

@Suite struct NumericArrayTests {
    @Test("Every half precision number converts as the definition says")
    func halves() {
        for bits in UInt16.min ... .max {
            let sign: Double = bits & 0x8000 == 0 ? 1 : -1
            let exponent = Int(bits >> 10 & 0x1F)
            let fraction = Double(bits & 0x3FF)
            let value = NumericArray.float(half: bits)
            if exponent == 31 {
                #expect(fraction == 0 ? Double(value) == sign * .infinity : value.isNaN)
            } else {
                let scale = Double(sign: .plus, exponent: max(exponent, 1) - 25, significand: 1)
                let expected = sign * (fraction + (exponent == 0 ? 0 : 1024)) * scale
                #expect(Double(value) == expected && (value.sign == .minus) == (sign < 0))
            }
        }
    }

    @Test("Every element type converts to floats, and the whole ones to integers")
    func types() throws {
        func array(_ type: ElementType, _ bytes: [UInt8]) throws -> NumericArray {
            try NumericArray(type, shape: [2], bytes: ByteStorage(copying: bytes).all, what: "a")
        }
        #expect(try array(.int8, [0xFF, 5]).floats() == [-1, 5])
        #expect(try array(.uint8, [0xFF, 5]).floats() == [255, 5])
        #expect(try array(.int16, [0xFE, 0xFF, 0, 1]).floats() == [-2, 256])
        #expect(try array(.uint16, [0xFE, 0xFF, 0, 1]).floats() == [65534, 256])
        #expect(try array(.int32, [0xFD, 0xFF, 0xFF, 0xFF, 0, 0, 1, 0]).floats() == [-3, 65536])
        #expect(try array(.uint32, [0, 0, 0, 0x80, 0, 0, 1, 0]).floats() == [0x1p31, 65536])
        #expect(try array(.bool, [2, 0]).integers() == [1, 0])
        let wide = try array(.uint64, [UInt8](repeating: 0xFF, count: 8) + [1, 0, 0, 0, 0, 0, 0, 0])
        #expect(wide.floats() == [0x1p64, 1])
        #expect(try formatError { try wide.integers() }.kind == .invalidInput)
        #expect(try formatError { try NumericArray([1.5] as [Float]).integers() }.kind == .invalidInput)
    }

    @Test("A view of three dimensions in any order of strides is read in row-major order")
    func strided() throws {
        let base = ByteStorage(copying: [UInt8](0..<24))
        let view = try NumericArray(.uint8, shape: [2, 3, 4], strides: [1, 2, 6], bytes: base.all, what: "a")
        var expected: [Int64] = []
        for i in 0..<2 { for j in 0..<3 { for k in 0..<4 { expected.append(Int64(i + 2 * j + 6 * k)) } } }
        #expect(try view.integers() == expected)
        #expect(view.withUnsafeBytes { $0.count } == nil)
        let row = try NumericArray(.uint8, shape: [1, 4], strides: [999, 1], bytes: base.all, what: "a")
        #expect(row.withUnsafeBytes { Array($0) } == [0, 1, 2, 3])
    }

    @Test("An array keeps its mapped file, even when the file's name is gone")
    func lifetime() throws {
        try Fixture.withFolder { folder in
            let path = "\(folder)/a.npy"
            try NPYFile.write(NumericArray([1, 2] as [Float]), to: path)
            let array = try NPYFile.read(contentsOf: path)
            #expect(unlink(path) == 0)
            #expect(array.floats() == [1, 2])
        }
    }
}
