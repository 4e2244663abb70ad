import CairnCheckpoints
import CairnCore
import CairnFeatures
import CairnInference
import CairnModels
import CairnNN
import CairnONNX

/// Makes extractors of keypoints from the library's files.
struct LocalModelFactory {
    /// Keypoints that one run of ALIKED's small networks describes.
    private static let keypointsPerRun = 1_024

    let record: ModelRecord
    let file: String
    let runtime: ModelRuntime

    /// An extractor. Throws a `CairnError` where the file is not what its record says.
    func extractor() throws -> LearnedFeatureExtractor {
        LearnedFeatureExtractor(
            name: record.name, modelDigest: try record.digest, model: try model(), configuration: record.keypoints)
    }

    private func model() throws -> KeypointModel {
        guard record.format == .checkpoint else {
            let network = try NeuralModel(
                contentsOf: file, configuration: runtime.localConfiguration, engine: runtime.engine)
            return try KeypointModel(recognizing: EngineNetwork(network))
        }
        guard let family = record.localFamily else {
            throw ModelLibraryError(
                .unsupported,
                "\(record.name) is of the architecture \(record.architecture ?? "?"), which finds no keypoints")
        }
        let checkpoint = try Checkpoint(contentsOf: file)
        let specs = try family.specs()
        let storage = try checkpoint.parameters(
            for: specs, configuration: ModelLibrary.loading(record, specs: specs, checkpoint))
        switch family {
        case .superPoint: return superPoint(storage)
        case .aliked(let configuration): return try aliked(configuration, storage)
        case .delg(let configuration): return try delg(configuration, storage)
        }
    }

    private func superPoint(_ storage: CheckpointParameters) -> KeypointModel {
        let factory = self
        let networks = SizedNetworks { size in
            try factory.network("superpoint", storage) { graph, parameters in
                let maps = try SuperPoint(parameters)(graph.input("image", [1, 1, size.height, size.width]))
                return [("heatmap", maps.heatmap), ("descriptors", maps.descriptors)]
            }
        }
        return .superPoint { try networks.network(for: $0) }
    }

    private func aliked(_ configuration: ALIKEDConfiguration, _ storage: CheckpointParameters) throws -> KeypointModel {
        let factory = self
        let networks = SizedNetworks { size in
            try factory.network("aliked", storage) { graph, parameters in
                let maps = try ALIKED(parameters, configuration: configuration)(
                    graph.input("image", [1, 3, size.height, size.width]))
                // Channels last: a sample is then one run of memory.
                return [("scores", maps.scores)]
                    + (try maps.levels.enumerated().map { ("level\($0)", try $1.permuted([0, 2, 3, 1])) })
            }
        }
        let count = Self.keypointsPerRun
        let size = configuration.descriptorSize
        let offsets = try network("aliked-offsets", storage) { graph, parameters in
            let head = try ALIKEDDescriptorHead(parameters["desc_head"], configuration: configuration)
            return [("offsets", try head.offsets(patches: graph.input("patches", [count, size, 3, 3])))]
        }
        let descriptors = try network("aliked-descriptors", storage) { graph, parameters in
            let head = try ALIKEDDescriptorHead(parameters["desc_head"], configuration: configuration)
            let samples = graph.input("samples", [count, configuration.samplesPerKeypoint, size])
            return [("descriptors", try head.descriptors(samples: samples))]
        }
        return .aliked(entries: size, offsets: offsets, descriptors: descriptors) { try networks.network(for: $0) }
    }

    /// One graph for all sizes: nothing in it depends on them.
    func delg(_ configuration: DELGConfiguration, _ storage: any ParameterStorage) throws -> KeypointModel {
        let network = try network("delg", storage) { graph, parameters in
            let image = graph.input("image", [1, 3, 64, 64], freeAxes: [2: "height", 3: "width"])
            let input = try Self.preprocessed(image, record.preprocessing ?? .imageNet)
            let features = try DELG(parameters, configuration: configuration)(input)
            return [("attention", features.attention), ("descriptors", features.local)]
        } freeAxes: {
            ["attention": [2: "rows", 3: "columns"], "descriptors": [2: "rows", 3: "columns"]]
        }
        return .delg(entries: configuration.localDimensions) { _ in network }
    }

    /// RGB in [0, 1] as a network wants its pixels.
    static func preprocessed(_ image: GraphTensor, _ preprocessing: ImagePreprocessing) throws -> GraphTensor {
        var image = image
        switch preprocessing.channelOrder {
        case .rgb: break
        case .bgr:
            let channels = try (0..<3).map { try image.sliced(axis: 1, $0..<($0 + 1), step: 1) }
            image = try channels[2].concatenated(with: [channels[1], channels[0]], axis: 1)
        case .grey: throw ModelLibraryError(.invalidArgument, "DELG takes three colours; --preprocess grey has one")
        }
        func channels(_ values: [Float]) throws -> GraphTensor {
            try image.constant(
                values.count == 1 ? [Float](repeating: values[0], count: 3) : values, shape: [1, 3, 1, 1])
        }
        if !preprocessing.mean.isEmpty { image = try image - channels(preprocessing.mean) }
        if preprocessing.range == .bytes { image = try image * 255 }
        if !preprocessing.deviation.isEmpty { image = try image / channels(preprocessing.deviation) }
        return image
    }

    /// Compiles the graph that `build` writes down.
    private func network(
        _ name: String, _ storage: any ParameterStorage,
        _ build: (GraphBuilder, Parameters<GraphTensor>) throws -> [(name: String, tensor: GraphTensor)],
        freeAxes: () -> [String: [Int: String]] = { [:] }
    ) throws -> any KeypointNetwork {
        let graph = GraphBuilder(name: name)
        let source = GraphParameters(graph: graph, storage: storage)
        let bytes = try graph.serialized(outputs: build(graph, Parameters(source)), freeAxes: freeAxes())
        return EngineNetwork(
            try bytes.withUnsafeBytes { bytes in
                try NeuralModel(
                    onnx: bytes, name: "\(record.name) (\(name))", configuration: runtime.localConfiguration,
                    engine: runtime.engine)
            })
    }
}
