/// The beginning of a `.npy` file: magic, version, and a Python dictionary literal with type, order and shape.
///
/// Format: NumPy Enhancement Proposal 1; versions 2 (longer headers) and 3 (UTF-8) as in NumPy's `numpy.lib.format`.
struct NPYHeader {
    var elementType: ElementType
    var byteOrder: ByteOrder
    /// Whether the first index runs fastest.
    var isFortranOrder: Bool
    var shape: [Int]

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// A header needs some 100 bytes; more than this is no header of a plain array.
    static let maximumByteCount = 1 << 16

    init(elementType: ElementType, byteOrder: ByteOrder = .little, isFortranOrder: Bool = false, shape: [Int]) {
        self.elementType = elementType
        self.byteOrder = byteOrder
        self.isFortranOrder = isFortranOrder
        self.shape = shape
    }

    /// Reads a header and leaves `reader` at the first element.
    init(_ reader: inout ByteReader) throws(FormatError) {
        let source = reader.source
        guard reader.remaining >= Self.magic.count, try reader.take(Self.magic.count).copy() == Self.magic else {
            throw FormatError.malformed(source, "it does not begin as a .npy file")
        }
        let version = try reader.byte()
        _ = try reader.byte()
        let length: Int
        switch version {
        case 1: length = Int(try reader.integer(UInt16.self))
        case 2, 3: length = Int(try reader.integer(UInt32.self))
        default: throw FormatError(.unsupported, "\(source) is of .npy version \(version); versions 1 to 3 are known")
        }
        guard length <= Self.maximumByteCount else {
            throw FormatError(.limitExceeded, "\(source) has a .npy header of \(length) bytes; it holds no plain array")
        }
        var literal = PythonLiteral(try reader.take(length))
        var (type, order, shape): (String?, Bool?, [Int]?) = (nil, nil, nil)
        try literal.dictionary { (key, literal) throws(FormatError) in
            switch key {
            case "descr" where type == nil: type = try literal.string()
            case "fortran_order" where order == nil: order = try literal.bool()
            case "shape" where shape == nil: shape = try literal.tuple()
            default:
                throw FormatError.malformed(source, "its header's key \(FormatError.quoted(key)) is unknown or doubled")
            }
        }
        guard let type, let order, let shape else {
            throw FormatError.malformed(source, "its header lacks one of descr, fortran_order and shape")
        }
        guard let first = type.first, "<>|=".contains(first), let element = ElementType(numpyCode: type.dropFirst())
        else {
            throw FormatError(
                .unsupported,
                "\(source) holds elements of type \(FormatError.quoted(type)); plain numbers and booleans can be read")
        }
        self.init(
            elementType: element, byteOrder: first == ">" ? .big : first == "=" ? .native : .little,
            isFortranOrder: order, shape: shape)
    }

    /// The header as version 1 writes it, so padded with spaces that the elements begin at a multiple of 64 bytes.
    ///
    /// - Parameter reserve: bytes left free, for a shape that will grow.
    /// - Throws: `unsupported` for `bfloat16`, which NumPy does not know.
    func encoded(reserve: Int = 0) throws(FormatError) -> [UInt8] {
        guard let code = elementType.numpyCode else {
            throw FormatError(.unsupported, ".npy has no \(elementType.rawValue); convert to float32 first")
        }
        let mark = elementType.byteCount == 1 ? "|" : byteOrder == .little ? "<" : ">"
        let lengths = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let order = isFortranOrder ? "True" : "False"
        let literal = "{'descr': '\(mark)\(code)', 'fortran_order': \(order), 'shape': (\(lengths)), }"
        let total = (Self.magic.count + 4 + literal.utf8.count + reserve + 1 + 63) / 64 * 64
        return Self.padded(literal, toTotal: total)
    }

    /// The header in exactly `total` bytes, to replace one written with a reserve.
    func encoded(total: Int) throws(FormatError) -> [UInt8] {
        let plain = try encoded()
        let text = plain.dropFirst(Self.magic.count + 4)
        let literal = String(decoding: text, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        let trimmed = literal.prefix { $0 != "}" } + "}"
        precondition(trimmed.utf8.count + Self.magic.count + 5 <= total, "a header of \(plain.count) bytes in \(total)")
        return Self.padded(String(trimmed), toTotal: total)
    }

    private static func padded(_ literal: String, toTotal total: Int) -> [UInt8] {
        let length = total - magic.count - 4
        var bytes = magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
        bytes += Array(literal.utf8)
        bytes += [UInt8](repeating: 0x20, count: total - 1 - bytes.count)
        bytes.append(0x0A)
        return bytes
    }
}
