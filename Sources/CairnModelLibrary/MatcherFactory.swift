import CairnCheckpoints
import CairnCore
import CairnFeatures
import CairnInference
import CairnModels
import CairnNN
import CairnONNX
import Synchronization

/// Makes matchers from checkpoints. Networks are compiled when first needed and kept.
struct MatcherFactory {
    /// Matches that one run of LoFTR's fine network refines.
    private static let matchesPerRun = 256

    /// What errors call the model.
    let name: String
    /// The engine; arithmetic is of 32 bits whatever it says, for Sinkhorn's iterations and double softmaxes.
    let runtime: ModelRuntime

    /// The matcher of a checkpoint. Throws a `CairnError` where its parameters are not the architecture's.
    func matcher(
        _ architecture: MatcherArchitecture, checkpoint: Checkpoint, namePrefix: String? = nil
    ) throws -> MatcherModel.Network {
        let family = architecture.family(names: checkpoint.names, namePrefix: namePrefix)
        let storage = try checkpoint.parameters(
            for: family.specs(), configuration: MatcherArchitecture.loading(stripping: namePrefix))
        switch family {
        case .superGlue(let configuration): return .keypoints(try superGlue(configuration, storage))
        case .lightGlue(let configuration): return .keypoints(try lightGlue(configuration, storage))
        case .loftr(let configuration): return .images(try loftr(configuration, storage))
        }
    }

    /// SuperGlue.
    func superGlue(
        _ configuration: SuperGlueConfiguration, _ storage: any ParameterStorage
    ) throws -> LearnedMatcher {
        let factory = self
        let entries = configuration.descriptorSize
        let networks = NetworkCache<Int> { size in
            try factory.network("superglue", storage) { graph, parameters in
                let (a, b) = Self.keypoints(in: graph, size: size, coordinates: 3, entries: entries)
                return [("assignment", try SuperGlue(parameters, configuration: configuration)(a, b))]
            }
        }
        return try LearnedMatcher(kind: .superGlue, entries: entries) {
            try networks.network(for: $0)
        }
    }

    /// LightGlue.
    func lightGlue(
        _ configuration: LightGlueConfiguration, _ storage: any ParameterStorage
    ) throws -> LearnedMatcher {
        let factory = self
        let entries = configuration.inputSize
        let networks = NetworkCache<Int> { size in
            try factory.network("lightglue", storage) { graph, parameters in
                let (a, b) = Self.keypoints(in: graph, size: size, coordinates: 2, entries: entries)
                return [("assignment", try LightGlue(parameters, configuration: configuration)(a, b))]
            }
        }
        return try LearnedMatcher(kind: .lightGlue, entries: entries) {
            try networks.network(for: $0)
        }
    }

    /// LoFTR.
    func loftr(
        _ configuration: LoFTRConfiguration, _ storage: any ParameterStorage
    ) throws -> DetectorFreeMatcher {
        let factory = self
        let (coarseSize, fineSize) = (configuration.coarseSize, configuration.fineSize)
        let features = NetworkCache<ImageSize> { size in
            try factory.network("loftr-features", storage) { graph, parameters in
                let maps = try LoFTRFeatures(parameters, configuration: configuration)(
                    graph.input("image", [1, 1, size.height, size.width]))
                return [("coarse", maps.coarse), ("fine", maps.fine)]
            }
        }
        let coarse = NetworkCache<[Int]> { cells in
            try factory.network("loftr-coarse", storage) { graph, parameters in
                let a = graph.input("a", [1, cells[0], coarseSize])
                let validityOfA = graph.input("a_validity", [1, cells[0]])
                let b = graph.input("b", [1, cells[1], coarseSize])
                let validityOfB = graph.input("b_validity", [1, cells[1]])
                let matches = try LoFTRCoarseMatching(parameters, configuration: configuration)(
                    a, b, validities: (validityOfA, validityOfB))
                return [("a_cells", matches.a), ("b_cells", matches.b), ("confidence", matches.confidence)]
            }
        }
        let fine = try network("loftr-fine", storage) { graph, parameters in
            let (count, area) = (Self.matchesPerRun, configuration.windowSize * configuration.windowSize)
            let windowsOfA = graph.input("a_windows", [count, area, fineSize])
            let cellsOfA = graph.input("a_cells", [count, coarseSize])
            let windowsOfB = graph.input("b_windows", [count, area, fineSize])
            let cellsOfB = graph.input("b_cells", [count, coarseSize])
            let moved = try LoFTRFineMatching(parameters, configuration: configuration)(
                windows: (windowsOfA, windowsOfB), cells: (cellsOfA, cellsOfB))
            return [("moved", moved)]
        }
        let model = DetectorFreeModel.loftr(
            features: { try features.network(for: $0) }, coarse: { try coarse.network(for: [$0, $1]) }, fine: fine)
        return try DetectorFreeMatcher(model: model)
    }

    /// The inputs of a network for two lists of keypoints, in the order in which `LearnedMatcher` gives them.
    private static func keypoints(
        in graph: GraphBuilder, size: Int, coordinates: Int, entries: Int
    ) -> (KeypointSet<GraphTensor>, KeypointSet<GraphTensor>) {
        func list(_ name: String) -> KeypointSet<GraphTensor> {
            let positions = graph.input("\(name)_positions", [1, size, coordinates])
            let descriptors = graph.input("\(name)_descriptors", [1, size, entries])
            let validity = graph.input("\(name)_validity", [1, size])
            return KeypointSet(positions: positions, descriptors: descriptors, validity: validity)
        }
        let query = list("query")
        return (query, list("candidate"))
    }

    /// Compiles the graph that `build` writes down.
    private func network(
        _ part: String, _ storage: any ParameterStorage,
        _ build: (GraphBuilder, Parameters<GraphTensor>) throws -> [(name: String, tensor: GraphTensor)]
    ) throws -> any KeypointNetwork {
        let graph = GraphBuilder(name: part)
        let source = GraphParameters(graph: graph, storage: storage)
        let bytes = try graph.serialized(outputs: build(graph, Parameters(source)))
        var configuration = runtime.localConfiguration
        configuration.precision = .float32
        return EngineNetwork(
            try bytes.withUnsafeBytes { bytes in
                try NeuralModel(
                    onnx: bytes, name: "\(name) (\(part))", configuration: configuration,
                    engine: runtime.engine)
            })
    }
}

/// The networks used last, each made when it is first needed.
private final class NetworkCache<Key: Hashable & Sendable>: Sendable {
    /// Networks that are kept.
    private let capacity = 8
    private let make: @Sendable (Key) throws -> any KeypointNetwork
    private let networks = Mutex<[(key: Key, network: any KeypointNetwork)]>([])

    init(_ make: @escaping @Sendable (Key) throws -> any KeypointNetwork) { self.make = make }

    func network(for key: Key) throws -> any KeypointNetwork {
        try networks.withLock { networks in
            if let index = networks.firstIndex(where: { $0.key == key }) {
                let found = networks.remove(at: index)
                networks.append(found)
                return found.network
            }
            let made = try make(key)
            if networks.count == capacity { networks.removeFirst() }
            networks.append((key, made))
            return made
        }
    }
}
