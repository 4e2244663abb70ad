import CairnCore
import CairnModels
import CairnNN
import CairnONNX
import Foundation

/// Writes described models as ONNX graphs with their weights.
public enum ModelExport {
    /// Writes a model's graph to a file, which appears when it is complete.
    ///
    /// The input is `image`, `[N, 3, H, W]`, normalised. The output `descriptor`, `[N, D]`, has rows of unit length; DELG gives
    /// `local`, `[N, C, H / 16, W / 16]`, each pixel of unit length, and `attention`, `[N, 1, H / 16, W / 16]`, besides. Sizes are
    /// free where nothing in the network depends on them.
    ///
    /// - Parameters:
    ///   - description: The network.
    ///   - parameters: Its weights.
    ///   - size: Size of the images, where the graph depends on it; `nil` for a square of the side that it was trained at.
    ///   - path: The file.
    /// - Throws: What `parameters` throws, and a `CairnError` where the network cannot be built or the file not be written.
    public static func onnx(
        description: ModelDescription, parameters: any ParameterStorage, size: ImageSize? = nil, to path: String
    ) throws {
        let bytes = try onnx(description: description, parameters: parameters, size: size)
        do {
            try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ModelLibraryError.unwritable("\(path) cannot be written", error)
        }
    }

    /// The same as bytes.
    public static func onnx(
        description: ModelDescription, parameters: any ParameterStorage, size: ImageSize? = nil
    ) throws -> Data {
        try description.validate()
        let metadata = ["cairn.description": try description.json]
        if let delg = description.delg { return try onnx(delg: delg, parameters: parameters, metadata: metadata) }
        let side = try Architecture.named(description.descriptorNetwork.architecture).trainingSize
        return try DescriptorGraph.onnx(
            description.descriptorNetwork, storage: parameters, size: size ?? ImageSize(width: side, height: side),
            metadata: metadata)
    }

    /// DELG with all of its outputs, for images of any size.
    static func onnx(
        delg: DELGConfiguration, parameters: any ParameterStorage, metadata: [String: String]
    ) throws -> Data {
        guard !delg.pooling.dependsOnSize else {
            throw ModelLibraryError(
                .unsupported, "a DELG whose pooling is regional has no graph for all sizes; pool with gem, gap or mac")
        }
        let graph = GraphBuilder(name: "delg-" + delg.architecture)
        let source = GraphParameters(graph: graph, storage: parameters)
        let image = graph.input(
            DescriptorGraph.image, [1, 3, 64, 64], freeAxes: [0: "batch", 2: "height", 3: "width"])
        let features = try DELG(Parameters(source), configuration: delg)(image)
        let map = [0: "batch", 2: "rows", 3: "columns"]
        return try graph.serialized(
            outputs: [
                (DescriptorGraph.descriptor, features.global), ("local", features.local),
                ("attention", features.attention),
            ],
            freeAxes: [DescriptorGraph.descriptor: [0: "batch"], "local": map, "attention": map], metadata: metadata)
    }
}

extension ModelDescription {
    /// What the network asks a checkpoint for, in its order.
    public func specs() throws -> [ParameterSpec] {
        let source = ShapeParameters()
        switch network {
        case .descriptor(let configuration):
            let side = try Architecture.named(configuration.architecture).trainingSize
            return try DescriptorGraph.specs(configuration, size: ImageSize(width: side, height: side))
        case .delg(let configuration): _ = try DELG(Parameters(source), configuration: configuration)
        }
        return source.specs
    }
}
