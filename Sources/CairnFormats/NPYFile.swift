/// NumPy's file of one array.
public enum NPYFile {
    /// Maps the array in the file at `path`: any plain number type, either byte order, C or Fortran order.
    ///
    /// - Throws: `FormatError` for anything else, and where the file's length does not fit its header.
    public static func read(contentsOf path: String) throws(FormatError) -> NumericArray {
        try read(ByteStorage(mapping: path).all)
    }

    /// Views the array in bytes that hold a whole `.npy` file.
    public static func read(_ bytes: ByteSlice) throws(FormatError) -> NumericArray {
        var reader = ByteReader(bytes)
        let header = try NPYHeader(&reader)
        let count = try NumericArray.count(of: header.shape, source: bytes.source, what: "the array")
        let size = count * header.elementType.byteCount
        guard reader.remaining == size else {
            throw FormatError.malformed(
                bytes.source, "shape \(header.shape) takes \(size) bytes, and \(reader.remaining) follow the header")
        }
        var strides = NumericArray.rowMajorStrides(header.shape)
        if header.isFortranOrder {
            strides = NumericArray.rowMajorStrides(header.shape.reversed()).reversed()
        }
        return try NumericArray(
            header.elementType, shape: header.shape, strides: strides, byteOrder: header.byteOrder,
            bytes: reader.take(size), what: "the array")
    }

    /// Writes an array of any type that NumPy knows, in C order and little-endian. The file appears when it is complete.
    public static func write(_ array: NumericArray, to path: String) throws(FormatError) {
        var file = try OutputFile(path: path)
        try file.write(NPYHeader(elementType: array.elementType, shape: array.shape).encoded())
        try array.writeElements(to: file)
        try file.commit()
    }
}

extension NumericArray {
    /// Writes the elements in row-major order, little-endian.
    func writeElements(to file: borrowing OutputFile) throws(FormatError) {
        if byteOrder == .little || elementType.byteCount == 1, isRowMajor {
            let size = count * elementType.byteCount
            defer { withExtendedLifetime(bytes.storage) {} }
            let start = bytes.range.lowerBound
            try file.write(UnsafeRawBufferPointer(rebasing: bytes.storage.bytes[start..<(start + size)]))
            return
        }
        try file.write(rowMajorLittleEndianBytes())
    }
}
