internal import COpenVINO
import Synchronization

/// One inference at a time: tensors in, a run, tensors out. The pool lends it to one caller, who alone uses it.
final class InferenceRequest: @unchecked Sendable {
    /// Where the inference under way resumes its caller. OpenVINO's thread and the caller's both look here.
    private final class Completion: Sendable {
        let waiting = Mutex<CheckedContinuation<InferenceError?, Never>?>(nil)

        func resume(_ error: InferenceError?) {
            waiting.withLock { $0.take() }?.resume(returning: error)
        }
    }

    private let handle: OpenVINOHandle
    private let outputNames: [String]
    private let model: String
    private let completion = Completion()
    /// OpenVINO keeps the pointer to this, so it lives as long as the request.
    private let callback: UnsafeMutablePointer<ov_callback_t>
    /// Tensors of our own for inputs that have to be copied, kept for the next of the same shape.
    private var copies: [(shape: [Int], type: ElementType, tensor: OpenVINOHandle)?]

    init(
        _ handle: OpenVINOHandle, inputCount: Int, outputNames: [String], model: String
    ) throws(InferenceError) {
        self.handle = handle
        self.outputNames = outputNames
        self.model = model
        copies = Array(repeating: nil, count: inputCount)
        callback = .allocate(capacity: 1)
        callback.initialize(
            to: ov_callback_t(
                callback_func: { context in
                    guard let context else { return }
                    Unmanaged<Completion>.fromOpaque(context).takeUnretainedValue().resume(nil)
                }, args: Unmanaged.passUnretained(completion).toOpaque()))
        try OpenVINOCall.exclusive(.failure, "\(model): a request's callback") {
            ov_infer_request_set_callback(handle.pointer, callback)
        }
    }

    deinit {
        // A request that is done may still be on its way out of the callback.
        _ = ov_infer_request_wait(handle.pointer)
        callback.deallocate()
    }

    /// Runs with the inputs in the model's order, and suspends until the answer is there.
    func run(_ inputs: [InferenceInput]) async throws(InferenceError) -> InferenceOutputs {
        for (index, input) in inputs.enumerated() {
            if case .borrowed(let bytes) = input.storage {
                try set(borrowed: bytes, input, at: index)
            } else {
                try set(copy: input, at: index)
            }
        }
        let pointer = handle.pointer
        let refused = await withCheckedContinuation { continuation in
            completion.waiting.withLock { $0 = continuation }
            do throws(InferenceError) {
                try OpenVINOCall.concurrent(.failure, "\(model) could not be started") {
                    ov_infer_request_start_async(pointer)
                }
            } catch {
                completion.resume(error)
            }
        }
        if let refused { throw refused }
        // The callback comes a moment before the request counts as done, and only waiting tells whether it failed.
        try OpenVINOCall.concurrent(.failure, "\(model) failed") { ov_infer_request_wait(pointer) }
        return try outputs()
    }

    /// Runs with the inputs in the model's order, on the calling thread's time.
    func runBlocking(_ inputs: [InferenceInput]) throws(InferenceError) -> InferenceOutputs {
        try borrow(inputs[...])
    }

    /// Borrows the first input's memory around the rest, and runs once all are borrowed.
    private func borrow(_ inputs: ArraySlice<InferenceInput>) throws(InferenceError) -> InferenceOutputs {
        guard let input = inputs.first else {
            try OpenVINOCall.concurrent(.failure, "\(model) failed") { ov_infer_request_infer(handle.pointer) }
            return try outputs()
        }
        let result = input.withBytes { bytes in
            Result { () throws(InferenceError) in
                try set(borrowed: bytes, input, at: inputs.startIndex)
                return try borrow(inputs.dropFirst())
            }
        }
        return try result.get()
    }

    private func set(
        borrowed bytes: UnsafeRawBufferPointer, _ input: InferenceInput, at index: Int
    ) throws(InferenceError) {
        guard let start = bytes.baseAddress, Int(bitPattern: start) % input.elementType.size == 0 else {
            // Nothing to point to, or numbers that do not start where numbers may.
            return try set(copy: input, at: index)
        }
        let tensor = try Self.tensor(input, model) { shape, tensor in
            ov_tensor_create_from_host_ptr(
                input.elementType.openVINO, shape, UnsafeMutableRawPointer(mutating: start), tensor)
        }
        try set(tensor, at: index)
    }

    private func set(copy input: InferenceInput, at index: Int) throws(InferenceError) {
        let tensor: OpenVINOHandle
        if let kept = copies[index], kept.shape == input.shape, kept.type == input.elementType {
            tensor = kept.tensor
        } else {
            tensor = try Self.tensor(input, model) { ov_tensor_create(input.elementType.openVINO, $0, $1) }
            copies[index] = (input.shape, input.elementType, tensor)
        }
        var start: UnsafeMutableRawPointer?
        try OpenVINOCall.concurrent(.failure, "\(model): an input's memory") { ov_tensor_data(tensor.pointer, &start) }
        input.withBytes { bytes in
            if let start, let source = bytes.baseAddress { start.copyMemory(from: source, byteCount: bytes.count) }
        }
        try set(tensor, at: index)
    }

    private func set(_ tensor: OpenVINOHandle, at index: Int) throws(InferenceError) {
        try OpenVINOCall.concurrent(.wrongInput, "\(model): input \(index)") {
            ov_infer_request_set_input_tensor_by_index(handle.pointer, index, tensor.pointer)
        }
    }

    private static func tensor(
        _ input: InferenceInput, _ model: String,
        _ make: (ov_shape_t, UnsafeMutablePointer<OpaquePointer?>) -> ov_status_e
    ) throws(InferenceError) -> OpenVINOHandle {
        var sides = input.shape.map(Int64.init)
        let pointer = sides.withUnsafeMutableBufferPointer { sides in
            var pointer: OpaquePointer?
            let status = make(ov_shape_t(rank: Int64(sides.count), dims: sides.baseAddress), &pointer)
            return status == OK ? pointer : nil
        }
        guard let pointer else {
            throw InferenceError(.outOfResources, "\(model): no memory for an input of shape \(input.shape)")
        }
        return OpenVINOHandle(pointer, free: { ov_tensor_free($0) })
    }

    private func outputs() throws(InferenceError) -> InferenceOutputs {
        var outputs: [FloatOutput] = []
        for index in outputNames.indices { outputs.append(try output(at: index)) }
        return InferenceOutputs(names: outputNames, outputs: outputs)
    }

    private func output(at index: Int) throws(InferenceError) -> FloatOutput {
        let subject = "\(model): output \(outputNames[index])"
        var made: OpaquePointer?
        try OpenVINOCall.concurrent(.failure, subject) {
            ov_infer_request_get_output_tensor_by_index(handle.pointer, index, &made)
        }
        guard let tensor = made else { throw InferenceError(.failure, "\(subject) is not there") }
        defer { ov_tensor_free(tensor) }
        var type = DYNAMIC
        var shape = ov_shape_t()
        var byteCount = 0
        var start: UnsafeMutableRawPointer?
        try OpenVINOCall.concurrent(.failure, subject) { ov_tensor_get_element_type(tensor, &type) }
        guard let elementType = ElementType(type) else {
            throw InferenceError(.unsupportedOperator, "\(subject) is of a type that is not supported")
        }
        try OpenVINOCall.concurrent(.failure, subject) { ov_tensor_get_shape(tensor, &shape) }
        defer { ov_shape_free(&shape) }
        let sides = UnsafeBufferPointer(start: shape.dims, count: Int(shape.rank)).map { Int($0) }
        try OpenVINOCall.concurrent(.failure, subject) { ov_tensor_get_byte_size(tensor, &byteCount) }
        guard byteCount > 0 else { return FloatOutput(shape: sides, values: []) }
        try OpenVINOCall.concurrent(.failure, subject) { ov_tensor_data(tensor, &start) }
        return FloatOutput(
            shape: sides, values: elementType.floats(UnsafeRawBufferPointer(start: start, count: byteCount)))
    }
}
