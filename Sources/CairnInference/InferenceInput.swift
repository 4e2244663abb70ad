/// A tensor to give a model: elements in row-major order, a shape, and the input that it is for.
public struct InferenceInput: Sendable {
    enum Storage {
        case floats([Float])
        case bytes([UInt8])
        case integers([Int64])
        case borrowed(UnsafeRawBufferPointer)
    }

    /// The name of the input; nil takes the model's inputs in their order.
    public var name: String?

    /// Its sides, outermost first.
    public let shape: [Int]

    /// The type of its elements.
    public let elementType: ElementType

    nonisolated(unsafe) let storage: Storage

    private init(_ storage: Storage, _ elementType: ElementType, shape: [Int], name: String?) {
        self.storage = storage
        self.elementType = elementType
        self.shape = shape
        self.name = name
    }

    /// Floats.
    public init(_ values: [Float], shape: [Int], name: String? = nil) {
        self.init(.floats(values), .float32, shape: shape, name: name)
    }

    /// Bytes.
    public init(_ values: [UInt8], shape: [Int], name: String? = nil) {
        self.init(.bytes(values), .uint8, shape: shape, name: name)
    }

    /// Integers, as models that take indices want them.
    public init(_ values: [Int64], shape: [Int], name: String? = nil) {
        self.init(.integers(values), .int64, shape: shape, name: name)
    }

    /// An image for a model with `ImagePreprocessing`: rows of interleaved 8-bit samples; shape 1 x H x W x C.
    public static func image(
        _ samples: [UInt8], width: Int, height: Int, channels: Int = 3, name: String? = nil
    ) -> InferenceInput {
        InferenceInput(samples, shape: [1, height, width, channels], name: name)
    }

    /// Memory of the caller's, never copied. It must stay valid and unchanged until the inference that takes it has
    /// returned, asynchronous ones too.
    public init(
        unsafeBorrowing bytes: UnsafeRawBufferPointer, elementType: ElementType, shape: [Int], name: String? = nil
    ) {
        self.init(.borrowed(bytes), elementType, shape: shape, name: name)
    }

    /// The number of bytes there are.
    var byteCount: Int {
        switch storage {
        case .floats(let values): values.count * MemoryLayout<Float>.stride
        case .bytes(let values): values.count
        case .integers(let values): values.count * MemoryLayout<Int64>.stride
        case .borrowed(let bytes): bytes.count
        }
    }

    /// The number of bytes that the shape asks for; nil when no memory could hold it.
    var expectedByteCount: Int? {
        var count = elementType.size
        for side in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: side)
            guard side >= 0, !overflow else { return nil }
            count = product
        }
        return count
    }

    /// The elements, for as long as `body` runs.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        switch storage {
        case .floats(let values): try values.withUnsafeBytes(body)
        case .bytes(let values): try values.withUnsafeBytes(body)
        case .integers(let values): try values.withUnsafeBytes(body)
        case .borrowed(let bytes): try body(bytes)
        }
    }

    /// Throws unless the tensor fits the input that it is for.
    func validate(for input: TensorDescription, of model: String) throws(InferenceError) {
        let sides = shape.map(String.init).joined(separator: "x")
        guard elementType == input.elementType, input.accepts(shape) else {
            let given = "\(elementType.rawValue) \(sides.isEmpty ? "scalar" : sides)"
            throw InferenceError(.wrongInput, "\(model) takes \(input), not \(given)")
        }
        guard let expected = expectedByteCount, expected == byteCount else {
            let held = byteCount / elementType.size
            throw InferenceError(.wrongInput, "\(model): \(held) elements given for \(input.name) of shape \(sides)")
        }
    }
}
