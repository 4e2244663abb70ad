import CairnFormats
import Testing

@Suite struct TorchFileTests {
    @Test(
        "Every tensor of torch's archive and legacy form has the values that were saved",
        arguments: ["archive.pth", "legacy.pth"])
    func values(name: String) throws {
        let file = try TorchFile(contentsOf: Fixture.path(name))
        #expect(file.form == (name == "archive.pth" ? .archive : .legacy))
        #expect(file.value["epoch"]?.integerValue == 3)
        #expect(file.value["arch"]?.stringValue == "test")
        #expect(file.value["meta"]?["mean"]?.elements?.compactMap(\.doubleValue) == [0.5, 0.25])
        #expect(file.value["meta"]?["size"]?.elements?.compactMap(\.integerValue) == [2, 3])
        let state = try file.stateDictionary()
        #expect(state.path == ["state_dict"])
        #expect(
            state.names == [
                "plain", "half", "brain", "double", "long", "byte", "flag", "transposed", "row", "scalar", "empty",
                "parameter",
            ])
        func floats(_ name: String) throws -> [Float] { try state.array(named: name).floats() }
        let plain = try state.array(named: "plain")
        #expect(plain.shape == [3, 4] && plain.elementType == .float32 && plain.isContiguous)
        #expect(plain.floats() == (0..<12).map { Float($0) / 4 - 1 })
        #expect(try floats("half") == [1.5, -0.25, 65504, 0x1p-24, .infinity])
        #expect(try state.array(named: "half").elementType == .float16)
        #expect(try floats("brain") == [1.5, -0.25, 0x1p100])
        #expect(try state.array(named: "double").doubles() == [0.1, -2.5])
        #expect(try state.array(named: "long").integers() == [1, -2, 1 << 40])
        #expect(try state.array(named: "byte").integers() == [0, 127, 255])
        #expect(try floats("flag") == [1, 0])
        let transposed = try state.array(named: "transposed")
        #expect(transposed.shape == [3, 2] && !transposed.isContiguous)
        #expect(transposed.floats() == [0, 3, 1, 4, 2, 5])
        #expect(try floats("row") == [0, 0.25, 0.5, 0.75])
        #expect(try state.array(named: "scalar").shape == [])
        #expect(try state.array(named: "scalar").integers() == [7])
        #expect(try state.array(named: "empty").shape == [0, 3])
        #expect(try floats("empty").isEmpty)
        #expect(try floats("parameter") == [2, 3])
        #expect(try formatError { try state.array(named: "absent") }.kind == .notFound)
    }

    @Test("A whole pickled module is refused by its class's name, with what to do instead")
    func module() throws {
        let error = try formatError { try TorchFile(contentsOf: Fixture.path("module.pth")) }
        #expect(error.kind == .unsupported)
        #expect(error.message.contains("torch.nn.modules.linear.Linear") && error.message.contains("state_dict"))
    }

    @Test("Nested dictionaries give dotted names, and what is no array is left out")
    func nested() throws {
        let array = PickleValue.array(NumericArray([1, 2] as [Float]))
        let inner = try Pickle.load(contentsOf: Fixture.path("truth4.pkl"))
        #expect(try StateDictionary(inner).names == ["fortran", "big"])
        #expect(try formatError { try StateDictionary(array) }.kind == .unsupported)
    }

    @Test("A file cut short anywhere ends in an error", arguments: ["archive.pth", "legacy.pth", "convolution.pth"])
    func truncation(name: String) throws {
        let bytes = try Fixture.bytes(name)
        for length in 0..<bytes.count {
            #expect(throws: FormatError.self) { try TorchFile(Array(bytes[..<length]).slice) }
        }
    }

    @Test(
        "Flipped bits end in an error or in arrays within the file, never in a crash",
        arguments: ["archive.pth", "legacy.pth"])
    func flips(name: String) throws {
        let bytes = try Fixture.bytes(name)
        var generator = SeededGenerator(state: 7)
        var refusals = 0
        for _ in 0..<4000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                damaged[Int.random(in: 0..<bytes.count, using: &generator)] ^=
                    1 << UInt8.random(in: 0..<8, using: &generator)
            }
            do {
                let state = try TorchFile(damaged.slice).stateDictionary()
                for name in state.names { _ = try state.array(named: name).floats() }
            } catch {
                refusals += 1
            }
        }
        #expect(refusals > 1000)
    }
}
