import CairnNN

/// Parameters that become weights of a graph, from a checkpoint's arrays.
public final class GraphParameters: ParameterSource {
    /// A graph is for inference.
    public let phase = ForwardPhase()
    private let graph: GraphBuilder
    private let storage: any ParameterStorage
    private var made: [String: GraphTensor] = [:]

    /// Parameters of `storage` in `graph`.
    public init(graph: GraphBuilder, storage: any ParameterStorage) {
        self.graph = graph
        self.storage = storage
    }

    /// The weight; asked for twice, it is in the graph once.
    public func parameter(_ spec: ParameterSpec) throws -> GraphTensor {
        if let known = made[spec.name] { return known }
        let tensor = try graph.parameter(spec.name, storage.floats(for: spec), spec.shape)
        made[spec.name] = tensor
        return tensor
    }
}
