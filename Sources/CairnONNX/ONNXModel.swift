import CairnNN
import Foundation
import SwiftProtobuf

/// What an ONNX file says of itself; the weights' bytes are passed over.
public struct ONNXModel: Sendable {
    /// An input or output.
    public struct Value: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// The type of its numbers, `nil` for one that this version does not know.
        public let elementType: ElementType?
        /// Sizes of the axes; `nil` where any size will do.
        public let dimensions: [Int?]
    }

    /// Inputs that a caller gives; weights are not among them.
    public let inputs: [Value]
    /// Outputs.
    public let outputs: [Value]
    /// Versions of the operators, by domain; the standard ones have an empty one.
    public let opsets: [String: Int]
    /// What wrote the file.
    public let producer: String
    /// Key and value pairs that travel with the file.
    public let metadata: [String: String]
    /// How many nodes there are of each operator.
    public let operators: [String: Int]
    /// Numbers in the weights.
    public let parameterCount: Int

    /// Reads the file's description. Throws `ONNXError` when it is not an ONNX file.
    public init(contentsOf path: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw ONNXError(.notFound, "\(path) cannot be read", cause: error)
        }
        try self.init(data, path: path)
    }

    /// Reads a description from bytes; `path` is for messages.
    public init(_ data: Data, path: String) throws {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        let model: Onnx_ModelSummary
        do {
            model = try Onnx_ModelSummary(serializedBytes: data, options: options)
        } catch {
            throw ONNXError(.invalidInput, "\(path) is not an ONNX file, or a damaged one", cause: error)
        }
        guard model.irVersion > 0, !model.graph.output.isEmpty, !model.opsetImport.isEmpty else {
            throw ONNXError(.invalidInput, "\(path) is not an ONNX file: it has no graph with an output")
        }
        let weights = Set(model.graph.initializer.map(\.name))
        inputs = model.graph.input.filter { !weights.contains($0.name) }.map(Value.init)
        outputs = model.graph.output.map(Value.init)
        opsets = Dictionary(
            model.opsetImport.map { ($0.domain, Int($0.version)) }, uniquingKeysWith: { first, _ in first })
        producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
        metadata = Dictionary(
            model.metadataProps.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        operators = model.graph.node.reduce(into: [:]) { counts, node in
            counts[node.domain.isEmpty ? node.opType : "\(node.domain).\(node.opType)", default: 0] += 1
        }
        parameterCount = model.graph.initializer.reduce(0) { sum, tensor in
            let count = tensor.dims.reduce(1) { product, size in
                let (value, overflow) = product.multipliedReportingOverflow(by: max(0, Int(size)))
                return overflow ? 0 : value
            }
            return sum &+ count
        }
    }
}

extension ONNXModel.Value {
    fileprivate init(_ info: Onnx_ValueInfoProto) {
        name = info.name
        elementType = ElementType(rawValue: info.type.tensorType.elemType)
        dimensions = info.type.tensorType.shape.dim.map { dimension in
            if case .dimValue(let size) = dimension.value, size > 0 { return Int(size) }
            return nil
        }
    }
}
