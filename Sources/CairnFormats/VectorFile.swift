/// The files of vectors that nearest-neighbour benchmarks (SIFT1M and its successors) come in: each vector is its
/// dimension as a 32-bit integer, then its elements.
public enum VectorFile {
    /// What the elements are.
    public enum Kind: String, Sendable, CaseIterable {
        /// Single precision.
        case fvecs
        /// Bytes.
        case bvecs
        /// 32-bit integers.
        case ivecs

        /// What one element is.
        public var elementType: ElementType {
            switch self {
            case .fvecs: .float32
            case .bvecs: .uint8
            case .ivecs: .int32
            }
        }
    }

    /// Maps the file at `path` as a matrix of one row a vector. Its kind is its name's extension unless given.
    ///
    /// Every row's dimension is checked, so each page is touched once.
    public static func read(contentsOf path: String, kind: Kind? = nil) throws(FormatError) -> NumericArray {
        let suffix = path.split(separator: ".").last.map(String.init) ?? ""
        guard let kind = kind ?? Kind(rawValue: suffix) else {
            throw FormatError(.invalidArgument, "\(path) does not end in .fvecs, .bvecs or .ivecs; say which it is")
        }
        return try read(ByteStorage(mapping: path).all, kind: kind)
    }

    /// Views bytes that hold a whole file as a matrix of one row a vector.
    public static func read(_ bytes: ByteSlice, kind: Kind) throws(FormatError) -> NumericArray {
        let size = kind.elementType.byteCount
        guard bytes.count > 0 else {
            return try NumericArray(kind.elementType, shape: [0, 0], bytes: bytes, what: "the empty matrix")
        }
        var reader = ByteReader(bytes)
        let dimension = Int(try reader.integer(Int32.self))
        guard dimension > 0, bytes.count % (4 + dimension * size) == 0 else {
            throw FormatError.malformed(
                bytes.source, "\(bytes.count) bytes are not a whole number of \(kind.rawValue) of \(dimension) elements"
            )
        }
        let rowSize = 4 + dimension * size
        let rowCount = bytes.count / rowSize
        for row in 0..<rowCount {
            let found = bytes.integer(at: row * rowSize, as: Int32.self)
            guard Int(found) == dimension else {
                throw FormatError.malformed(
                    bytes.source, "vector \(row) has \(found) elements, those before it have \(dimension)")
            }
        }
        return try NumericArray(
            kind.elementType, shape: [rowCount, dimension], strides: [rowSize / size, 1],
            bytes: bytes.part(at: 4, count: bytes.count - 4, "the vectors"), what: "the matrix")
    }
}
