internal import COpenVINO
import Foundation
import Synchronization

/// A model as OpenVINO read it: not compiled yet, its free sides still free.
final class ModelGraph: Sendable {
    let name: String
    let inputs: [TensorDescription]
    let outputs: [TensorDescription]

    private let engine: InferenceEngine
    private let handle: OpenVINOHandle
    /// Reshaping changes the graph, so one compilation at a time.
    private let compiling = Mutex<Void>(())

    /// Reads a file, `.onnx` or `.xml`.
    convenience init(contentsOf path: String, engine: InferenceEngine) throws(InferenceError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw InferenceError(.modelNotFound, "there is no model at \(path)")
        }
        let suffix = (path as NSString).pathExtension.lowercased()
        guard !isFolder.boolValue, ["onnx", "xml"].contains(suffix) else {
            throw InferenceError(.notAModel, "\(path) is not a model; it must be a file ending in .onnx or .xml")
        }
        let subject = "\(path) is not a whole \(suffix == "onnx" ? "ONNX" : "OpenVINO") model"
        let handle = try OpenVINOCall.handle(.notAModel, subject, free: { ov_model_free($0) }) {
            ov_core_read_model(engine.core.pointer, path, nil, $0)
        }
        ResidentLibraries.pin()
        try self.init(handle, name: (path as NSString).lastPathComponent, engine: engine)
    }

    /// Reads an ONNX model from memory.
    convenience init(onnx bytes: UnsafeRawBufferPointer, name: String, engine: InferenceEngine) throws(InferenceError) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
            throw InferenceError(.notAModel, "\(name) is empty; it must be a whole ONNX model")
        }
        let subject = "\(name) is not a whole ONNX model"
        let handle = try OpenVINOCall.handle(.notAModel, subject, free: { ov_model_free($0) }) {
            let text = start.assumingMemoryBound(to: CChar.self)
            return ov_core_read_model_from_memory_buffer(engine.core.pointer, text, bytes.count, nil, $0)
        }
        ResidentLibraries.pin()
        try self.init(handle, name: name, engine: engine)
    }

    init(_ handle: OpenVINOHandle, name: String, engine: InferenceEngine) throws(InferenceError) {
        self.handle = handle
        self.name = name
        self.engine = engine
        let model = handle.pointer
        var inputCount = 0
        var outputCount = 0
        try OpenVINOCall.exclusive(.invalidModel, "\(name): its inputs") { ov_model_inputs_size(model, &inputCount) }
        try OpenVINOCall.exclusive(.invalidModel, "\(name): its outputs") { ov_model_outputs_size(model, &outputCount) }
        var inputs: [TensorDescription] = []
        for index in 0..<inputCount {
            let port = try OpenVINOCall.handle(
                .invalidModel, "\(name): input \(index)", free: { ov_output_const_port_free($0) }
            ) { ov_model_const_input_by_index(model, index, $0) }
            inputs.append(try TensorDescription(port: port.pointer, of: name))
        }
        var outputs: [TensorDescription] = []
        for index in 0..<outputCount {
            let port = try OpenVINOCall.handle(
                .invalidModel, "\(name): output \(index)", free: { ov_output_const_port_free($0) }
            ) { ov_model_const_output_by_index(model, index, $0) }
            outputs.append(try TensorDescription(port: port.pointer, of: name))
        }
        self.inputs = inputs
        self.outputs = outputs
    }

    /// The same model with pre-processing in front. Takes this graph over: it must not be used afterwards.
    func adding(_ preprocessing: ImagePreprocessing) throws(InferenceError) -> ModelGraph {
        let index = preprocessing.input.map { name in inputs.firstIndex { $0.name == name } } ?? 0
        guard let index, inputs.indices.contains(index) else {
            let names = inputs.map(\.name).joined(separator: ", ")
            throw InferenceError(
                .invalidConfiguration, "\(name) has no input “\(preprocessing.input ?? "0")”; it has \(names)")
        }
        let input = inputs[index]
        let channels = preprocessing.channels
        guard input.dimensions.count == 4, input.elementType == .float32, [nil, channels].contains(input.dimensions[1])
        else {
            let wanted = "images become float32 N x \(channels) x H x W"
            throw InferenceError(
                .invalidConfiguration, "\(name) takes \(input), but with this pre-processing \(wanted)")
        }
        if input.dimensions[1] == nil {
            var dimensions = input.dimensions
            dimensions[1] = channels
            try reshape([index: dimensions])
        }
        let built = try PreprocessingBuilder.build(preprocessing, input: index, of: handle, name: name)
        return try ModelGraph(built, name: name, engine: engine)
    }

    /// Compiles the model: with these shapes, one for each input, or with free sides left free.
    func compiled(
        forShapes shapes: [[Int]]?, _ configuration: InferenceConfiguration
    ) throws(InferenceError) -> CompiledModel {
        try compiling.withLock { (_) throws(InferenceError) in
            if let shapes {
                try reshape(
                    Dictionary(uniqueKeysWithValues: shapes.map { $0.map(Optional.some) }.enumerated().map { ($0, $1) })
                )
            }
            let compiled = try compile(configuration)
            return try CompiledModel(compiled, graph: self)
        }
    }

    private func compile(_ configuration: InferenceConfiguration) throws(InferenceError) -> OpenVINOHandle {
        if let folder = configuration.cacheDirectory {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                let advice = "name a folder that can be written to, or none"
                throw InferenceError(
                    .invalidConfiguration, "cannot keep compiled models in \(folder); \(advice)", cause: error)
            }
        }
        // OpenVINO keeps no pointer to what it is given here, so these strings live as long as the call.
        let properties = configuration.properties.map { (strdup($0.key), strdup($0.value)) }
        defer {
            for (key, value) in properties {
                free(key)
                free(value)
            }
        }
        let list = properties.map { ov_property_t(key: $0.0, value: $0.1) }
        return try OpenVINOCall.handle(
            .invalidModel, "\(name) could not be compiled", free: { ov_compiled_model_free($0) }
        ) { compiled in
            ov_core_compile_model_props(
                engine.core.pointer, handle.pointer, InferenceEngine.device, list.count, list, compiled)
        }
    }

    /// Sets sides of inputs, by place; nil leaves a side free.
    private func reshape(_ shapes: [Int: [Int?]]) throws(InferenceError) {
        let places = shapes.keys.sorted()
        var partial: [ov_partial_shape_t] = []
        defer { for index in partial.indices { ov_partial_shape_free(&partial[index]) } }
        for place in places {
            let sides = (shapes[place] ?? []).map { side in
                ov_dimension_t(min: Int64(side ?? -1), max: Int64(side ?? -1))
            }
            var shape = ov_partial_shape_t()
            try OpenVINOCall.exclusive(.failure, "\(name): a shape") {
                ov_partial_shape_create(Int64(sides.count), sides, &shape)
            }
            partial.append(shape)
        }
        let text = places.map { place in
            let sides = (shapes[place] ?? []).map { $0.map(String.init) ?? "?" }.joined(separator: "x")
            return "\(inputs[place].name) of \(sides)"
        }
        try OpenVINOCall.exclusive(.wrongInput, "\(name) cannot take \(text.joined(separator: ", "))") {
            ov_model_reshape_by_port_indexes(handle.pointer, places, partial, places.count)
        }
    }
}
