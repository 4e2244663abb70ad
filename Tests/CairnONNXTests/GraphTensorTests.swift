import CairnInference
import CairnNN
import CairnONNX
import Foundation
import Testing

@Suite struct GraphTensorTests {
    static let engine = Result { try InferenceEngine() }

    /// Numbers in [-1, 1] that differ from input to input, the same on every machine.
    static func values(_ shape: Shape, input: Int) -> [Double] {
        var state = UInt64(input) &* 0x9E37_79B9 &+ 12345
        return (0..<shape.elementCount).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Rounded so that 32-bit floats hold them exactly.
            return (Double(state >> 40) / Double(1 << 23) - 1).rounded(toSteps: 4_096)
        }
    }

    @Test("An operation computes in a graph what its definition says", arguments: TensorOperation.allCases)
    func matchesDefinition(operation: TensorOperation) throws {
        let values = operation.inputs.enumerated().map { Self.values($1, input: $0) }
        let expected = try operation(zip(operation.inputs, values).map { ReferenceTensor($0, $1) })

        let graph = GraphBuilder(name: operation.rawValue)
        let inputs = operation.inputs.enumerated().map { graph.input("input\($0)", $1) }
        let result = try operation(inputs)
        #expect(result.shape == expected.shape)
        #expect(try operation(operation.inputs.map(ShapeTensor.init)).shape == expected.shape)

        let bytes = try graph.serialized(outputs: [("result", result)])
        let model = try NeuralModel(onnx: [UInt8](bytes), name: operation.rawValue, engine: Self.engine.get())
        let outputs = try model.inferBlocking(
            zip(operation.inputs, values).map { InferenceInput($1.map(Float.init), shape: $0.dimensions) })
        let actual = try #require(outputs["result"])
        #expect(actual.shape == expected.shape.dimensions)
        for (a, b) in zip(actual.values, expected.values) {
            #expect(abs(Double(a) - b) <= 2e-5 * max(1, abs(b)), "\(a) is not \(b)")
        }
    }

    @Test("A map of any size passes through a graph with free axes")
    func freeAxes() throws {
        let graph = GraphBuilder()
        let image = graph.input("image", [1, 3, 8, 8], freeAxes: [0: "batch", 2: "height", 3: "width"])
        let weight = try graph.parameter("weight", [Float](repeating: 1, count: 2 * 3), [2, 3, 1, 1])
        let pooled = try image.convolved(weight: weight, bias: nil, window: ConvolutionWindow()).mean([2, 3])
        let bytes = try graph.serialized(outputs: [("mean", pooled)], freeAxes: ["mean": [0: "batch"]])
        let model = try NeuralModel(onnx: [UInt8](bytes), name: "free", engine: Self.engine.get())
        for size in [(4, 4), (6, 10), (1, 3)] {
            let count = 3 * size.0 * size.1
            let output = try model.inferBlocking([
                InferenceInput([Float](repeating: 0.5, count: count), shape: [1, 3, size.0, size.1])
            ])
            #expect(output[0].values.allSatisfy { abs($0 - 1.5) < 1e-6 })
        }
    }

    @Test("Training operations are refused by name")
    func training() throws {
        let graph = GraphBuilder()
        let x = graph.input("x", [1, 2, 2, 2])
        let one = try x.constant([1, 1], shape: [2])
        let error = #expect(throws: ONNXError.self) {
            try x.batchNormalized(
                BatchStatistics(
                    weight: one, bias: one, runningMean: one, runningVariance: one, epsilon: 1e-5, momentum: 0.1,
                    isTraining: true))
        }
        #expect(error?.message.contains("batch normalisation in training") == true)
        #expect(throws: ONNXError.self) { try x.droppedOut(probability: 0.5, isTraining: true) }
    }

    @Test("A parameter's name may be in a graph once, and its values must fill its shape")
    func parameters() throws {
        let graph = GraphBuilder()
        _ = try graph.parameter("a", [1, 2], [2])
        #expect(throws: ONNXError.self) { try graph.parameter("a", [1, 2], [2]) }
        #expect(throws: ONNXError.self) { try graph.parameter("b", [1, 2], [3]) }
    }
}

extension Double {
    fileprivate func rounded(toSteps steps: Double) -> Double { (self * steps).rounded() / steps }
}
