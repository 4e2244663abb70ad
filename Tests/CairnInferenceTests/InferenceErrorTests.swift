import CairnCore
import Foundation
import Testing

@testable import CairnInference

@Suite("Inference errors")
struct InferenceErrorTests {
    private func failure(of body: () throws -> Void) throws -> InferenceError {
        try #require(throws: InferenceError.self, performing: body)
    }

    @Test("an operator that OpenVINO does not have is named, and its long text is the cause")
    func unsupported() throws {
        for inMemory in [false, true] {
            let error = try failure {
                if inMemory {
                    _ = try NeuralModel(onnx: Fixtures.bytes("unsupported.onnx"), engine: Fixtures.engine())
                } else {
                    _ = try Fixtures.model("unsupported.onnx")
                }
            }
            #expect(error.code == .unsupportedOperator)
            #expect(error.kind == .unsupported)
            #expect(error.message.contains("has no operator example.invalid.Sharpen"), "\(error.message)")
            #expect((error.cause as? OpenVINOFailure)?.text.contains("Exception from") == true)
            #expect(!error.description.contains("Exception from"))
        }
    }

    @Test(
        "a model cut short anywhere, garbage, and nothing are refused",
        arguments: [
            "conv_pool.onnx", "quantized.onnx", "two_by_two.onnx",
        ])
    func truncated(name: String) throws {
        let engine = try Fixtures.engine()
        let whole = try Fixtures.bytes(name)
        for length in stride(from: 0, to: whole.count, by: max(1, whole.count / 37)) {
            let error = try failure {
                _ = try NeuralModel(onnx: Array(whole.prefix(length)), name: name, engine: engine)
            }
            #expect([.notAModel, .invalidModel].contains(error.code), "\(length) bytes: \(error)")
            #expect(error.message.contains(name) && error.message.count < 500, "\(error.message)")
        }
        var seed: UInt64 = 7
        let noise = (0..<4096).map { _ in
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: seed >> 33)
        }
        #expect(try failure { _ = try NeuralModel(onnx: noise, engine: engine) }.code == .notAModel)
    }

    @Test("a model with bytes changed at random runs or is refused, and never ends the process")
    func mutated() throws {
        let engine = try Fixtures.engine()
        let whole = try Fixtures.bytes("conv_pool.onnx")
        var generator = SeededGenerator(state: 11)
        for _ in 0..<80 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            do throws(InferenceError) {
                let model = try NeuralModel(onnx: bytes, engine: engine)
                _ = try model.inferBlocking(Fixtures.ramp([1, 3, 8, 8]))
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
    }

    @Test("files that are not there, or not models, are told apart")
    func files() throws {
        #expect(try failure { _ = try Fixtures.model("nothing.onnx") }.code == .modelNotFound)
        #expect(try failure { _ = try Fixtures.model("goldens.json") }.code == .notAModel)
        #expect(try failure { _ = try Fixtures.model("") }.code == .notAModel)
        try Fixtures.withTemporaryFolder { folder in
            for (name, text) in [("a.onnx", "hello"), ("b.xml", "<net name="), ("c.onnx", "")] {
                try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
                let error = try failure {
                    _ = try NeuralModel(contentsOf: folder + "/" + name, engine: Fixtures.engine())
                }
                #expect(error.code == .notAModel && error.message.contains(name), "\(error)")
            }
        }
    }

    @Test("inputs of the wrong shape, type, number or name are refused with expected and actual")
    func inputs() throws {
        let model = try Fixtures.model("conv_pool.onnx", InferenceConfiguration(shapes: .fixed))
        let cases: [([InferenceInput], String)] = [
            ([Fixtures.ramp([1, 4, 8, 8])], "takes image: float32 ?x3x?x?, not float32 1x4x8x8"),
            ([Fixtures.ramp([3, 8, 8])], "not float32 3x8x8"), ([Fixtures.ramp([0, 3, 8, 8])], "not float32 0x3x8x8"),
            ([Fixtures.photo(8, 8)], "not uint8 1x8x8x3"), ([], "has 1 inputs"),
            ([Fixtures.ramp([1, 3, 8, 8]), Fixtures.ramp([1, 3, 8, 8])], "and 2 were given"),
            ([Fixtures.ramp([1, 3, 8, 8], name: "photo")], "no input “photo”; it has image"),
            ([InferenceInput([1, 2, 3] as [Float], shape: [1, 3, 8, 8])], "3 elements given for image"),
            ([InferenceInput([1] as [Float], shape: [1, 3, .max, 2])], "1 elements given for image"),
        ]
        for (inputs, words) in cases {
            let error = try failure { _ = try model.inferBlocking(inputs) }
            #expect(error.code == .wrongInput && error.kind == .invalidArgument)
            #expect(error.message.contains(words), "\(error.message)")
        }
        #expect(model.compiledCount == 0, "something was compiled for an input that cannot be")
        let two = try Fixtures.model("two_by_two.onnx")
        let twice = [Fixtures.ramp([2, 4], name: "left"), Fixtures.ramp([2, 4], name: "left")]
        #expect(try failure { _ = try two.inferBlocking(twice) }.message.contains("two tensors were given for left"))
    }

    @Test(
        "shapes that fit the inputs and not each other are refused, and the model goes on working",
        arguments: InferenceConfiguration.ShapePolicy.allCases)
    func inconsistent(policy: InferenceConfiguration.ShapePolicy) async throws {
        let model = try Fixtures.model("two_by_two.onnx", InferenceConfiguration(shapes: policy))
        let error = try failure { _ = try model.inferBlocking([Fixtures.ramp([2, 4]), Fixtures.ramp([3, 4])]) }
        #expect([.wrongInput, .failure].contains(error.code))
        await #expect(throws: InferenceError.self) {
            try await model.infer([Fixtures.ramp([2, 4]), Fixtures.ramp([3, 4])])
        }
        #expect(try await model.infer([Fixtures.ramp([2, 4]), Fixtures.ramp([2, 4])])[0].shape == [2, 3])
    }

    @Test("a cache folder that cannot be made is refused")
    func cacheFolder() throws {
        let model = try Fixtures.model("conv_pool.onnx", InferenceConfiguration(cacheDirectory: "/proc/none/here"))
        let error = try failure { _ = try model.inferBlocking(Fixtures.ramp([1, 3, 8, 8])) }
        #expect(error.code == .invalidConfiguration && error.message.contains("/proc/none/here"))
    }

    @Test("OpenVINO's text is cut down to its last sentences")
    func summary() {
        let text = """
            Exception from src/inference/src/cpp/core.cpp:105:
            Check 'rank.compatible(filters)' failed at src/core/shape.hpp:299:
            While validating node 'opset1::Convolution conv':
            Data batch and filters rank do not match.

            """
        let failure = OpenVINOFailure(status: -1, text: text)
        #expect(failure.summary == "Data batch and filters rank do not match.")
        #expect(failure.unsupportedOperators.isEmpty)
        let missing = OpenVINOFailure(status: -1, text: "x\n-- No conversion rule found for operations: a.B, C\n")
        #expect(missing.unsupportedOperators == ["a.B", "C"])
        let library = OpenVINOFailure(status: -1, text: "Cannot load library \"/x/libopenvino_intel_cpu_plugin.so\"")
        #expect(InferenceError(.invalidModel, "m", library).code == .libraryMissing)
    }
}
