import CairnCheckpoints
import CairnFormats
import CairnNN
import Foundation
import Testing

@Suite struct CheckpointTests {
    /// A checkpoint of its own in a folder that is gone after `body`.
    private func withCheckpoint(
        _ tensors: [(name: String, array: NumericArray)], _ body: (Checkpoint) throws -> Void
    ) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-\(UUID().uuidString).bin").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try SafetensorsFile.write(tensors, metadata: ["format": "pt"], to: path)
        try body(Checkpoint(contentsOf: path))
    }

    private func spec(_ name: String, _ shape: Shape) -> ParameterSpec {
        ParameterSpec(name: name, shape: shape, role: .weight, initializer: .constant(0))
    }

    private func failure(_ body: () throws -> some Any) throws -> CheckpointError {
        var thrown: (any Error)?
        do { _ = try body() } catch { thrown = error }
        return try #require(thrown as? CheckpointError)
    }

    private let tensors: [(name: String, array: NumericArray)] = [
        ("conv.weight", NumericArray([1, 2, 3, 4] as [Float], shape: [2, 2])),
        ("conv.bias", NumericArray([5, 6] as [Float])),
        ("bn.num_batches_tracked", NumericArray([9] as [Int64], shape: [])),
        ("fc.weight", NumericArray([7, 8] as [Float], shape: [1, 2])), ("fc.bias", NumericArray([9] as [Float])),
    ]

    @Test("A checkpoint that fits gives each parameter; the format is told by content")
    func fitting() throws {
        try withCheckpoint(tensors) { checkpoint in
            #expect(checkpoint.format == .safetensors && checkpoint.metadata == ["format": "pt"])
            let specs = [
                spec("conv.weight", [2, 2]), spec("conv.bias", [2]), spec("fc.weight", [1, 2]), spec("fc.bias", [1]),
            ]
            let parameters = try checkpoint.parameters(for: specs + specs)
            #expect(parameters.names == ["conv.bias", "conv.weight", "fc.bias", "fc.weight"])
            #expect(try parameters.floats(for: specs[0]) == [1, 2, 3, 4])
            #expect(try failure { try parameters.floats(for: spec("conv.weight", [4])) }.kind == .invalidInput)
            #expect(try failure { try parameters.floats(for: spec("x", [4])) }.kind == .notFound)
        }
    }

    @Test("One error lists what is missing, unused and mismatched, with shapes")
    func faults() throws {
        try withCheckpoint(tensors) { checkpoint in
            let specs = [spec("conv.weight", [2, 3]), spec("conv.bias", [2]), spec("conv.scale", [7])]
            let error = try failure { try checkpoint.parameters(for: specs) }
            #expect(error.kind == .invalidInput)
            #expect(
                error.message.hasSuffix(
                    "does not fit the model: 1 missing (conv.scale [7]); 2 unused (fc.bias [1], fc.weight [1, 2]); "
                        + "1 mismatched (conv.weight is [2, 2], the model has [2, 3])"), "\(error)")
        }
    }

    @Test("Of many faults eight are shown, and how many more there are")
    func manyFaults() throws {
        try withCheckpoint([("a", NumericArray([1] as [Float]))]) { checkpoint in
            let specs = [spec("a", [1])] + (0..<20).map { spec("layer\($0)", [1]) }
            let message = try failure { try checkpoint.parameters(for: specs) }.message
            #expect(message.contains("20 missing (layer0 [1]") && message.contains("layer7 [1], and 12 more)"))
            #expect(!message.contains("layer8"))
        }
    }

    @Test("An ignored head is left out on both sides")
    func ignoringHead() throws {
        try withCheckpoint(tensors) { checkpoint in
            let body = [spec("conv.weight", [2, 2]), spec("conv.bias", [2])]
            let configuration = LoadingConfiguration.ignoringHead(["fc.*"])
            #expect(try checkpoint.parameters(for: body, configuration: configuration).names.count == 2)
            let other = spec("fc.weight", [100, 2])
            let match = try CheckpointMatch(checkpoint, with: body + [other], configuration: configuration)
            #expect(match.isComplete && match.ignored == ["fc.weight"])
            #expect(try !match.parameters().contains("fc.weight"))
            let exact = LoadingConfiguration.ignoringHead(["fc.weight"])
            #expect(try CheckpointMatch(checkpoint, with: body, configuration: exact).unused == ["fc.bias"])
            var strict = LoadingConfiguration.ignoringHead(["fc.*"])
            strict.toleratesBatchCounters = false
            #expect(
                try CheckpointMatch(checkpoint, with: body, configuration: strict).unused == ["bn.num_batches_tracked"])
        }
    }

    @Test("A common prefix is named in the error, and comes off when asked")
    func prefix() throws {
        try withCheckpoint([("module.a", NumericArray([1] as [Float])), ("module.b", NumericArray([2] as [Float]))]) {
            checkpoint in
            let specs = [spec("a", [1]), spec("b", [1])]
            let hinted = try failure { try checkpoint.parameters(for: specs) }
            #expect(hinted.message.contains("begin with 'module.'"))
            var configuration = LoadingConfiguration()
            configuration.strippedPrefixes = ["module."]
            #expect(try checkpoint.parameters(for: specs, configuration: configuration).floats(for: specs[1]) == [2])
        }
        try withCheckpoint([("module.a", NumericArray([1] as [Float])), ("a", NumericArray([2] as [Float]))]) {
            checkpoint in
            var configuration = LoadingConfiguration()
            configuration.strippedPrefixes = ["module."]
            let doubled = try failure { try checkpoint.parameters(for: [], configuration: configuration) }
            #expect(doubled.message.contains("are both 'a'"))
        }
    }

    @Test("What is no checkpoint is refused with its path, and a file of torch that lacks an end too")
    func refused() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-\(UUID().uuidString).pth").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try failure { try Checkpoint(contentsOf: path) }.kind == .notFound)
        for bytes: [UInt8] in [
            [], Array("hello world, hello".utf8), [0x50, 0x4B, 3, 4, 0], [0x80, 2, 0x2E],
            [0x80, 0, 0, 0, 0, 0, 0, 0, 0x7B],
        ] {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(try failure { try Checkpoint(contentsOf: path) }.message.contains(path))
        }
    }

    @Test("A loading configuration with an unknown setting is refused")
    func configuration() throws {
        let decoder = JSONDecoder()
        let some = try decoder.decode(LoadingConfiguration.self, from: Data(#"{"ignoredNames":["fc.*"]}"#.utf8))
        #expect(some == .ignoringHead(["fc.*"]))
        #expect(throws: (any Error).self) {
            try decoder.decode(LoadingConfiguration.self, from: Data(#"{"ignored":[]}"#.utf8))
        }
    }

    @Test(
        "A checkpoint named by CAIRN_TEST_CHECKPOINT opens, and all of its arrays convert",
        .enabled(if: ProcessInfo.processInfo.environment["CAIRN_TEST_CHECKPOINT"] != nil))
    func given() throws {
        let checkpoint = try Checkpoint(
            contentsOf: #require(ProcessInfo.processInfo.environment["CAIRN_TEST_CHECKPOINT"]))
        var sum = 0.0
        var count = 0
        for name in checkpoint.names {
            let array = try checkpoint.array(named: name)
            count += array.count
            sum += array.floats().reduce(0) { $0 + Double($1) }
        }
        print(
            "\(checkpoint.format): \(checkpoint.names.count) arrays, \(count) elements, sum \(sum), first \(checkpoint.names.prefix(3))"
        )
        #expect(count > 0)
    }
}
