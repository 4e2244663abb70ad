extension NumericArray {
    /// The elements in row-major order, in single precision: half precisions exactly, wider types rounded to nearest.
    ///
    /// One allocation; a contiguous `float32` array is one memory copy.
    public func floats() -> [Float] {
        if elementType == .float32, let plain = contiguousElements(as: Float.self) { return plain }
        return elements { type, bits in
            switch type {
            case .float16: Self.float(half: UInt16(truncatingIfNeeded: bits))
            case .bfloat16: Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16)
            case .float32: Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            case .float64: Float(Double(bitPattern: bits))
            case .uint64: Float(bits)
            case .bool: bits == 0 ? 0 : 1
            default: Float(Self.signed(bits, type))
            }
        }
    }

    /// The elements in row-major order, in double precision: exact for all types up to 32 bits, rounded for wider integers.
    public func doubles() -> [Double] {
        if elementType == .float64, let plain = contiguousElements(as: Double.self) { return plain }
        return elements { type, bits in
            switch type {
            case .float16: Double(Self.float(half: UInt16(truncatingIfNeeded: bits)))
            case .bfloat16: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
            case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
            case .float64: Double(bitPattern: bits)
            case .uint64: Double(bits)
            case .bool: bits == 0 ? 0 : 1
            default: Double(Self.signed(bits, type))
            }
        }
    }

    /// The elements in row-major order, as integers.
    ///
    /// - Throws: `invalidInput` for floating-point elements and for unsigned ones above `Int64.max`.
    public func integers() throws(FormatError) -> [Int64] {
        guard !elementType.isFloatingPoint else {
            throw FormatError(.invalidInput, "integers were asked of an array of \(elementType.rawValue)")
        }
        if elementType == .int64, let plain = contiguousElements(as: Int64.self) { return plain }
        let values: [Int64] = elements { type, bits in
            type == .bool ? (bits == 0 ? 0 : 1) : Self.signed(bits, type)
        }
        guard elementType != .uint64 || values.allSatisfy({ $0 >= 0 }) else {
            throw FormatError(.invalidInput, "an element of uint64 is above \(Int64.max)")
        }
        return values
    }

    /// The elements in row-major order, least significant byte first.
    func rowMajorLittleEndianBytes() -> [UInt8] {
        func bytes<Bits: FixedWidthInteger & BitwiseCopyable>(_ values: [Bits]) -> [UInt8] {
            values.withUnsafeBytes { Array($0) }
        }
        return switch elementType.byteCount {
        case 1: elements(of: UInt8.self) { UInt8(truncatingIfNeeded: $0) }
        case 2: bytes(elements(of: UInt16.self) { UInt16(truncatingIfNeeded: $0).littleEndian })
        case 4: bytes(elements(of: UInt32.self) { UInt32(truncatingIfNeeded: $0).littleEndian })
        default: bytes(elements(of: UInt64.self) { $0.littleEndian })
        }
    }

    /// The half precision number with these bits. Written out since the processor's own instruction is not in every x86-64.
    static func float(half bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let magnitude = UInt32(bits & 0x7FFF)
        if magnitude >= 0x7C00 {
            return Float(bitPattern: sign | 0x7F80_0000 | (magnitude & 0x3FF) << 13)
        }
        if magnitude < 0x400 {
            // Subnormal: the fraction counts in units of 2^-24.
            let value = Float(magnitude) * 0x1p-24
            return sign == 0 ? value : -value
        }
        return Float(bitPattern: sign | (magnitude << 13) + 0x3800_0000)
    }

    private static func signed(_ bits: UInt64, _ type: ElementType) -> Int64 {
        switch type {
        case .int8: Int64(Int8(truncatingIfNeeded: bits))
        case .int16: Int64(Int16(truncatingIfNeeded: bits))
        case .int32: Int64(Int32(truncatingIfNeeded: bits))
        default: Int64(bitPattern: bits)
        }
    }

    private func contiguousElements<Element: BitwiseCopyable>(as type: Element.Type) -> [Element]? {
        withUnsafeBytes { source in
            [Element](unsafeUninitializedCapacity: count) { target, filled in
                UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
                filled = count
            }
        }
    }

    /// Every element's bits in row-major order through `convert`, whose type argument is constant in each loop.
    @inline(__always)
    private func elements<Element: BitwiseCopyable>(
        _ convert: (ElementType, UInt64) -> Element
    ) -> [Element] {
        switch elementType {
        case .float16: elements(of: UInt16.self) { convert(.float16, $0) }
        case .bfloat16: elements(of: UInt16.self) { convert(.bfloat16, $0) }
        case .float32: elements(of: UInt32.self) { convert(.float32, $0) }
        case .float64: elements(of: UInt64.self) { convert(.float64, $0) }
        case .int8: elements(of: UInt8.self) { convert(.int8, $0) }
        case .int16: elements(of: UInt16.self) { convert(.int16, $0) }
        case .int32: elements(of: UInt32.self) { convert(.int32, $0) }
        case .int64: elements(of: UInt64.self) { convert(.int64, $0) }
        case .uint8: elements(of: UInt8.self) { convert(.uint8, $0) }
        case .uint16: elements(of: UInt16.self) { convert(.uint16, $0) }
        case .uint32: elements(of: UInt32.self) { convert(.uint32, $0) }
        case .uint64: elements(of: UInt64.self) { convert(.uint64, $0) }
        case .bool: elements(of: UInt8.self) { convert(.bool, $0) }
        }
    }

    @inline(__always)
    private func elements<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable, Element: BitwiseCopyable>(
        of bits: Bits.Type, _ convert: (UInt64) -> Element
    ) -> [Element] {
        guard count > 0 else { return [] }
        // A scalar is a row of one.
        let length = shape.last ?? 1
        let stride = (strides.last ?? 1) * MemoryLayout<Bits>.size
        let isBig = byteOrder == .big
        return bytes.withUnsafeBytes { source in
            [Element](unsafeUninitializedCapacity: count) { target, filled in
                forEachRow { row, start in
                    var position = start * MemoryLayout<Bits>.size
                    let first = row * length
                    for column in 0..<length {
                        let raw = source.loadUnaligned(fromByteOffset: position, as: Bits.self)
                        target.initializeElement(
                            at: first + column,
                            to: convert(UInt64(isBig ? Bits(bigEndian: raw) : Bits(littleEndian: raw))))
                        position += stride
                    }
                }
                filled = count
            }
        }
    }

    /// Calls `body` with the number of each row (all dimensions but the last) and its first element's position.
    @inline(__always)
    private func forEachRow(_ body: (Int, Int) -> Void) {
        let outer = max(0, shape.count - 1)
        var index = [Int](repeating: 0, count: outer)
        var start = 0
        for row in 0..<(count / (shape.last ?? 1)) {
            body(row, start)
            var dimension = outer - 1
            while dimension >= 0 {
                index[dimension] += 1
                start += strides[dimension]
                if index[dimension] < shape[dimension] { break }
                start -= index[dimension] * strides[dimension]
                index[dimension] = 0
                dimension -= 1
            }
        }
    }
}
