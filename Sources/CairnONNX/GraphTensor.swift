import CairnNN

/// A value in an ONNX graph: running a model on it writes the model down.
public struct GraphTensor {
    /// What the value belongs to.
    let graph: GraphBuilder
    /// Its name in the graph.
    let name: String
    /// Sizes of the axes with which the graph is built.
    public let shape: Shape

    func node(
        _ operation: String, _ others: [GraphTensor] = [], _ attributes: [Onnx_AttributeProto] = [],
        shape: Shape? = nil
    ) -> GraphTensor {
        graph.node(operation, [name] + others.map(\.name), attributes, shape: shape ?? self.shape)
    }
}

extension Onnx_AttributeProto {
    static func int(_ name: String, _ value: Int) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.type = .int
        attribute.i = Int64(value)
        return attribute
    }

    static func ints(_ name: String, _ values: [Int]) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.type = .ints
        attribute.ints = values.map(Int64.init)
        return attribute
    }

    static func float(_ name: String, _ value: Float) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.type = .float
        attribute.f = value
        return attribute
    }

    static func string(_ name: String, _ value: String) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.type = .string
        attribute.s = .init(value.utf8)
        return attribute
    }
}
