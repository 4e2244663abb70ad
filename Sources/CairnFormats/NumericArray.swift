/// The order of an element's bytes.
public enum ByteOrder: Sendable {
    /// Least significant byte first.
    case little
    /// Most significant byte first.
    case big

    /// This machine's order.
    static var native: ByteOrder { 1.littleEndian == 1 ? .little : .big }
}

/// A typed view of shared bytes: a mapped file's array costs nothing until it is read.
///
/// Element `[i, j, …]` is the `i * strides[0] + j * strides[1] + …`-th of the bytes. Strides are never negative; they are
/// zero where a dimension repeats its elements. Every element of a view lies within its bytes.
public struct NumericArray: Sendable {
    /// What an element is.
    public let elementType: ElementType

    /// Length of each dimension; empty for a scalar.
    public let shape: [Int]

    /// Elements to skip for the next index of each dimension.
    public let strides: [Int]

    /// The order of bytes within an element.
    public let byteOrder: ByteOrder

    /// The number of elements, as many as the shape's product.
    public let count: Int

    /// The bytes, from the first element's on.
    let bytes: ByteSlice

    /// The most dimensions that an array may have.
    static let maximumRank = 64

    /// The most elements of a view that repeats them, since such a view can be larger than its file at no cost to its maker.
    static let maximumRepeatedCount = 1 << 24

    /// Makes a view after checking that it lies within `bytes`. Without strides it is in row-major order.
    ///
    /// - Throws: `invalidInput` for a shape or strides that cannot be; `what` names the array in messages.
    init(
        _ elementType: ElementType, shape: [Int], strides: [Int]? = nil, byteOrder: ByteOrder = .little,
        bytes: ByteSlice, what: @autoclosure () -> String
    ) throws(FormatError) {
        let count = try Self.count(of: shape, source: bytes.source, what: what())
        let strides = strides ?? Self.rowMajorStrides(shape)
        guard strides.count == shape.count else {
            throw FormatError.malformed(
                bytes.source, "\(what()) has \(shape.count) dimensions and \(strides.count) strides")
        }
        if count > 0 {
            let available = bytes.count / elementType.byteCount
            let last = zip(shape, strides).reduce(into: Int?(0)) { last, dimension in
                let (length, stride) = dimension
                guard let sum = last, stride >= 0 else { return last = nil }
                let (step, overflows) = (length - 1).multipliedReportingOverflow(by: stride)
                let (next, exceeds) = sum.addingReportingOverflow(step)
                last = overflows || exceeds ? nil : next
            }
            guard let last, last < available else {
                throw FormatError.malformed(
                    bytes.source,
                    "\(what()) of shape \(shape) with strides \(strides) reaches past its \(available) elements")
            }
            guard count <= max(available, Self.maximumRepeatedCount) else {
                throw FormatError(
                    .limitExceeded,
                    "\(bytes.source): \(what()) repeats \(available) elements to \(count); store it plainly")
            }
        }
        self.elementType = elementType
        self.shape = shape
        self.strides = strides
        self.byteOrder = byteOrder
        self.count = count
        self.bytes = bytes
    }

    /// Makes an array of its own from elements in row-major order.
    ///
    /// - Precondition: `shape` has as many elements as there are.
    private init<Element: BitwiseCopyable>(_ type: ElementType, _ elements: [Element], _ shape: [Int]?) {
        let shape = shape ?? [elements.count]
        precondition(shape.reduce(1, *) == elements.count, "\(elements.count) elements for shape \(shape)")
        elementType = type
        self.shape = shape
        strides = Self.rowMajorStrides(shape)
        byteOrder = .native
        count = elements.count
        bytes = ByteStorage(copying: elements).all
    }

    /// Makes an array of single precision. `shape` defaults to one dimension; its product is the number of elements.
    public init(_ elements: [Float], shape: [Int]? = nil) { self.init(.float32, elements, shape) }

    /// Makes an array of 64-bit integers. `shape` defaults to one dimension; its product is the number of elements.
    public init(_ elements: [Int64], shape: [Int]? = nil) { self.init(.int64, elements, shape) }

    /// Makes an array of 32-bit integers. `shape` defaults to one dimension; its product is the number of elements.
    public init(_ elements: [Int32], shape: [Int]? = nil) { self.init(.int32, elements, shape) }

    /// Makes an array of bytes. `shape` defaults to one dimension; its product is the number of elements.
    public init(_ elements: [UInt8], shape: [Int]? = nil) { self.init(.uint8, elements, shape) }

    /// Whether the elements lie in row-major order without gaps, in this machine's byte order: then `withUnsafeBytes`
    /// gives them all.
    public var isContiguous: Bool {
        (byteOrder == .native || elementType.byteCount == 1) && isRowMajor
    }

    /// Whether the elements lie in row-major order without gaps, in whatever byte order.
    var isRowMajor: Bool {
        guard count > 0 else { return true }
        return zip(zip(shape, strides), Self.rowMajorStrides(shape)).allSatisfy { dimension, expected in
            dimension.0 == 1 || dimension.1 == expected
        }
    }

    /// Calls `body` with the elements' bytes where they lie, or returns nothing where the array is not contiguous.
    /// The address is not aligned in general.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard isContiguous else { return nil }
        let size = count * elementType.byteCount
        return try bytes.withUnsafeBytes { (all) throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: all[..<size]))
        }
    }

    /// The product of a shape, if it can be one.
    static func count(of shape: [Int], source: String, what: @autoclosure () -> String) throws(FormatError) -> Int {
        guard shape.count <= maximumRank else {
            throw FormatError.malformed(source, "\(what()) has \(shape.count) dimensions; the most are \(maximumRank)")
        }
        var count = 1
        for length in shape {
            // An empty dimension must not excuse an absurd one, so it counts as one here.
            let (product, overflows) = count.multipliedReportingOverflow(by: max(1, length))
            guard length >= 0, !overflows, product <= Int.max >> 4 else {
                throw FormatError.malformed(source, "\(what()) has the impossible shape \(shape)")
            }
            count = product
        }
        return shape.contains(0) ? 0 : count
    }

    /// Strides of a shape whose last index runs fastest.
    static func rowMajorStrides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for index in shape.indices.dropLast().reversed() {
            strides[index] = strides[index + 1] * max(1, shape[index + 1])
        }
        return strides
    }
}
