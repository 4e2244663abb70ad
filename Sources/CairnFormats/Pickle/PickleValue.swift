/// What a pickle holds: Python's plain data, with arrays of NumPy and torch as views.
public enum PickleValue: Sendable {
    /// `None`.
    case none
    /// `True` or `False`.
    case bool(Bool)
    /// An `int` of up to 64 bits.
    case integer(Int64)
    /// A wider `int`: two's complement, least significant byte first.
    case largeInteger([UInt8])
    /// A `float`.
    case double(Double)
    /// A `str`; Python 2's byte strings too, as UTF-8 where they are, else as Latin 1. A torch type is its name.
    case string(String)
    /// `bytes` or a `bytearray`.
    case bytes([UInt8])
    /// A `list`, or a one-dimensional NumPy array of objects or of strings.
    case list([PickleValue])
    /// A `tuple`, or a `torch.Size`.
    case tuple([PickleValue])
    /// A `set` or `frozenset`, in the order of the file.
    case set([PickleValue])
    /// A `dict` or `OrderedDict`.
    case dictionary(PickleDictionary)
    /// A NumPy array, a torch tensor or a torch parameter.
    indirect case array(NumericArray)

    /// The dictionary, where it is one.
    public var dictionaryValue: PickleDictionary? {
        if case .dictionary(let value) = self { value } else { nil }
    }

    /// The elements of a list, tuple or set.
    public var elements: [PickleValue]? {
        switch self {
        case .list(let values), .tuple(let values), .set(let values): values
        default: nil
        }
    }

    /// The text, where it is a string.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The number, where it is an integer of up to 64 bits.
    public var integerValue: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The number, where it is a float or an integer.
    public var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// The array or tensor, where it is one.
    public var arrayValue: NumericArray? {
        if case .array(let value) = self { value } else { nil }
    }

    /// What stands under a string key of a dictionary.
    public subscript(key: String) -> PickleValue? { dictionaryValue?[key] }
}

/// A Python dictionary, in the order in which its keys came. A key that came again has its last value.
public struct PickleDictionary: Sendable {
    /// A key and what stands under it.
    public struct Entry: Sendable {
        /// A plain value.
        public var key: PickleValue
        /// Anything.
        public var value: PickleValue
    }

    /// Keys and values in order.
    public private(set) var entries: [Entry] = []

    private var positions: [Key: Int] = [:]

    /// What a key may be; Python's `1` and `True` are told apart here.
    enum Key: Hashable {
        case none
        case bool(Bool)
        case integer(Int64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case tuple([Key])
    }

    /// What stands under a string key, in constant time.
    public subscript(key: String) -> PickleValue? {
        positions[.string(key)].map { entries[$0].value }
    }

    /// The string keys, in order.
    public var stringKeys: [String] { entries.compactMap(\.key.stringValue) }

    mutating func set(_ key: Key, _ entry: Entry) {
        if let position = positions[key] {
            entries[position].value = entry.value
        } else {
            positions[key] = entries.count
            entries.append(entry)
        }
    }
}
