import CairnFormats
import Foundation
import Testing

@Suite struct SafetensorsFileTests {
    private func file(_ header: String, _ content: [UInt8] = []) -> ByteSlice {
        let count = UInt64(header.utf8.count)
        return ((0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8) + content).slice
    }

    private func error(_ header: String, _ content: [UInt8] = []) throws -> FormatError {
        try formatError { try SafetensorsFile(file(header, content)) }
    }

    @Test("A file of the safetensors library has its values, types and metadata")
    func reading() throws {
        let file = try SafetensorsFile(contentsOf: Fixture.path("state.safetensors"))
        #expect(file.metadata == ["format": "pt", "note": "é \"q\"\n"])
        #expect(file.names.count == 12)
        #expect(try file.array(named: "plain").floats() == (0..<12).map { Float($0) / 4 - 1 })
        #expect(try file.array(named: "half").floats() == [1.5, -0.25, 65504, 0x1p-24, .infinity])
        #expect(try file.array(named: "brain").elementType == .bfloat16)
        #expect(try file.array(named: "brain").floats() == [1.5, -0.25, 0x1p100])
        #expect(try file.array(named: "long").integers() == [1, -2, 1 << 40])
        #expect(try file.array(named: "flag").floats() == [1, 0])
        #expect(try file.array(named: "transposed").shape == [3, 2])
        #expect(try file.array(named: "scalar").shape == [])
        #expect(try formatError { try file.array(named: "x") }.kind == .notFound)
    }

    @Test("What is written comes back: values, types, shapes, metadata, odd names, strided views")
    func writing() throws {
        try Fixture.withFolder { folder in
            let source = try SafetensorsFile(contentsOf: Fixture.path("state.safetensors"))
            let tensors = try source.names.shuffled().map { (name: $0, array: try source.array(named: $0)) }
            try SafetensorsFile.write(tensors, to: "\(folder)/a.safetensors")
            let written = try SafetensorsFile(contentsOf: "\(folder)/a.safetensors")
            #expect(written.metadata.isEmpty)
            for name in source.names {
                let (old, new) = (try source.array(named: name), try written.array(named: name))
                #expect(old.doubles() == new.doubles() && old.shape == new.shape && old.elementType == new.elementType)
            }
            try SafetensorsFile.write(tensors, metadata: source.metadata, to: "\(folder)/b.safetensors")
            #expect(try SafetensorsFile(contentsOf: "\(folder)/b.safetensors").metadata == source.metadata)
            let view = try TorchFile(contentsOf: Fixture.path("archive.pth")).stateDictionary().array(
                named: "transposed")
            try SafetensorsFile.write([("é\"\\\n", view)], to: "\(folder)/c.safetensors")
            #expect(
                try SafetensorsFile(contentsOf: "\(folder)/c.safetensors").array(named: "é\"\\\n").floats() == [
                    0, 3, 1, 4, 2, 5,
                ])
            let twice = try formatError { try SafetensorsFile.write([("a", view), ("a", view)], to: "\(folder)/d") }
            #expect(twice.kind == .invalidArgument)
        }
    }

    @Test("A file cut short anywhere ends in an error")
    func truncation() throws {
        let bytes = try Fixture.bytes("state.safetensors")
        for length in 0..<bytes.count {
            #expect(throws: FormatError.self) { try SafetensorsFile(Array(bytes[..<length]).slice) }
        }
    }

    @Test("Overlaps, holes, doubled names, wrong sizes and offsets outside are each named")
    func layout() throws {
        func tensor(_ name: String, _ start: Int, _ end: Int, shape: String = "[4]") -> String {
            "\"\(name)\":{\"dtype\":\"U8\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
        }
        let content = [UInt8](repeating: 1, count: 8)
        #expect(
            try SafetensorsFile(file("{\(tensor("a", 0, 4)),\(tensor("b", 4, 8))}  ", content)).names == ["a", "b"])
        #expect(try error("{\(tensor("a", 0, 4)),\(tensor("b", 2, 6))}", content).message.contains("'b' overlaps"))
        #expect(try error("{\(tensor("a", 0, 4)),\(tensor("b", 5, 9))}", content).message.contains("'b' leaves a hole"))
        #expect(
            try error("{\(tensor("a", 0, 4)),\(tensor("b", 4, 8))}", content + [0]).message.contains(
                "belong to no tensor"))
        #expect(try error("{\(tensor("a", 0, 4)),\(tensor("a", 4, 8))}", content).message.contains("'a' twice"))
        #expect(try error("{\(tensor("a", 0, 8))}", content).message.contains("do not fit"))
        #expect(try error("{\(tensor("a", 0, 9, shape: "[9]"))}", content).message.contains("cut short"))
        #expect(try error("{\(tensor("a", 4, 0))}", content).kind == .invalidInput)
        #expect(
            try error("{\(tensor("a", 0, 8, shape: "[4611686018427387904,4611686018427387904]"))}", content).kind
                == .invalidInput)
        #expect(try error("{\(tensor("a", 0, 0, shape: "[0,999999999999999999]"))}").kind == .invalidInput)
        #expect(
            try error("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}", content).kind
                == .unsupported)
    }

    @Test("Headers that are too long, too deep or no JSON are refused")
    func headers() throws {
        #expect(try formatError { try SafetensorsFile([0, 0, 0, 0, 1, 0, 0, 0, 0x7B].slice) }.kind == .limitExceeded)
        #expect(
            try formatError { try SafetensorsFile([UInt8](repeating: 0xFF, count: 64).slice) }.kind == .limitExceeded)
        #expect(throws: FormatError.self) {
            try SafetensorsFile(file("{\"a\":" + String(repeating: "[", count: 1_000_000)))
        }
        let deep = "{" + String(repeating: "\"a\":{", count: 100_000)
        #expect(throws: FormatError.self) { try SafetensorsFile(file(deep)) }
        for header in [
            "", " {}", "[]", "{", "{}x", "{\"a\"}", "{\"a\":1}", "{\"__metadata__\":{\"a\":1}}", "{\"\\ud800\":{}}",
            "{\"\\x\":{}}", "{\"a\":{\"dtype\":\"U8\"}}", "{,}", "{\"a\n\":1}",
        ] {
            #expect(throws: FormatError.self, "\(header)") { try SafetensorsFile(file(header)) }
        }
        #expect(try SafetensorsFile(file("{}")).names.isEmpty)
    }

    @Test("Flipped bits in the header never crash the reader")
    func flips() throws {
        let bytes = try Fixture.bytes("state.safetensors")
        var generator = SeededGenerator(state: 1)
        var refusals = 0
        for _ in 0..<4000 {
            var damaged = bytes
            damaged[Int.random(in: 0..<bytes.count, using: &generator)] ^=
                1 << UInt8.random(in: 0..<8, using: &generator)
            do {
                let file = try SafetensorsFile(damaged.slice)
                for name in file.names { _ = try file.array(named: name).floats() }
            } catch {
                refusals += 1
            }
        }
        #expect(refusals > 1000)
    }
}
