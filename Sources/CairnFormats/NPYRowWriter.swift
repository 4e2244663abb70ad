/// Writes a matrix row by row, of which only the number of columns is known beforehand. It can be larger than memory.
public struct NPYRowWriter: ~Copyable {
    /// Elements in a row.
    public let columnCount: Int

    /// Rows written so far.
    public private(set) var rowCount = 0

    private var file: OutputFile
    private let headerSize: Int
    private var pending: [Float] = []

    /// Rows are gathered to about this many elements before they are written.
    private static let pendingLimit = 1 << 16

    /// Begins a `float32` matrix that will be at `path` once `finish` has been called, and not before.
    public init(path: String, columnCount: Int) throws(FormatError) {
        guard columnCount > 0 else {
            throw FormatError(.invalidArgument, "a matrix needs at least one column, not \(columnCount)")
        }
        // A number of rows has at most 19 digits, and one is there already.
        let header = try NPYHeader(elementType: .float32, shape: [0, columnCount]).encoded(reserve: 18)
        let file = try OutputFile(path: path)
        try file.write(header)
        self.columnCount = columnCount
        self.file = file
        headerSize = header.count
    }

    /// Appends one row.
    ///
    /// - Throws: `invalidArgument` when it is not `columnCount` long.
    public mutating func append(_ row: some Collection<Float>) throws(FormatError) {
        guard row.count == columnCount else {
            throw FormatError(.invalidArgument, "a row of \(row.count) for a matrix of \(columnCount) columns")
        }
        pending.append(contentsOf: row)
        rowCount += 1
        if pending.count >= Self.pendingLimit { try flush() }
    }

    /// Writes what is pending and the number of rows, and gives the file its name.
    public consuming func finish() throws(FormatError) {
        try flush()
        let header = NPYHeader(elementType: .float32, shape: [rowCount, columnCount])
        try file.rewriteStart(header.encoded(total: headerSize))
        try file.commit()
    }

    private mutating func flush() throws(FormatError) {
        try NumericArray(pending).writeElements(to: file)
        pending.removeAll(keepingCapacity: true)
    }
}
