import CairnFormats
import Testing

/// Pickles that no honest program writes, by hand: after Python's `pickletools`.
@Suite struct HostilePickleTests {
    private func load(_ text: String, limits: PickleLimits = PickleLimits()) throws -> PickleValue {
        try load(Array(text.utf8), limits: limits)
    }

    private func load(_ body: [UInt8], limits: PickleLimits = PickleLimits()) throws -> PickleValue {
        try Pickle.load(([0x80, 2] + body).slice, limits: limits)
    }

    @Test("A call of os.system is refused by its name")
    func system() throws {
        let error = try formatError { try load("cos\nsystem\nX\u{4}\0\0\0true\u{85}R.") }
        #expect(error.kind == .unsupported && error.message.contains("'os.system'"))
    }

    @Test("So are other names that run code, in protocol 4's way too")
    func globals() throws {
        for (module, name) in [
            ("builtins", "eval"), ("torch", "load"), ("numpy", "load"), ("posix", "system"), ("collections", "Counter"),
        ] {
            let direct = try formatError { try load("c\(module)\n\(name)\n.") }
            #expect(direct.message.contains("'\(module).\(name)'"))
            var body = [UInt8(0x8C), UInt8(module.utf8.count)] + Array(module.utf8)
            body += [0x8C, UInt8(name.utf8.count)] + Array(name.utf8) + [0x93, 0x2E]
            #expect(try formatError { try load(body) }.message.contains("'\(module).\(name)'"))
        }
    }

    @Test("Instructions that no data needs are refused by their names")
    func opcodes() throws {
        let cases: [(UInt8, String)] = [
            (0x69, "INST"), (0x6F, "OBJ"), (0x82, "EXT1"), (0x50, "PERSID"), (0x92, "NEWOBJ_EX"), (0x97, "NEXT_BUFFER"),
            (0x98, "READONLY_BUFFER"), (0x49, "INT"), (0x51, "BINPERSID"),
        ]
        for (code, name) in cases {
            let error = try formatError { try load([0x4E, code, 0x2E]) }
            #expect(error.kind == .unsupported && error.message.contains(name), "\(error)")
        }
        #expect(try formatError { try load([0xFF]) }.kind == .invalidInput)
    }

    @Test("Deep nesting ends at the limit, whichever way it is built")
    func nesting() throws {
        let depth = 1_000_000
        let tuples = [0x29] + [UInt8](repeating: 0x85, count: depth) + [0x2E]
        #expect(try formatError { try load(tuples) }.kind == .limitExceeded)
        let inward = [UInt8](repeating: 0x5D, count: depth) + [UInt8](repeating: 0x61, count: depth - 1) + [0x2E]
        #expect(try formatError { try load(inward) }.kind == .limitExceeded)
        // Each new list goes into the one before: the chain grows from the top, when depths are not known yet.
        var outward: [UInt8] = [0x5D, 0x71, 0]
        for _ in 0..<100_000 { outward += [0x5D, 0x71, 1, 0x61, 0x30, 0x68, 1] }
        outward += [0x30, 0x68, 0, 0x2E]
        #expect(try formatError { try load(outward) }.kind == .limitExceeded)
        let marks = [UInt8](repeating: 0x28, count: depth) + [0x2E]
        #expect(try formatError { try load(marks) }.kind == .invalidInput)
    }

    @Test("Nesting that shared lists add up to is limited as well")
    func sharedNesting() throws {
        // Lists 0...199, each deep by one more than the list before it, which it holds; all of them in one list.
        var body: [UInt8] = [0x5D, 0x5D, 0x71, 0, 0x61]
        for number in UInt8(1)..<200 {
            body += [0x5D, 0x71, number, 0x68, number - 1, 0x61, 0x61]
        }
        #expect(try formatError { try load(body + [0x2E]) }.kind == .limitExceeded)
    }

    @Test("A list that holds itself is refused")
    func cycle() throws {
        #expect(try formatError { try load([0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E]) }.message.contains("holds itself"))
    }

    @Test("A thousand million references to one list are shared, not copied")
    func references() throws {
        // 30 lists, each of two references to the list before.
        var body: [UInt8] = [0x5D, 0x71, 0]
        for number in UInt8(1)...30 {
            body += [0x30, 0x5D, 0x28, 0x68, number - 1, 0x68, number - 1, 0x65, 0x71, number]
        }
        let value = try load(body + [0x2E])
        #expect(value.elements?.count == 2)
        // As dictionaries in a state dictionary they would be names without end.
        var nested: [UInt8] = [0x7D, 0x71, 0]
        for number in UInt8(1)...30 {
            nested += [0x30, 0x7D, 0x28, 0x4B, 0, 0x68, number - 1, 0x4B, 1, 0x68, number - 1, 0x75, 0x71, number]
        }
        let dictionary = try load(nested + [0x2E])
        #expect(try formatError { try StateDictionary(dictionary) }.kind == .limitExceeded)
    }

    @Test("Huge counts end in an error before anything is allocated")
    func counts() throws {
        let huge = [UInt8](repeating: 0xFF, count: 8)
        for code: UInt8 in [0x8D, 0x8E, 0x96, 0x95] { #expect(throws: FormatError.self) { try load([code] + huge) } }
        for code: UInt8 in [0x58, 0x42, 0x54, 0x8B] {
            #expect(throws: FormatError.self) { try load([code] + huge.prefix(4)) }
        }
        let plausible: [UInt8] = [0, 0, 0, 0, 0, 1, 0, 0]
        #expect(throws: FormatError.self) { try load([0x8E] + plausible) }
        #expect(throws: FormatError.self) { try load([0x6A] + huge.prefix(4) + [0x2E]) }
    }

    @Test("An array of a shape beyond its data is refused, at products beyond 64 bits too")
    func shapes() throws {
        let type = "cnumpy\ndtype\nX\u{2}\0\0\0u1\u{85}R"
        for shape in ["K\u{2}\u{85}", "J\u{7F}\u{7F}\u{7F}\u{7F}q\0h\0h\0\u{87}", "J\0\0\0\u{40}q\0h\0\u{86}"] {
            let text =
                "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u{85}U\u{1}b\u{87}R(K\u{1}" + shape + type
                + "\u{89}U\u{1}xtb."
            let body = text.unicodeScalars.map { UInt8($0.value) }
            let error = try formatError { try load(body) }
            #expect(error.kind == .invalidInput && error.message.contains("shape"), "\(error)")
        }
    }

    @Test("Text that is decoded again and again runs into the limit on memory")
    func amplification() throws {
        var limits = PickleLimits()
        limits.byteCount = 1 << 20
        let text = [UInt8](repeating: 0x61, count: 1000)
        var body: [UInt8] = Array("c_codecs\nencode\n".utf8) + [0x71, 0, 0x58, 0xE8, 3, 0, 0] + text
        body += Array("X".utf8) + [6, 0, 0, 0] + Array("latin1".utf8) + [0x86, 0x71, 1]
        for _ in 0..<2000 { body += [0x68, 0, 0x68, 1, 0x52, 0x30] }
        #expect(try formatError { try load(body, limits: limits) }.kind == .limitExceeded)
    }

    @Test("More objects than the limit are refused")
    func objects() throws {
        var limits = PickleLimits()
        limits.operationCount = 1000
        #expect(
            try formatError { try load([UInt8](repeating: 0x4E, count: 2000), limits: limits) }.kind == .limitExceeded)
    }

    @Test("Operands that are not there or of the wrong kind are errors")
    func operands() throws {
        for body in [
            "a.", "0.", "1.", "t.", "R.", "b.", "s.", "\u{85}.", "Na.", "NN.", "(N.", "}(Nu.", "K\u{1}K\u{2}R.", "NNb.",
            "]}Na.",
        ] {
            let bytes = body.unicodeScalars.map { UInt8($0.value) }
            #expect(throws: FormatError.self, "\(body)") { try load(bytes) }
        }
        #expect(try formatError { try Pickle.load(Array("(lp0\n.".utf8).slice) }.kind == .unsupported)
    }
}
