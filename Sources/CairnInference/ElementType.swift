internal import COpenVINO

/// The types of numbers that cross the border of a model.
public enum ElementType: String, Sendable, Codable, CaseIterable {
    case float32, float64, float16, bfloat16, int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool

    /// Bytes of one element.
    public var size: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    private static let pairs: [(ElementType, ov_element_type_e)] = [
        (.float32, F32), (.float64, F64), (.float16, F16), (.bfloat16, BF16), (.int8, I8), (.int16, I16),
        (.int32, I32), (.int64, I64), (.uint8, U8), (.uint16, U16), (.uint32, U32), (.uint64, U64), (.bool, OV_BOOLEAN),
    ]

    /// OpenVINO's type; nil for those that no model here has at its border (strings, 4-bit numbers).
    init?(_ type: ov_element_type_e) {
        guard let pair = Self.pairs.first(where: { $0.1 == type }) else { return nil }
        self = pair.0
    }

    var openVINO: ov_element_type_e {
        Self.pairs.first { $0.0 == self }?.1 ?? DYNAMIC
    }

    /// Elements as floats. Integers beyond 2^24 lose their last bits.
    func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
        func convert<T>(_ type: T.Type, _ float: (T) -> Float) -> [Float] {
            bytes.withMemoryRebound(to: T.self) { $0.map(float) }
        }
        return switch self {
        case .float32: convert(Float.self) { $0 }
        case .float64: convert(Double.self) { Float($0) }
        case .float16: convert(UInt16.self, Self.half)
        case .bfloat16: convert(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .int8: convert(Int8.self) { Float($0) }
        case .int16: convert(Int16.self) { Float($0) }
        case .int32: convert(Int32.self) { Float($0) }
        case .int64: convert(Int64.self) { Float($0) }
        case .uint8, .bool: convert(UInt8.self) { Float($0) }
        case .uint16: convert(UInt16.self) { Float($0) }
        case .uint32: convert(UInt32.self) { Float($0) }
        case .uint64: convert(UInt64.self) { Float($0) }
        }
    }

    /// IEEE 754 half precision, exactly; written out because Swift's `Float16` needs newer processors on some systems.
    static func half(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1f
        let fraction = UInt32(bits & 0x3ff)
        switch exponent {
        case 0:
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 31: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
