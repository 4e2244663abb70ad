import CairnCore
import Foundation
import Testing

@testable import CairnInference

@Suite("Neural model")
struct NeuralModelTests {
    @Test(
        "a model of free batch, height and width answers as ONNX Runtime does at every size",
        arguments: [
            [1, 3, 24, 32], [1, 3, 17, 9], [2, 3, 8, 8],
        ])
    func convolution(shape: [Int]) async throws {
        let golden = try Fixtures.golden("conv_pool \(shape.map(String.init).joined(separator: "x"))")
        for policy in InferenceConfiguration.ShapePolicy.allCases {
            let model = try Fixtures.model("conv_pool.onnx", InferenceConfiguration(shapes: policy))
            try expect(model.inferBlocking(Fixtures.ramp(shape))["descriptor"], near: golden["descriptor"])
            try await expect(model.infer(Fixtures.ramp(shape))["descriptor"], near: golden["descriptor"])
        }
    }

    @Test("inputs and outputs are described with name, type and free sides")
    func descriptions() throws {
        let plain = try Fixtures.model("conv_pool.onnx")
        #expect(plain.inputs.map(\.description) == ["image: float32 ?x3x?x?"])
        #expect(plain.outputs.map(\.description) == ["descriptor: float32 ?x8"])
        let image = try Fixtures.model("conv_pool.onnx", preprocessing: .imageNet)
        #expect(image.inputs.map(\.description) == ["image: uint8 ?x?x?x3"])
        #expect(image.name == "conv_pool.onnx")
    }

    @Test("two inputs go by place or by name, and two outputs come by both, integers as floats")
    func twoByTwo() throws {
        let model = try Fixtures.model("two_by_two.onnx")
        let golden = try Fixtures.golden("two_by_two")
        let left = Fixtures.ramp([2, 4])
        let right = InferenceInput(Fixtures.values([2, 4]).map { $0 * 2 - 1 }, shape: [2, 4])
        let outputs = try model.inferBlocking([left, right])
        #expect(outputs.names == ["projected", "best"])
        try expect(outputs["projected"], near: golden["projected"])
        try expect(outputs[1], near: golden["best"])
        #expect(outputs["other"] == nil)
        var (named, other) = (right, left)
        named.name = "right"
        other.name = "left"
        #expect(try model.inferBlocking([named, other]).map(\.values) == outputs.map(\.values))
    }

    @Test("an int8 model with quantisation nodes stays within one step of ONNX Runtime")
    func quantized() throws {
        let golden = try Fixtures.golden("quantized 24x32")
        let output = try Fixtures.model("quantized.onnx").inferBlocking(Fixtures.ramp([1, 3, 24, 32]))
        // 0.01 is the scale of the activations; sums that fall on the border of a step may round either way.
        try expect(output[0], near: golden["descriptor"], within: 0.002)
    }

    @Test("brain floats keep two to three digits, and the model says which arithmetic it got")
    func brainFloats() throws {
        let model = try Fixtures.model("conv_pool.onnx", InferenceConfiguration(precision: .bfloat16))
        let golden = try Fixtures.golden("conv_pool 1x3x24x32")
        let input = Fixtures.ramp([1, 3, 24, 32])
        let output = try model.inferBlocking(input)
        try expect(output[0], near: golden["descriptor"], within: 0.02)
        let compiled = try model.compiledModel(forShapes: [[1, 3, 24, 32]])
        if try Fixtures.engine().hasNativeBFloat16 {
            #expect(compiled.precision == .bfloat16)
            let exact = try Fixtures.model("conv_pool.onnx").inferBlocking(input)
            #expect(output[0].values != exact[0].values, "the same bits: nothing was computed in brain floats")
        }
    }

    @Test("memory of the caller's is read in place, wherever it starts")
    func borrowed() async throws {
        let model = try Fixtures.model("conv_pool.onnx")
        let values = Fixtures.values([1, 3, 24, 32])
        let golden = try Fixtures.golden("conv_pool 1x3x24x32")["descriptor"]
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: values.count * 4 + 1, alignment: 64)
        defer { memory.deallocate() }
        for offset in [0, 1] {
            let part = UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + values.count * 4])
            values.withUnsafeBytes { part.copyMemory(from: $0) }
            let input = InferenceInput(
                unsafeBorrowing: UnsafeRawBufferPointer(part), elementType: .float32, shape: [1, 3, 24, 32])
            try expect(model.inferBlocking(input)[0], near: golden)
            try await expect(model.infer(input)[0], near: golden)
        }
    }

    @Test("a model in memory is the model on disk")
    func memory() throws {
        let input = Fixtures.ramp([1, 3, 17, 9])
        let inMemory = try NeuralModel(onnx: Fixtures.bytes("conv_pool.onnx"), engine: Fixtures.engine())
        let onDisk = try Fixtures.model("conv_pool.onnx")
        #expect(try inMemory.inferBlocking(input).map(\.values) == onDisk.inferBlocking(input).map(\.values))
    }

    @Test("with fixed shapes, no more than the allowed number stay compiled, and all sizes go on working")
    func bound() throws {
        let configuration = InferenceConfiguration(shapes: .fixed, maximumCompiledShapes: 2)
        let model = try Fixtures.model("conv_pool.onnx", configuration)
        for side in [8, 9, 10, 8, 11, 10] {
            _ = try model.inferBlocking(Fixtures.ramp([1, 3, side, side]))
            #expect(model.compiledCount <= 2)
        }
        let first = try model.compiledModel(forShapes: [[1, 3, 10, 10]])
        #expect(try model.compiledModel(forShapes: [[1, 3, 10, 10]]) === first, "a kept shape was compiled again")
    }

    @Test("with free shapes one compilation serves every size")
    func once() throws {
        let model = try Fixtures.model("conv_pool.onnx")
        for side in 8..<40 { _ = try model.inferBlocking(Fixtures.ramp([1, 3, side, side + 3])) }
        #expect(model.compiledCount == 1)
    }

    @Test("the compiled-model cache is written once and read by the next process's model")
    func cache() throws {
        try Fixtures.withTemporaryFolder { folder in
            let configuration = InferenceConfiguration(cacheDirectory: folder + "/new/cache")
            let input = Fixtures.ramp([1, 3, 17, 9])
            let golden = try Fixtures.golden("conv_pool 1x3x17x9")["descriptor"]
            func blobs() throws -> [String] {
                try FileManager.default.contentsOfDirectory(atPath: folder + "/new/cache").sorted()
            }
            try expect(Fixtures.model("conv_pool.onnx", configuration).inferBlocking(input)[0], near: golden)
            let written = try blobs()
            #expect(!written.isEmpty)
            try expect(Fixtures.model("conv_pool.onnx", configuration).inferBlocking(input)[0], near: golden)
            #expect(try blobs() == written)
        }
    }

    @Test("models of other precisions share a cache, and each keeps its own arithmetic")
    func cachePrecisions() throws {
        let input = Fixtures.ramp([1, 3, 24, 32])
        let orders: [[InferenceConfiguration.Precision]] = [[.float32, .bfloat16], [.bfloat16, .float32]]
        for order in orders {
            try Fixtures.withTemporaryFolder { folder in
                for precision in order + order {
                    var configuration = InferenceConfiguration(precision: precision)
                    let fresh = try Fixtures.model("conv_pool.onnx", configuration).inferBlocking(input)
                    configuration.cacheDirectory = folder
                    let cached = try Fixtures.model("conv_pool.onnx", configuration).inferBlocking(input)
                    #expect(cached.map(\.values) == fresh.map(\.values), "\(precision) of \(order)")
                }
            }
        }
    }

    @Test("a cache that was cut short is made anew, not run")
    func damagedCache() throws {
        try Fixtures.withTemporaryFolder { folder in
            let configuration = InferenceConfiguration(cacheDirectory: folder)
            let input = Fixtures.ramp([1, 3, 17, 9])
            let golden = try Fixtures.golden("conv_pool 1x3x17x9")["descriptor"]
            _ = try Fixtures.model("conv_pool.onnx", configuration).inferBlocking(input)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                let url = URL(filePath: folder).appending(path: name)
                let data = try Data(contentsOf: url)
                try data.prefix(data.count / 2).write(to: url)
            }
            try expect(Fixtures.model("conv_pool.onnx", configuration).inferBlocking(input)[0], near: golden)
        }
    }
}
