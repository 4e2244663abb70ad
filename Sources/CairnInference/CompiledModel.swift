internal import COpenVINO

/// A model compiled for this processor, with the requests that run it.
public final class CompiledModel: Sendable {
    /// What errors call the model.
    public let name: String

    /// The arithmetic in use: `.float32` where `.bfloat16` was asked for of a processor that has none.
    public let precision: InferenceConfiguration.Precision

    /// How many inferences run side by side; OpenVINO's choice for the streams.
    public let maximumRequests: Int

    private let graph: ModelGraph
    let requests: RequestPool

    init(_ handle: OpenVINOHandle, graph: ModelGraph) throws(InferenceError) {
        self.graph = graph
        name = graph.name
        precision = Self.property("INFERENCE_PRECISION_HINT", of: handle) == "bf16" ? .bfloat16 : .float32
        let optimal = Self.property("OPTIMAL_NUMBER_OF_INFER_REQUESTS", of: handle).flatMap { Int($0) } ?? 1
        maximumRequests = max(1, optimal)
        var made: [InferenceRequest] = []
        for _ in 0..<maximumRequests {
            let request = try OpenVINOCall.handle(
                .failure, "\(graph.name): a request", free: { ov_infer_request_free($0) }
            ) { ov_compiled_model_create_infer_request(handle.pointer, $0) }
            made.append(
                try InferenceRequest(
                    request, inputCount: graph.inputs.count, outputNames: graph.outputs.map(\.name), model: graph.name))
        }
        requests = RequestPool(made)
    }

    /// Runs the model once a request is free; as `NeuralModel.infer(_:)`, for the shapes that this was compiled for.
    public func infer(_ inputs: [InferenceInput]) async throws -> InferenceOutputs {
        try await infer(ordered: graph.ordered(inputs))
    }

    /// Runs the model and holds the thread; as `NeuralModel.inferBlocking(_:)`, for the shapes that this was compiled
    /// for.
    public func inferBlocking(_ inputs: [InferenceInput]) throws(InferenceError) -> InferenceOutputs {
        try inferBlocking(ordered: graph.ordered(inputs))
    }

    func infer(ordered inputs: [InferenceInput]) async throws -> InferenceOutputs {
        let request = try await requests.take()
        defer { requests.giveBack(request) }
        return try await request.run(inputs)
    }

    func inferBlocking(ordered inputs: [InferenceInput]) throws(InferenceError) -> InferenceOutputs {
        let request = requests.takeBlocking()
        defer { requests.giveBack(request) }
        return try request.runBlocking(inputs)
    }

    private static func property(_ key: String, of handle: OpenVINOHandle) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard ov_compiled_model_get_property(handle.pointer, key, &text) == OK else { return nil }
        return OpenVINOCall.string(text)
    }
}
