/// A cursor over bytes that throws instead of running off their end. Integers are little-endian.
struct ByteReader {
    let slice: ByteSlice
    private(set) var position = 0

    init(_ slice: ByteSlice) { self.slice = slice }

    var remaining: Int { slice.count - position }

    var source: String { slice.storage.source }

    mutating func byte() throws(FormatError) -> UInt8 {
        guard position < slice.count else { throw truncated(1) }
        defer { position += 1 }
        return slice[position]
    }

    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self
    ) throws(FormatError) -> Value {
        let size = MemoryLayout<Value>.size
        guard size <= remaining else { throw truncated(size) }
        defer { position += size }
        return slice.integer(at: position)
    }

    /// A count as formats store it: refused where it cannot be an `Int`, so that later sums cannot overflow.
    mutating func count() throws(FormatError) -> Int {
        let value = try integer(UInt64.self)
        guard value <= UInt64(Int64.max / 4) else {
            throw FormatError.malformed(source, "at byte \(position - 8) a count of \(value) cannot be meant")
        }
        return Int(value)
    }

    mutating func take(_ count: Int) throws(FormatError) -> ByteSlice {
        guard count >= 0, count <= remaining else { throw truncated(count) }
        defer { position += count }
        return try slice.part(at: position, count: count, "the content")
    }

    /// The text up to the next line feed, which is consumed and not returned.
    mutating func line(limit: Int) throws(FormatError) -> String {
        let window = try slice.part(at: position, count: min(remaining, limit + 1), "a line")
        guard let length = window.withUnsafeBytes({ $0.firstIndex(of: 0x0A) }) else {
            throw FormatError.malformed(source, "at byte \(position) a line does not end within \(limit) bytes")
        }
        guard let text = try window.part(at: 0, count: length, "a line").text() else {
            throw FormatError.malformed(source, "at byte \(position) a line is not UTF-8")
        }
        position += length + 1
        return text
    }

    private func truncated(_ count: Int) -> FormatError {
        FormatError.malformed(
            source, "at byte \(position) it needs \(count) more bytes and has \(remaining); the file is cut short")
    }
}
