import CairnInference
import CairnModels
import CairnNN
import CairnONNX

/// Runs matching networks, which have several inputs, with seeded weights as ONNX graphs through OpenVINO.
enum MatchingRunner {
    /// An input by name.
    struct Input {
        var name: String
        var shape: Shape
        var values: [Float]
    }

    /// Outputs by name.
    static func outputs(
        of inputs: [Input],
        _ build: (Parameters<GraphTensor>, [GraphTensor]) throws -> [(name: String, tensor: GraphTensor)]
    ) throws -> [String: [Float]] {
        let graph = GraphBuilder()
        let tensors = inputs.map { graph.input($0.name, $0.shape) }
        let outputs = try build(Parameters(GraphParameters(graph: graph, storage: SeededParameters())), tensors)
        let bytes = try graph.serialized(outputs: outputs)
        let model = try NeuralModel(onnx: [UInt8](bytes), engine: InferenceEngine())
        let answers = try model.inferBlocking(
            inputs.map { InferenceInput($0.values, shape: $0.shape.dimensions, name: $0.name) })
        return Dictionary(uniqueKeysWithValues: zip(answers.names, answers.map(\.values)))
    }

    /// Two lists of keypoints, as two inputs each, or three when they are padded to `size`.
    static func inputs(_ lists: [List], size: Int? = nil) -> [Input] {
        lists.enumerated().flatMap { index, list in
            let length = size ?? list.count
            func padded(_ values: [Float], _ width: Int, with filler: Float) -> [Float] {
                values + [Float](repeating: filler, count: (length - list.count) * width)
            }
            // Padding is far from zero, so that a network which looks at it is found out.
            let inputs = [
                Input(
                    name: "positions\(index)", shape: [1, length, list.coordinates],
                    values: padded(list.positions, list.coordinates, with: 0.7)),
                Input(
                    name: "descriptors\(index)", shape: [1, length, list.entries],
                    values: padded(list.descriptors, list.entries, with: -0.3)),
            ]
            guard size != nil else { return inputs }
            let validity = padded([Float](repeating: 1, count: list.count), 1, with: 0)
            return inputs + [Input(name: "validity\(index)", shape: [1, length], values: validity)]
        }
    }

    /// The two lists that graph inputs stand for; without validity where nothing is padded.
    static func sets(_ tensors: [GraphTensor], padded: Bool) -> (KeypointSet<GraphTensor>, KeypointSet<GraphTensor>) {
        func set(_ start: Int) -> KeypointSet<GraphTensor> {
            KeypointSet(
                positions: tensors[start], descriptors: tensors[start + 1],
                validity: padded ? tensors[start + 2] : nil)
        }
        return (set(0), set(padded ? 3 : 2))
    }

    /// The assignment without its padding: rows and columns of keypoints, then the dustbins.
    static func unpadded(_ assignment: [Float], size: Int, rows: Int, columns: Int) -> [Float] {
        (Array(0..<rows) + [size]).flatMap { row in
            (Array(0..<columns) + [size]).map { assignment[row * (size + 1) + $0] }
        }
    }

    /// Keypoints of one image.
    struct List {
        var count: Int
        var coordinates: Int
        var entries: Int
        var positions: [Float]
        var descriptors: [Float]

        /// Seeded numbers, those of the parity scripts.
        static func seeded(_ index: Int, count: Int, entries: Int) -> List {
            List(
                count: count, coordinates: 2, entries: entries,
                positions: SeededParameters.image([count, 2], name: "positions\(index)").map { $0 / 2 },
                descriptors: SeededParameters.image([count, entries], name: "descriptors\(index)").map { $0 / 16 })
        }
    }
}
