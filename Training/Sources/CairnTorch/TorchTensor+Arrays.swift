import CTorch
import CairnFormats
import CairnNN

/// Tensors as files hold them.
extension TorchTensor {
    /// A tensor with the elements of an array, in its element type. Throws `TorchError` for types that LibTorch has not.
    public convenience init(_ array: NumericArray, device: TorchDevice = .cpu) throws(TorchError) {
        guard let type = TorchElementType(array.elementType) else {
            throw TorchError(
                .unsupported, "LibTorch computes nothing with \(array.elementType.rawValue); write another type")
        }
        let sizes = array.shape.map(Int64.init)
        func made(_ bytes: UnsafeRawBufferPointer, _ type: TorchElementType) throws(TorchError) -> cairn_torch_tensor? {
            try TorchError.check {
                cairn_torch_make(bytes.baseAddress, type.rawValue, sizes, Int32(sizes.count), device.number, $0)
            }
        }
        var handle = try array.withUnsafeBytes { (bytes) throws(TorchError) in try made(bytes, type) } ?? nil
        if handle == nil {
            // Not in order: through double precision, which holds what checkpoints have but whole numbers above 2^53.
            let doubles = array.doubles()
            let wide = try TorchTensor(doubles: doubles, shape: Shape(array.shape), device: device)
            handle = try TorchError.check { cairn_torch_to(wide.handle, type.rawValue, device.number, false, $0) }
        }
        guard let handle else { throw TorchError(.failure, "a tensor of \(Shape(array.shape)) could not be made") }
        self.init(owning: handle)
    }

    /// A copy of the elements, row-major, in the tensor's element type. Waits for the device.
    public func array() throws -> NumericArray {
        switch elementType {
        case .float32: return NumericArray(try read(.float32) as [Float], shape: shape.dimensions)
        case .int64: return NumericArray(try read(.int64) as [Int64], shape: shape.dimensions)
        case .int32: return NumericArray(try read(.int32) as [Int32], shape: shape.dimensions)
        case .uint8: return NumericArray(try read(.uint8) as [UInt8], shape: shape.dimensions)
        case .float64: return try array(of: [Double].self, "F64")
        case .float16: return try array(of: [UInt16].self, "F16")
        case .bfloat16: return try array(of: [UInt16].self, "BF16")
        case .int16: return try array(of: [Int16].self, "I16")
        case .int8: return try array(of: [Int8].self, "I8")
        case .bool: return try array(of: [UInt8].self, "BOOL")
        }
    }

    /// An array of a type for which there is no initialiser: the content of a file of one tensor.
    private func array<Element>(of _: [Element].Type, _ code: String) throws -> NumericArray {
        let elements: [Element] = try read(elementType)
        let size = elements.count * MemoryLayout<Element>.stride
        let header = "{\"\":{\"dtype\":\"\(code)\",\"shape\":\(shape),\"data_offsets\":[0,\(size)]}}"
        var file = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { [UInt8]($0) }
        file += header.utf8
        elements.withUnsafeBytes { file += $0 }
        return try SafetensorsFile(ByteStorage(copying: file, source: "a tensor").all).array(named: "")
    }

    /// Copies another tensor's elements into this one's memory, converted where types or devices differ; shapes broadcast.
    ///
    /// Gradients do not see it: whoever holds this tensor, such as layers and optimisers, goes on with the new values.
    public func copy(from other: TorchTensor) throws(TorchError) {
        let before = cairn_torch_set_recording(false)
        defer { _ = cairn_torch_set_recording(before) }
        try ATen.copy.run(self, other)
    }
}

extension TorchElementType {
    /// LibTorch's type for a file's; `nil` for those that it has not.
    public init?(_ type: ElementType) {
        switch type {
        case .float16: self = .float16
        case .bfloat16: self = .bfloat16
        case .float32: self = .float32
        case .float64: self = .float64
        case .int8: self = .int8
        case .int16: self = .int16
        case .int32: self = .int32
        case .int64: self = .int64
        case .uint8: self = .uint8
        case .bool: self = .bool
        case .uint16, .uint32, .uint64: return nil
        }
    }
}
