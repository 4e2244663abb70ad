import CairnFormats
import Foundation
import Testing

@Suite struct NPYFileTests {
    @Test("Files of NumPy are read in either byte order, either index order and every version")
    func reading() throws {
        let halves: [Float] = [-1, -0.5, 0, 0.5, 1, 1.5]
        func read(_ name: String) throws -> NumericArray { try NPYFile.read(contentsOf: Fixture.path(name)) }
        let plain = try read("float32.npy")
        #expect(plain.shape == [2, 3] && plain.isContiguous)
        #expect(plain.floats() == halves)
        let big = try read("big-endian.npy")
        #expect(big.byteOrder == .big && !big.isContiguous && big.elementType == .float64)
        #expect(big.doubles() == halves.map(Double.init))
        let fortran = try read("fortran.npy")
        #expect(fortran.strides == [1, 2])
        #expect(try fortran.integers() == [0, 1, 2, 3, 4, 5])
        #expect(try read("half.npy").floats() == halves)
        #expect(try read("scalar.npy").shape == [])
        #expect(try read("scalar.npy").floats() == [2.5])
        for name in ["version2.npy", "version3.npy"] { #expect(try read(name).integers() == [0, 1, 2, 3, 4, 5]) }
    }

    @Test("Objects and records are refused as unsupported", arguments: ["objects.npy", "records.npy"])
    func refused(name: String) throws {
        #expect(try formatError { try NPYFile.read(contentsOf: Fixture.path(name)) }.kind == .unsupported)
    }

    @Test("What is written is byte for byte what NumPy writes")
    func writing() throws {
        try Fixture.withFolder { folder in
            let array = NumericArray([-1, -0.5, 0, 0.5, 1, 1.5], shape: [2, 3])
            try NPYFile.write(array, to: "\(folder)/a.npy")
            #expect(
                try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/a.npy"))) == Fixture.bytes("float32.npy"))
        }
    }

    @Test("Every type and order comes back from a file")
    func roundTrip() throws {
        try Fixture.withFolder { folder in
            let path = "\(folder)/a.npy"
            for array in [
                NumericArray([Int64](0..<6), shape: [3, 2]), NumericArray([Int32](-3..<3)),
                NumericArray([UInt8](0..<6), shape: [1, 6, 1]),
            ] {
                try NPYFile.write(array, to: path)
                let read = try NPYFile.read(contentsOf: path)
                #expect(read.shape == array.shape && read.elementType == array.elementType)
                #expect(try read.integers() == array.integers())
            }
            for name in ["fortran.npy", "big-endian.npy", "half.npy"] {
                let array = try NPYFile.read(contentsOf: Fixture.path(name))
                try NPYFile.write(array, to: path)
                let read = try NPYFile.read(contentsOf: path)
                #expect(read.isContiguous && read.doubles() == array.doubles() && read.shape == array.shape)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.npy"])
        }
    }

    @Test("Rows written one by one make one matrix, which is not there before it is finished")
    func rows() throws {
        try Fixture.withFolder { folder in
            let path = "\(folder)/rows.npy"
            var writer = try NPYRowWriter(path: path, columnCount: 300)
            let rows = (0..<1000).map { row in (0..<300).map { Float(row * 300 + $0) } }
            for row in rows { try writer.append(row) }
            #expect(writer.rowCount == 1000)
            #expect(!FileManager.default.fileExists(atPath: path))
            try writer.finish()
            let matrix = try NPYFile.read(contentsOf: path)
            #expect(matrix.shape == [1000, 300])
            #expect(matrix.floats() == rows.flatMap(\.self))
            let empty = try NPYRowWriter(path: path, columnCount: 2)
            try empty.finish()
            #expect(try NPYFile.read(contentsOf: path).shape == [0, 2])
        }
    }

    @Test("A row of the wrong length is refused, and nothing stays of an unfinished file")
    func wrongRow() throws {
        try Fixture.withFolder { folder in
            do {
                var writer = try NPYRowWriter(path: "\(folder)/rows.npy", columnCount: 3)
                var message = ""
                do { try writer.append([1, 2]) } catch { message = "\(error)" }
                #expect(message.contains("a row of 2"))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test("A file cut short or lengthened anywhere ends in an error")
    func truncation() throws {
        let bytes = try Fixture.bytes("float32.npy")
        for length in 0..<bytes.count {
            #expect(throws: FormatError.self) { try NPYFile.read(Array(bytes[..<length]).slice) }
        }
        #expect(throws: FormatError.self) { try NPYFile.read((bytes + [0]).slice) }
    }

    @Test("Impossible headers are refused")
    func headers() throws {
        let literals = [
            "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "{'descr': '<f4', 'fortran_order': False}",
            "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}",
            "{'descr': '<f3', 'fortran_order': False, 'shape': ()}",
            "{'descr': '<f4', 'fortran_order': Maybe, 'shape': ()}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (\(String(repeating: "1,", count: 100)))}", "[[[[", "",
            "{",
            "{'descr': __import__('os'), 'fortran_order': False, 'shape': ()}",
        ]
        for literal in literals {
            let length = literal.utf8.count
            let header: [UInt8] =
                [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(literal.utf8)
            #expect(throws: FormatError.self, "\(literal)") { try NPYFile.read((header + [0, 0, 0, 0]).slice) }
        }
        let long: [UInt8] = [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0x7F]
        #expect(try formatError { try NPYFile.read(long.slice) }.kind == .limitExceeded)
    }
}
