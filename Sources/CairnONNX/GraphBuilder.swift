import CairnNN
import Foundation

/// Collects the nodes and weights of an ONNX graph while a model runs on `GraphTensor`s.
///
/// Operators are of opset 17, which ONNX Runtime from 1.12, OpenVINO from 2023 and Netron read. Weights keep their checkpoint's
/// names; nodes are called after their operator and number. Not for use from several threads.
public final class GraphBuilder {
    /// The operators' version.
    public static let opset: Int64 = 17
    /// Version 8 of the file format, which goes with opset 17.
    static let irVersion: Int64 = 8

    private var graph = Onnx_GraphProto()
    private var nodeCount = 0
    private var parameterNames: Set<String> = []
    private var scalars: [UInt32: String] = [:]

    /// An empty graph.
    ///
    /// - Parameter name: What viewers show.
    public init(name: String = "cairn") { graph.name = name }

    /// Declares an input of 32-bit floats.
    ///
    /// - Parameters:
    ///   - name: Its name in the file.
    ///   - shape: The sizes with which the model is built.
    ///   - freeAxes: Axes that may have other sizes in use, by the name that viewers show. A model whose graph depends on the sizes
    ///     must not have any.
    public func input(_ name: String, _ shape: Shape, freeAxes: [Int: String] = [:]) -> GraphTensor {
        graph.input.append(Self.valueInfo(name, shape, freeAxes))
        return GraphTensor(graph: self, name: name, shape: shape)
    }

    /// A weight under its own name.
    ///
    /// Throws `ONNXError` when the name is taken, and where the values do not fill the shape.
    public func parameter(_ name: String, _ values: [Float], _ shape: Shape) throws -> GraphTensor {
        guard parameterNames.insert(name).inserted else {
            throw ONNXError(.invalidArgument, "the parameter \(name) is in the graph already")
        }
        return try initializer(name, values, shape)
    }

    /// The finished file.
    ///
    /// - Parameters:
    ///   - outputs: Names in the file, and what they give.
    ///   - freeAxes: Axes of each output that follow the free axes of the inputs, by output name.
    ///   - metadata: Key and value pairs that travel with the file.
    public func serialized(
        outputs: [(name: String, tensor: GraphTensor)], freeAxes: [String: [Int: String]] = [:],
        metadata: [String: String] = [:]
    ) throws -> Data {
        var finished = graph
        for (name, tensor) in outputs {
            var node = Onnx_NodeProto()
            node.opType = "Identity"
            node.name = "output_" + name
            node.input = [tensor.name]
            node.output = [name]
            finished.node.append(node)
            finished.output.append(Self.valueInfo(name, tensor.shape, freeAxes[name] ?? [:]))
        }
        var model = Onnx_ModelProto()
        model.irVersion = Self.irVersion
        model.producerName = "cairn"
        model.graph = finished
        var operators = Onnx_OperatorSetIdProto()
        operators.version = Self.opset
        model.opsetImport = [operators]
        model.metadataProps = metadata.sorted { $0.key < $1.key }.map { key, value in
            var entry = Onnx_StringStringEntryProto()
            entry.key = key
            entry.value = value
            return entry
        }
        do {
            return try model.serializedBytes()
        } catch {
            throw ONNXError(
                .limitExceeded, "the model does not fit into one ONNX file, which holds 2 GiB at most", cause: error)
        }
    }

    // MARK: For GraphTensor

    func node(
        _ operation: String, _ inputs: [String], _ attributes: [Onnx_AttributeProto] = [], shape: Shape
    ) -> GraphTensor {
        nodeCount += 1
        var node = Onnx_NodeProto()
        node.opType = operation
        node.name = "\(operation)_\(nodeCount)"
        node.input = inputs
        node.output = [node.name]
        node.attribute = attributes
        graph.node.append(node)
        return GraphTensor(graph: self, name: node.name, shape: shape)
    }

    func constant(_ values: [Float], _ shape: Shape) throws -> GraphTensor {
        if shape.rank == 0, let value = values.first {
            if let known = scalars[value.bitPattern] { return GraphTensor(graph: self, name: known, shape: shape) }
            let tensor = try initializer("scalar_\(scalars.count + 1)", values, shape)
            scalars[value.bitPattern] = tensor.name
            return tensor
        }
        return try initializer("constant_\(graph.initializer.count + 1)", values, shape)
    }

    /// The name of a list of whole numbers, for operators that take sizes or positions as an input.
    func integers(_ values: [Int]) -> String {
        var tensor = Onnx_TensorProto()
        tensor.name = "integers_\(graph.initializer.count + 1)"
        tensor.dims = [Int64(values.count)]
        tensor.dataType = ElementType.int64.rawValue
        tensor.rawData = values.map { Int64($0).littleEndian }.withUnsafeBytes { Data($0) }
        graph.initializer.append(tensor)
        return tensor.name
    }

    private func initializer(_ name: String, _ values: [Float], _ shape: Shape) throws -> GraphTensor {
        guard values.count == shape.elementCount else {
            throw ONNXError(.invalidArgument, "\(name): \(values.count) values do not fill \(shape)")
        }
        var tensor = Onnx_TensorProto()
        tensor.name = name
        tensor.dims = shape.dimensions.map(Int64.init)
        tensor.dataType = ElementType.float.rawValue
        tensor.rawData = values.withUnsafeBytes { Data($0) }
        graph.initializer.append(tensor)
        return GraphTensor(graph: self, name: name, shape: shape)
    }

    private static func valueInfo(_ name: String, _ shape: Shape, _ freeAxes: [Int: String]) -> Onnx_ValueInfoProto {
        var info = Onnx_ValueInfoProto()
        info.name = name
        var tensor = Onnx_TypeProto.Tensor()
        tensor.elemType = ElementType.float.rawValue
        tensor.shape.dim = shape.dimensions.enumerated().map { axis, size in
            var dimension = Onnx_TensorShapeProto.Dimension()
            if let free = freeAxes[axis] { dimension.dimParam = free } else { dimension.dimValue = Int64(size) }
            return dimension
        }
        info.type.tensorType = tensor
        return info
    }
}
