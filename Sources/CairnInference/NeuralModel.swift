import Foundation
import Synchronization

/// A neural network, ready to run: read from ONNX or OpenVINO's own files, compiled when first used.
///
/// Safe to use from any number of tasks and threads. As many inferences run side by side as the configuration's streams
/// allow; more wait their turn, and nothing is queued but the callers themselves.
public final class NeuralModel: Sendable {
    /// How it is compiled and run.
    public let configuration: InferenceConfiguration

    private let graph: ModelGraph
    private let compiled: Mutex<RecentlyUsed<[[Int]], Slot>>

    /// A place for a compiled model: whoever needs it first compiles it while others wait, and only they.
    private final class Slot: Sendable {
        let model = Mutex<CompiledModel?>(nil)
    }

    /// Reads a file: ONNX (`.onnx`), or OpenVINO's `.xml` with its `.bin` beside it.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - preprocessing: What to do to an image inside the graph; nil leaves the inputs as the model has them.
    ///   - configuration: How to compile and run it.
    ///   - engine: What compiles and runs it.
    public convenience init(
        contentsOf path: String, preprocessing: ImagePreprocessing? = nil,
        configuration: InferenceConfiguration = .latency, engine: InferenceEngine
    ) throws(InferenceError) {
        let graph = try ModelGraph(contentsOf: path, engine: engine)
        try self.init(graph, preprocessing, configuration)
    }

    /// Reads an ONNX model from memory, which is copied. Weights in other files are not found.
    ///
    /// - Parameters:
    ///   - bytes: The whole model.
    ///   - name: What errors call it.
    ///   - preprocessing: What to do to an image inside the graph; nil leaves the inputs as the model has them.
    ///   - configuration: How to compile and run it.
    ///   - engine: What compiles and runs it.
    public convenience init(
        onnx bytes: UnsafeRawBufferPointer, name: String = "the model", preprocessing: ImagePreprocessing? = nil,
        configuration: InferenceConfiguration = .latency, engine: InferenceEngine
    ) throws(InferenceError) {
        let graph = try ModelGraph(onnx: bytes, name: name, engine: engine)
        try self.init(graph, preprocessing, configuration)
    }

    /// Reads an ONNX model from an array, as `init(onnx:name:preprocessing:configuration:engine:)` does from memory.
    public convenience init(
        onnx bytes: [UInt8], name: String = "the model", preprocessing: ImagePreprocessing? = nil,
        configuration: InferenceConfiguration = .latency, engine: InferenceEngine
    ) throws(InferenceError) {
        let graph = bytes.withUnsafeBytes { bytes in
            Result { () throws(InferenceError) in try ModelGraph(onnx: bytes, name: name, engine: engine) }
        }
        try self.init(graph.get(), preprocessing, configuration)
    }

    private init(
        _ graph: ModelGraph, _ preprocessing: ImagePreprocessing?, _ configuration: InferenceConfiguration
    ) throws(InferenceError) {
        try configuration.validate()
        self.configuration = configuration
        self.graph = try preprocessing.map { (what) throws(InferenceError) in try graph.adding(what) } ?? graph
        compiled = Mutex(RecentlyUsed(capacity: configuration.maximumCompiledShapes))
    }

    /// What errors call the model.
    public var name: String { graph.name }

    /// The inputs, as callers give them: with pre-processing, an image is uint8 N x H x W x C.
    public var inputs: [TensorDescription] { graph.inputs }

    /// The outputs, as the model describes them; callers get them as floats.
    public var outputs: [TensorDescription] { graph.outputs }

    /// How many compiled forms are held; at most `configuration.maximumCompiledShapes`.
    public var compiledCount: Int { compiled.withLock { $0.count } }

    /// The compiled form for inputs of these shapes, in the order of `inputs`; compiles it, in tenths of a second to
    /// seconds, when there is none. Calling it before the first inference takes that time out of the inference.
    @discardableResult
    public func compiledModel(forShapes shapes: [[Int]]) throws(InferenceError) -> CompiledModel {
        guard shapes.count == inputs.count else {
            throw InferenceError(.wrongInput, "\(name) has \(inputs.count) inputs, not \(shapes.count)")
        }
        for (shape, input) in zip(shapes, inputs) where !input.accepts(shape) {
            let sides = shape.map(String.init).joined(separator: "x")
            throw InferenceError(.wrongInput, "\(name) takes \(input), not \(sides)")
        }
        let fixed = configuration.shapes == .fixed && !inputs.allSatisfy(\.isStatic)
        let key = fixed ? shapes : []
        let slot = compiled.withLock { $0.value(for: key) { Slot() } }
        return try slot.model.withLock { (model) throws(InferenceError) in
            if let model { return model }
            let made = try graph.compiled(forShapes: fixed ? shapes : nil, configuration)
            model = made
            return made
        }
    }

    /// Runs the model once its turn has come, without holding a thread meanwhile.
    ///
    /// Arrays are copied into the request (a thousandth of a network's time); borrowed memory is not.
    /// A task that is cancelled while it waits throws `CancellationError`; an inference under way runs to its end.
    ///
    /// - Parameter inputs: One tensor for each of the model's inputs, in their order or by name.
    /// - Throws: `InferenceError`, `.wrongInput` above all, or `CancellationError`.
    public func infer(_ inputs: [InferenceInput]) async throws -> InferenceOutputs {
        let inputs = try graph.ordered(inputs)
        return try await compiledModel(forShapes: inputs.map(\.shape)).infer(ordered: inputs)
    }

    /// Runs a model of one input once its turn has come, without holding a thread meanwhile.
    public func infer(_ input: InferenceInput) async throws -> InferenceOutputs {
        try await infer([input])
    }

    /// Runs the model and holds the calling thread until the answer is there. Nothing is copied on the way in. Any number
    /// of threads may call it; it does not belong in a task.
    ///
    /// - Parameter inputs: One tensor for each of the model's inputs, in their order or by name.
    public func inferBlocking(_ inputs: [InferenceInput]) throws(InferenceError) -> InferenceOutputs {
        let inputs = try graph.ordered(inputs)
        return try compiledModel(forShapes: inputs.map(\.shape)).inferBlocking(ordered: inputs)
    }

    /// Runs a model of one input and holds the calling thread until the answer is there.
    public func inferBlocking(_ input: InferenceInput) throws(InferenceError) -> InferenceOutputs {
        try inferBlocking([input])
    }
}
