import CairnCore
import CairnModels
import CairnNN
import CairnONNX
import Foundation

/// The ONNX graph of a checkpoint's global model, or of the pooling behind a foreign one.
enum DescriptorGraph {
    /// The name of the input: `[N, 3, H, W]`, normalised.
    static let image = "image"
    /// The name of the output: `[N, D]`, rows of unit length.
    static let descriptor = "descriptor"

    /// Writes the graph of a network.
    ///
    /// - Parameters:
    ///   - configuration: Backbone, pooling and head.
    ///   - storage: The weights.
    ///   - size: Size of the images; where nothing in the network depends on it, the graph takes any.
    ///   - metadata: Travels with the file.
    static func onnx(
        _ configuration: DescriptorNetworkConfiguration, storage: any ParameterStorage, size: ImageSize,
        metadata: [String: String] = [:]
    ) throws -> Data {
        let graph = GraphBuilder(name: configuration.architecture)
        let source = GraphParameters(graph: graph, storage: storage)
        let isFree = try !configuration.dependsOnSize()
        let network = try DescriptorNetwork(Parameters(source), configuration: configuration, imageSize: size)
        let input = graph.input(
            image, [1, 3, size.height, size.width],
            freeAxes: isFree ? [0: "batch", 2: "height", 3: "width"] : [:])
        return try graph.serialized(
            outputs: [(descriptor, network(input))], freeAxes: isFree ? [descriptor: [0: "batch"]] : [:],
            metadata: metadata)
    }

    /// Writes the graph that makes one vector of unit length of a map `[1, C, H, W]`.
    static func onnx(pooling configuration: PoolingConfiguration, of map: Shape) throws -> Data {
        let graph = GraphBuilder(name: "pooling")
        let pooling = try Pooling(Parameters(ConstantParameters(graph: graph))["pool"], configuration: configuration)
        let isFree = !configuration.dependsOnSize
        let input = graph.input(image, map, freeAxes: isFree ? [2: "height", 3: "width"] : [:])
        return try graph.serialized(outputs: [(descriptor, pooling(input).l2Normalized(axis: 1))])
    }

    /// What the network asks a checkpoint for.
    static func specs(_ configuration: DescriptorNetworkConfiguration, size: ImageSize) throws -> [ParameterSpec] {
        let source = ShapeParameters()
        _ = try DescriptorNetwork(Parameters(source), configuration: configuration, imageSize: size)
        return source.specs
    }
}

/// Parameters at the constants that they start from: those of a pooling whose exponent nobody learned.
private final class ConstantParameters: ParameterSource {
    let phase = ForwardPhase()
    private let graph: GraphBuilder

    init(graph: GraphBuilder) { self.graph = graph }

    func parameter(_ spec: ParameterSpec) throws -> GraphTensor {
        guard case .constant(let value) = spec.initializer else {
            throw ModelLibraryError(.unsupported, "\(spec.name) has to be learned; a foreign model cannot have it")
        }
        return try graph.parameter(spec.name, [Float](repeating: value, count: spec.shape.elementCount), spec.shape)
    }
}
