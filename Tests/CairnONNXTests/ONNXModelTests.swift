import CairnNN
import CairnONNX
import Foundation
import Testing

@Suite struct ONNXModelTests {
    @Test("A file that was written is described as it was built")
    func description() throws {
        let graph = GraphBuilder(name: "sample")
        let image = graph.input("image", [1, 3, 8, 6], freeAxes: [2: "height"])
        let weight = try graph.parameter("conv.weight", [Float](repeating: 1, count: 12), [4, 3, 1, 1])
        let result = try image.convolved(weight: weight, bias: nil, window: ConvolutionWindow()).relu()
        let bytes = try graph.serialized(outputs: [("map", result)], metadata: ["licence": "CC0"])
        let model = try ONNXModel(bytes, path: "sample.onnx")
        #expect(model.inputs.map(\.name) == ["image"])
        #expect(model.inputs[0].dimensions == [1, 3, nil, 6])
        #expect(model.inputs[0].elementType == .float)
        #expect(model.outputs.map(\.name) == ["map"])
        #expect(model.opsets == ["": 17])
        #expect(model.metadata == ["licence": "CC0"])
        #expect(model.operators == ["Conv": 1, "Relu": 1, "Identity": 1])
        #expect(model.parameterCount == 12)
        #expect(model.producer == "cairn")
    }

    @Test("The same model gives the same bytes")
    func deterministic() throws {
        func bytes() throws -> Data {
            let graph = GraphBuilder()
            let x = graph.input("x", [1, 2])
            return try graph.serialized(outputs: [("y", x * 2 + 1)], metadata: ["b": "2", "a": "1"])
        }
        #expect(try bytes() == bytes())
    }

    @Test("What is not an ONNX file is refused, whatever it is", arguments: [0, 1, 7, 100, 5_000])
    func garbage(count: Int) {
        let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) })
        let error = #expect(throws: ONNXError.self) { try ONNXModel(bytes, path: "x.onnx") }
        #expect(error?.message.hasPrefix("x.onnx is not an ONNX file") == true)
    }

    @Test("A truncated file never crashes the reader")
    func truncated() throws {
        let graph = GraphBuilder()
        let x = graph.input("x", [1, 2])
        let whole = try graph.serialized(outputs: [("y", x + graph.parameter("p", [1, 2], [2]))])
        for length in 0..<whole.count {
            #expect(throws: ONNXError.self) { try ONNXModel(whole.prefix(length), path: "x.onnx") }
        }
        #expect(throws: ONNXError.self) { try ONNXModel(contentsOf: "/nowhere/x.onnx") }
    }
}
