/// What lies on the pickle machine's stack. Containers are numbers of nodes: so a container may change after it has been
/// stored elsewhere, as Python's do, and no chain of references is ever torn down recursively.
enum PickleItem {
    case none
    case bool(Bool)
    case integer(Int64)
    case largeInteger(ByteSlice)
    case double(Double)
    case string(String)
    case bytes(ByteSlice)
    /// Python 2's `str`: text or data, as its reader wants.
    case byteString(ByteSlice)
    case global(PickleGlobal)
    case node(Int)

    /// The text of either kind of string.
    var text: String? {
        switch self {
        case .string(let text): text
        case .byteString(let bytes): bytes.text()
        default: nil
        }
    }

    var integer: Int? {
        if case .integer(let value) = self { Int(value) } else { nil }
    }

    /// The data of bytes or of a Python 2 string.
    var data: ByteSlice? {
        switch self {
        case .bytes(let bytes), .byteString(let bytes): bytes
        default: nil
        }
    }
}

/// Something that can be referred to twice.
struct PickleNode {
    enum Kind {
        case list
        case tuple
        case set
        /// `items` are keys and values in turn.
        case dictionary
        case storage(TorchStorage)
        case tensor(TorchTensor)
        case numpyType(NumpyType)
        /// Nothing until `BUILD` has filled it.
        case numpyArray(NumpyArray?)
    }

    var kind: Kind
    var items: [PickleItem] = []
}

/// A storage that a persistent id names; where its bytes are is known later.
struct TorchStorage {
    var key: String
    /// Nothing for bytes without a type.
    var elementType: ElementType?
    /// In elements, or in bytes where there is no type.
    var count: Int
}

/// A tensor as a view of a storage.
struct TorchTensor {
    var storage: TorchStorage
    var elementType: ElementType
    var offset: Int
    var shape: [Int]
    var strides: [Int]
}

/// What a NumPy array's elements are.
struct NumpyType {
    enum Element: Equatable {
        case number(ElementType)
        case object
        /// UTF-32, padded with zeros.
        case text(length: Int)
        /// Bytes, padded with zeros.
        case byteText(length: Int)
    }

    var element: Element
    var byteOrder: ByteOrder

    /// Reads a type code such as `f4`, `<i8`, `O8`, `U12`, `S3`.
    init?(_ code: String) {
        var code = Substring(code)
        byteOrder = .little
        if let mark = code.first, "<>|=".contains(mark) {
            if mark == ">" { byteOrder = .big }
            code = code.dropFirst()
        }
        if let number = ElementType(numpyCode: code) {
            element = .number(number)
            return
        }
        let length = Int(code.dropFirst()) ?? 0
        switch code.first {
        case "O": element = .object
        case "U" where length > 0 && length < 1 << 20: element = .text(length: length)
        case "S" where length > 0 && length < 1 << 20: element = .byteText(length: length)
        default: return nil
        }
    }
}

/// A NumPy array's parts.
struct NumpyArray {
    var type: NumpyType
    var shape: [Int]
    var isFortranOrder: Bool
    /// Bytes; for objects a node.
    var content: PickleItem
}
