/// A range of shared bytes, which stay where they are for as long as the slice lives. Copies are cheap.
public struct ByteSlice: Sendable {
    /// What holds the bytes.
    public let storage: ByteStorage

    /// Where the slice lies in its storage.
    public let range: Range<Int>

    init(storage: ByteStorage, range: Range<Int>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= storage.bytes.count,
            "bytes \(range) of a storage of \(storage.bytes.count)")
        self.storage = storage
        self.range = range
    }

    /// The number of bytes.
    public var count: Int { range.count }

    /// Where the bytes came from, for messages.
    var source: String { storage.source }

    /// The bytes at positions counted from the slice's start.
    ///
    /// - Throws: `invalidInput` when they do not all lie inside; `what` names them.
    func part(at offset: Int, count: Int, _ what: @autoclosure () -> String) throws(FormatError) -> ByteSlice {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
            throw FormatError.malformed(
                source,
                "\(what()) needs \(count) bytes at \(offset), and there are \(self.count); the file is cut short")
        }
        let start = range.lowerBound + offset
        return ByteSlice(storage: storage, range: start..<(start + count))
    }

    /// Calls `body` with the bytes. They are not aligned in general: use `loadUnaligned`.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeRawBufferPointer(rebasing: storage.bytes[range]))
    }

    /// The byte at a position counted from the slice's start.
    subscript(position: Int) -> UInt8 {
        precondition(position >= 0 && position < count, "byte \(position) of \(count)")
        return withUnsafeBytes { $0[position] }
    }

    /// The unsigned integer that starts at `offset`, which the caller knows to lie inside.
    func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: Value.Type = Value.self
    ) -> Value {
        withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }

    /// The bytes, copied.
    public func copy() -> [UInt8] { withUnsafeBytes { Array($0) } }

    /// The bytes as text, or nothing where they are not UTF-8.
    func text() -> String? { withUnsafeBytes { String(validating: $0, as: UTF8.self) } }
}
