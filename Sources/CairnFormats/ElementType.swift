/// What one element of an array is.
public enum ElementType: String, Sendable, Codable, CaseIterable {
    /// IEEE 754 half precision.
    case float16
    /// The upper half of a `float32`.
    case bfloat16
    /// IEEE 754 single precision.
    case float32
    /// IEEE 754 double precision.
    case float64
    /// Signed, 8 bits.
    case int8
    /// Signed, 16 bits.
    case int16
    /// Signed, 32 bits.
    case int32
    /// Signed, 64 bits.
    case int64
    /// Unsigned, 8 bits.
    case uint8
    /// Unsigned, 16 bits.
    case uint16
    /// Unsigned, 32 bits.
    case uint32
    /// Unsigned, 64 bits.
    case uint64
    /// One byte: zero is false, everything else true.
    case bool

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    /// Whether values can have fractions.
    public var isFloatingPoint: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        default: false
        }
    }

    /// The type that a NumPy type code such as "f4" means, without its byte order. NumPy has no `bfloat16`.
    init?(numpyCode: some StringProtocol) {
        switch numpyCode {
        case "f2": self = .float16
        case "f4": self = .float32
        case "f8": self = .float64
        case "i1": self = .int8
        case "i2": self = .int16
        case "i4": self = .int32
        case "i8": self = .int64
        case "u1": self = .uint8
        case "u2": self = .uint16
        case "u4": self = .uint32
        case "u8": self = .uint64
        case "b1": self = .bool
        default: return nil
        }
    }

    /// The reverse of `init(numpyCode:)`.
    var numpyCode: String? {
        switch self {
        case .bfloat16: nil
        case .bool: "b1"
        case .float16, .float32, .float64: "f\(byteCount)"
        case .int8, .int16, .int32, .int64: "i\(byteCount)"
        case .uint8, .uint16, .uint32, .uint64: "u\(byteCount)"
        }
    }
}
