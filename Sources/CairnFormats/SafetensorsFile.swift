/// A `.safetensors` file, mapped: a JSON header with names, types, shapes and offsets, then the tensors' bytes.
///
/// Format: the `safetensors` project's README, "Format". Its rules are checked strictly: the header is at most 100 MB, offsets
/// lie in the file, tensors neither overlap nor leave holes, and no name comes twice.
public struct SafetensorsFile: Sendable {
    /// The tensors' names, in the order of their bytes.
    public let names: [String]

    /// The header's own words, such as `format`: `pt`.
    public let metadata: [String: String]

    private let arrays: [String: NumericArray]

    /// The longest header, as the format's own limit.
    static let maximumHeaderSize = 100_000_000

    private struct Record {
        var name: String
        var type: ElementType
        var shape: [Int]
        var range: Range<Int>
    }

    /// Maps the file at `path`.
    public init(contentsOf path: String) throws(FormatError) {
        try self.init(ByteStorage(mapping: path).all)
    }

    /// Views bytes that hold a whole file.
    public init(_ bytes: ByteSlice) throws(FormatError) {
        var reader = ByteReader(bytes)
        let headerSize = try reader.integer(UInt64.self)
        guard headerSize <= Self.maximumHeaderSize else {
            throw FormatError(
                .limitExceeded, "\(bytes.source) has a header of \(headerSize) bytes; it is no .safetensors file")
        }
        let header = try reader.take(Int(headerSize))
        let content = try reader.take(reader.remaining)
        var (records, metadata) = try header.withUnsafeBytes { (raw) throws(FormatError) in
            try Self.parse(raw, source: bytes.source)
        }
        records.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        var end = 0
        var arrays: [String: NumericArray] = [:]
        for record in records {
            guard record.range.lowerBound == end else {
                let fault = record.range.lowerBound < end ? "overlaps the tensor before it" : "leaves a hole before it"
                throw FormatError.malformed(bytes.source, "\(FormatError.quoted(record.name)) \(fault)")
            }
            end = record.range.upperBound
            let name = FormatError.quoted(record.name)
            let slice = try content.part(at: record.range.lowerBound, count: record.range.count, name)
            let array = try NumericArray(record.type, shape: record.shape, bytes: slice, what: name)
            guard array.count * record.type.byteCount == record.range.count else {
                throw FormatError.malformed(
                    bytes.source, "\(name) of shape \(record.shape) has \(record.range.count) bytes, which do not fit")
            }
            arrays[record.name] = array
        }
        guard end == content.count else {
            throw FormatError.malformed(bytes.source, "\(content.count - end) bytes belong to no tensor")
        }
        names = records.map(\.name)
        self.metadata = metadata
        self.arrays = arrays
    }

    /// The tensor of that name, where it lies in the file.
    public func array(named name: String) throws(FormatError) -> NumericArray {
        guard let array = arrays[name] else {
            throw FormatError(.notFound, "there is no tensor \(FormatError.quoted(name)) among \(names.count)")
        }
        return array
    }

    private static func parse(
        _ raw: UnsafeRawBufferPointer, source: String
    ) throws(FormatError) -> ([Record], [String: String]) {
        guard raw.first == UInt8(ascii: "{") else {
            throw FormatError.malformed(source, "it does not begin as a .safetensors file")
        }
        var scanner = JSONScanner(raw, source: source)
        var records: [Record] = []
        var metadata: [String: String] = [:]
        try scanner.object { (name, scanner) throws(FormatError) in
            if name == "__metadata__" {
                try scanner.object { (key, scanner) throws(FormatError) in metadata[key] = try scanner.string() }
            } else {
                records.append(try record(name, &scanner, source: source))
            }
        }
        try scanner.end()
        return (records, metadata)
    }

    private static func record(
        _ name: String, _ scanner: inout JSONScanner, source: String
    ) throws(FormatError) -> Record {
        var (type, shape, offsets): (String?, [Int]?, [Int]?) = (nil, nil, nil)
        try scanner.object { (key, scanner) throws(FormatError) in
            switch key {
            case "dtype": type = try scanner.string()
            case "shape": shape = try scanner.counts(limit: NumericArray.maximumRank)
            case "data_offsets": offsets = try scanner.counts(limit: 2)
            default:
                throw FormatError.malformed(
                    source, "\(FormatError.quoted(name)) has the unknown field \(FormatError.quoted(key))")
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
            throw FormatError.malformed(
                source, "\(FormatError.quoted(name)) lacks a type, a shape or two ordered offsets")
        }
        guard let element = ElementType(safetensorsCode: type) else {
            throw FormatError(
                .unsupported,
                "\(source): \(FormatError.quoted(name)) is of type \(FormatError.quoted(type)), which cannot be read")
        }
        return Record(name: name, type: element, shape: shape, range: offsets[0]..<offsets[1])
    }
}

extension ElementType {
    /// The type that the format's `dtype` means.
    init?(safetensorsCode code: String) {
        guard let type = Self.allCases.first(where: { $0.safetensorsCode == code }) else { return nil }
        self = type
    }

    /// The format's `dtype`.
    var safetensorsCode: String {
        switch self {
        case .bool: "BOOL"
        case .bfloat16: "BF16"
        case .float16, .float32, .float64: "F\(byteCount * 8)"
        case .int8, .int16, .int32, .int64: "I\(byteCount * 8)"
        case .uint8, .uint16, .uint32, .uint64: "U\(byteCount * 8)"
        }
    }
}
