import CairnFormats
import Foundation
import Testing

@Suite struct VectorFileTests {
    @Test("Vectors of each kind make a matrix without their dimensions")
    func reading() throws {
        let floats: [UInt8] = [
            2, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 2, 0, 0, 0, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0xBF,
        ]
        let matrix = try VectorFile.read(floats.slice, kind: .fvecs)
        #expect(matrix.shape == [2, 2])
        #expect(matrix.floats() == [1, 2, 3, -1])
        let bytes: [UInt8] = [3, 0, 0, 0, 1, 2, 255, 3, 0, 0, 0, 4, 5, 6]
        #expect(try VectorFile.read(bytes.slice, kind: .bvecs).integers() == [1, 2, 255, 4, 5, 6])
        let integers: [UInt8] = [1, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF]
        #expect(try VectorFile.read(integers.slice, kind: .ivecs).integers() == [7, -2])
        #expect(try VectorFile.read([UInt8]().slice, kind: .fvecs).shape == [0, 0])
    }

    @Test("The kind is the name's extension; another name needs it said")
    func kind() throws {
        try Fixture.withFolder { folder in
            let path = "\(folder)/a.bvecs"
            try Data([2, 0, 0, 0, 8, 9]).write(to: URL(fileURLWithPath: path))
            #expect(try VectorFile.read(contentsOf: path).integers() == [8, 9])
            #expect(try formatError { try VectorFile.read(contentsOf: "\(folder)/a.bin") }.kind == .invalidArgument)
            #expect(try formatError { try VectorFile.read(contentsOf: "\(folder)/b.bvecs") }.kind == .notFound)
            #expect(try formatError { try VectorFile.read(contentsOf: folder, kind: .bvecs) }.kind == .invalidInput)
        }
    }

    @Test("Dimensions that differ, make no sense or do not fill the file are errors")
    func damaged() {
        for bytes: [UInt8] in [
            [2, 0, 0, 0, 1, 2, 3, 0, 0, 0, 1, 2], [0, 0, 0, 0], [255, 255, 255, 255, 1], [255, 255, 255, 127, 1],
            [2, 0, 0, 0, 1],
            [2, 0],
        ] {
            #expect(throws: FormatError.self) { try VectorFile.read(bytes.slice, kind: .bvecs) }
        }
    }
}
