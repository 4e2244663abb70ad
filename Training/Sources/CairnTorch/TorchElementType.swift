import CTorch

/// How a tensor keeps its elements. Raw values are LibTorch's numbers.
public enum TorchElementType: Int32, Hashable, Sendable, CaseIterable {
    /// Bytes.
    case uint8 = 0
    /// 8-bit whole numbers.
    case int8 = 1
    /// 16-bit whole numbers.
    case int16 = 2
    /// 32-bit whole numbers.
    case int32 = 3
    /// 64-bit whole numbers: labels and indices.
    case int64 = 4
    /// IEEE half precision.
    case float16 = 5
    /// Single precision, what everything is unless it says otherwise.
    case float32 = 6
    /// Double precision.
    case float64 = 7
    /// Truth values.
    case bool = 11
    /// The upper half of single precision.
    case bfloat16 = 15
}
