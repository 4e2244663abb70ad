import CairnFeatures
import CairnInference

/// A compiled network as the decoders of learned features see it.
struct EngineNetwork: KeypointNetwork {
    private let model: NeuralModel

    init(_ model: NeuralModel) { self.model = model }

    var inputs: [NetworkPort] { model.inputs.map { NetworkPort(name: $0.name, dimensions: $0.dimensions) } }
    var outputs: [NetworkPort] { model.outputs.map { NetworkPort(name: $0.name, dimensions: $0.dimensions) } }

    func run(_ inputs: [NetworkArray]) throws -> [NetworkArray] {
        try model.inferBlocking(inputs.map { InferenceInput($0.values, shape: $0.shape) })
            .map { NetworkArray(shape: $0.shape, values: $0.values) }
    }
}
