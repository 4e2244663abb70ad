import CairnInference
import CairnNN
import CairnONNX
import Foundation

/// Runs a model with seeded weights as users' models run: as an ONNX graph through OpenVINO, in 32-bit floats.
enum ParityRunner {
    /// Outputs by name.
    ///
    /// - Parameters:
    ///   - input: The input's elements, row-major.
    ///   - shape: Its shape.
    ///   - tracedShape: The shape with which the graph is built, where that differs; axes that differ are free in the graph.
    ///   - build: Builds the model and runs it on the input.
    static func outputs(
        of input: [Float], shape: Shape, tracedShape: Shape? = nil,
        _ build: (Parameters<GraphTensor>, GraphTensor) throws -> [(name: String, tensor: GraphTensor)]
    ) throws -> [String: [Float]] {
        let graph = GraphBuilder()
        let traced = tracedShape ?? shape
        let free = (0..<shape.rank).filter { shape[$0] != traced[$0] }
        let tensor = graph.input(
            "input", traced, freeAxes: Dictionary(uniqueKeysWithValues: free.map { ($0, "axis\($0)") }))
        let outputs = try build(Parameters(GraphParameters(graph: graph, storage: SeededParameters())), tensor)
        let bytes = try graph.serialized(outputs: outputs)
        let model = try NeuralModel(onnx: [UInt8](bytes), engine: InferenceEngine())
        let answers = try model.inferBlocking(InferenceInput(input, shape: shape.dimensions))
        return Dictionary(uniqueKeysWithValues: zip(answers.names, answers.map(\.values)))
    }

    /// The relative error of each of a golden's outputs that is there.
    static func errors(_ golden: ModelGolden, _ outputs: [String: [Float]]) -> [String: Float] {
        golden.outputs.reduce(into: [:]) { errors, expected in
            errors[expected.key] = outputs[expected.key].map(expected.value.relativeError)
        }
    }
}
