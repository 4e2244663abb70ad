/// Types of numbers, as ONNX counts them.
public enum ElementType: Int32, Sendable, Hashable, CaseIterable {
    /// 32-bit float.
    case float = 1
    /// Byte.
    case uint8 = 2
    /// Signed byte.
    case int8 = 3
    /// 16-bit unsigned.
    case uint16 = 4
    /// 16-bit signed.
    case int16 = 5
    /// 32-bit signed.
    case int32 = 6
    /// 64-bit signed.
    case int64 = 7
    /// Text.
    case string = 8
    /// True or false.
    case bool = 9
    /// Half-precision float.
    case float16 = 10
    /// 64-bit float.
    case double = 11
    /// 32-bit unsigned.
    case uint32 = 12
    /// 64-bit unsigned.
    case uint64 = 13
    /// The upper half of a 32-bit float.
    case bfloat16 = 16
}
