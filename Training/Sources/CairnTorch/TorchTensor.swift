import CTorch
import CairnNN

/// A tensor of LibTorch: computes at once, and remembers what gradients need.
///
/// It is a reference: operators never change their operands unless their name ends in an underscore, as in PyTorch. Memory is
/// given back as soon as the last reference is gone. Not for use from several threads at a time.
public final class TorchTensor {
    let handle: cairn_torch_tensor

    /// Sizes of the axes.
    public let shape: Shape

    /// Takes a reference over from the shim.
    init(owning handle: cairn_torch_tensor) {
        self.handle = handle
        var few: (Int64, Int64, Int64, Int64, Int64, Int64) = (0, 0, 0, 0, 0, 0)
        shape = withUnsafeMutableBytes(of: &few) { bytes in
            let few = bytes.bindMemory(to: Int64.self)
            let rank = Int(cairn_torch_sizes(handle, few.baseAddress, Int32(few.count)))
            guard rank > few.count else { return Shape(few.prefix(rank).map(Int.init)) }
            var sizes = [Int64](repeating: 0, count: rank)
            _ = cairn_torch_sizes(handle, &sizes, Int32(rank))
            return Shape(sizes.map(Int.init))
        }
    }

    deinit { cairn_torch_release(handle) }

    /// How elements are kept.
    public var elementType: TorchElementType {
        TorchElementType(rawValue: cairn_torch_element_type(handle)) ?? .float32
    }

    /// Where it is.
    public var device: TorchDevice { TorchDevice(number: cairn_torch_device_of(handle)) }
}

// MARK: - Data in and out
extension TorchTensor {
    /// A tensor of 32-bit floats, row-major. Throws `TorchError` where values do not fill the shape.
    public convenience init(_ values: [Float], shape: Shape, device: TorchDevice = .cpu) throws(TorchError) {
        try self.init(copying: values, .float32, shape, device)
    }

    /// A tensor of whole numbers, such as labels, row-major. Literals with a shape are floats.
    @_disfavoredOverload
    public convenience init(_ values: [Int], shape: Shape? = nil, device: TorchDevice = .cpu) throws(TorchError) {
        try self.init(copying: values.map(Int64.init), .int64, shape ?? [values.count], device)
    }

    /// A tensor of double precision, row-major.
    public convenience init(doubles values: [Double], shape: Shape, device: TorchDevice = .cpu) throws(TorchError) {
        try self.init(copying: values, .float64, shape, device)
    }

    /// A tensor of bytes, row-major.
    public convenience init(bytes: [UInt8], shape: Shape, device: TorchDevice = .cpu) throws(TorchError) {
        try self.init(copying: bytes, .uint8, shape, device)
    }

    private convenience init<Element>(
        copying values: [Element], _ type: TorchElementType, _ shape: Shape, _ device: TorchDevice
    ) throws(TorchError) {
        guard values.count == shape.elementCount else {
            throw TorchError(.invalidArgument, "\(values.count) values do not fill \(shape)")
        }
        let sizes = shape.dimensions.map(Int64.init)
        let handle = try values.withUnsafeBufferPointer { buffer throws(TorchError) in
            try TorchError.check {
                cairn_torch_make(
                    buffer.baseAddress, type.rawValue, sizes, Int32(sizes.count), device.number, $0)
            }
        }
        guard let handle else { throw TorchError(.failure, "a tensor of \(shape) could not be made") }
        self.init(owning: handle)
    }

    /// All elements as 32-bit floats, row-major. Waits for the device.
    public func floats() throws(TorchError) -> [Float] { try read(.float32) }

    /// All elements in double precision, row-major. Waits for the device.
    public func doubles() throws(TorchError) -> [Double] { try read(.float64) }

    /// All elements as whole numbers, row-major. Waits for the device.
    public func integers() throws(TorchError) -> [Int] { try (read(.int64) as [Int64]).map(Int.init) }

    /// The element of a tensor that has one alone. Waits for the device.
    public func item() throws(TorchError) -> Double {
        guard shape.elementCount == 1 else {
            throw TorchError(.invalidArgument, "\(shape) has no single element")
        }
        return try doubles()[0]
    }

    func read<Element>(_ type: TorchElementType) throws(TorchError) -> [Element] {
        let count = shape.elementCount
        var failure: TorchError?
        let values = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(TorchError) {
                _ = try TorchError.check {
                    cairn_torch_read(handle, type.rawValue, buffer.baseAddress, Int64(count), $0)
                }
                initialized = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return values
    }

    /// The same elements of another type, on another device, or with channels innermost (`[N, C, H, W]` alone). Gradients flow
    /// through it.
    public func converted(
        to type: TorchElementType? = nil, on device: TorchDevice? = nil, channelsLast: Bool = false
    ) throws(TorchError) -> TorchTensor {
        let handle = try TorchError.check {
            cairn_torch_to(
                self.handle, (type ?? elementType).rawValue, (device ?? self.device).number, channelsLast, $0)
        }
        guard let handle else { throw TorchError(.failure, "\(shape) could not be converted") }
        return TorchTensor(owning: handle)
    }
}

// MARK: - Gradients
extension TorchTensor {
    /// Whether operators remember what its gradient needs. Setting it is for leaves.
    public var requiresGradient: Bool { cairn_torch_requires_gradient(handle) }

    /// Makes it a leaf whose gradient is wanted, or one whose gradient is not.
    @discardableResult
    public func requiringGradient(_ requires: Bool = true) throws(TorchError) -> TorchTensor {
        _ = try TorchError.check { cairn_torch_set_requires_gradient(handle, requires, $0) }
        return self
    }

    /// What backward passes have added up; `nil` where none has come here.
    public var gradient: TorchTensor? {
        get throws(TorchError) {
            try TorchError.check { cairn_torch_gradient(handle, $0) }.map(TorchTensor.init(owning:))
        }
    }

    /// Replaces the gradient, `nil` to forget it.
    public func setGradient(_ gradient: TorchTensor?) throws(TorchError) {
        _ = try TorchError.check { cairn_torch_set_gradient(handle, gradient?.handle, $0) }
    }

    /// Adds gradients to all leaves below. `cotangent` weighs the elements where there are several.
    public func backward(_ cotangent: TorchTensor? = nil) throws(TorchError) {
        _ = try TorchError.check { cairn_torch_backward(handle, cotangent?.handle, $0) }
    }
}
