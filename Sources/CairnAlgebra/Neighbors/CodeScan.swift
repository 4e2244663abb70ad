import CKernels

/// What becomes of the rows that a scan finds.
protocol CodeScanSink: ~Copyable {
    /// A row that may matter to a query of the block: their inner product is within `error` of `estimate`. Queries get their
    /// rows in ascending order. False ends the scan.
    mutating func take(
        row: Int, query: Int, estimate: Float, error: Float, queries: borrowing CodedQueries
    ) -> Bool

    /// Called after every `CodedRows.blockSize` rows, so that these can be looked at together.
    mutating func flush(_ queries: borrowing CodedQueries)
}

extension CodeScanSink where Self: ~Copyable {
    mutating func flush(_ queries: borrowing CodedQueries) {}
}

/// Compares a block of queries with all rows of a gallery, by their codes. One a thread.
struct CodeScan: ~Copyable {
    private let rows: CodedRows
    private let instructionSet: cairn_isa
    private let products: UnsafeMutablePointer<Int32>
    private let hits: UnsafeMutablePointer<UInt32>

    /// Groups whose products are computed before they are looked at: 32 kB of them, which stay in the cache.
    private static let groupsAtOnce = 4
    private static let blockSize = CodedRows.blockSize
    private static let groupSize = CodedQueries.groupSize

    init(_ rows: CodedRows, instructionSet: cairn_isa) {
        self.rows = rows
        self.instructionSet = instructionSet
        let lanes = Self.blockSize * Self.groupSize
        products = UnsafeMutableRawPointer.allocate(
            byteCount: Self.groupsAtOnce * lanes * MemoryLayout<Int32>.size, alignment: 64
        ).bindMemory(to: Int32.self, capacity: Self.groupsAtOnce * lanes)
        hits = .allocate(capacity: lanes)
    }

    deinit {
        UnsafeMutableRawPointer(products).deallocate()
        hits.deallocate()
    }

    /// Offers to the sink what may reach the queries' floors. Returns false when the sink ended the scan.
    func run<Sink: CodeScanSink & ~Copyable>(_ queries: borrowing CodedQueries, into sink: inout Sink) -> Bool {
        for start in stride(from: 0, to: rows.count, by: Self.blockSize) {
            let count = min(Self.blockSize, rows.count - start)
            let block = start / Self.blockSize
            for group in stride(from: 0, to: queries.groupCount, by: Self.groupsAtOnce) {
                let groups = min(Self.groupsAtOnce, queries.groupCount - group)
                cairn_scan_groups(
                    rows.codes + start * rows.stride, count, rows.stride, queries.packed + group * queries.groupBytes,
                    groups, products, instructionSet)
                for member in 0..<groups {
                    let thresholds = queries.thresholds(
                        of: group + member, deviation: rows.blockDeviations[block], norm: rows.blockNorms[block])
                    let sums = products + member * count * Self.groupSize
                    let found = withUnsafeBytes(of: thresholds) {
                        cairn_scan_hits_of_group(
                            sums, rows.scales + start, count, $0.assumingMemoryBound(to: Float.self).baseAddress, hits,
                            instructionSet)
                    }
                    let firstQuery = (group + member) * Self.groupSize
                    for hit in 0..<found {
                        let place = Int(hits[hit])
                        let (row, query) = (start + place / Self.groupSize, firstQuery + place % Self.groupSize)
                        let estimate = Float(sums[place]) * rows.scales[row] * queries.scales[query]
                        let error = queries.error(
                            of: estimate, query: query, deviation: rows.deviations[row], norm: rows.norms[row])
                        guard estimate + error >= queries.floors[query] else { continue }
                        guard sink.take(row: row, query: query, estimate: estimate, error: error, queries: queries)
                        else { return false }
                    }
                }
            }
            sink.flush(queries)
        }
        return true
    }
}
