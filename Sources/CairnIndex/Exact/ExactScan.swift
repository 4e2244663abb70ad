import CKernels
import CairnCore
import Synchronization

/// One pass over the codes of all files for a batch of queries, shared by several threads.
///
/// Threads take pieces of files as they come to them. Which candidates remain depends on that; that none of the nearest is
/// lost does not.
struct ExactScan {
    let parts: [ExactIndex.Part]

    /// A run of slots of a file, a multiple of `DescriptorFile.blockSize` long but for the last.
    private struct Piece {
        var part: Int
        var slots: Range<Int>
    }

    /// Bytes of codes that a thread takes at a time.
    private static let pieceBytes = 4 << 20

    /// The rows that may be among the `limit` nearest of each query that the filters let through.
    ///
    /// - Parameters:
    ///   - queries: Coded queries.
    ///   - filters: For each query; one without takes no part.
    ///   - limit: At least 1.
    func candidates(
        for queries: borrowing QuantizedQueries, filters: [ImageFilter?], limit: Int, threads: Int
    ) -> [CandidateList] {
        var pieces: [Piece] = []
        for (index, part) in parts.enumerated() {
            let step = max(1, Self.pieceBytes / part.file.header.stride / DescriptorFile.blockSize)
            for start in stride(from: 0, to: part.file.count, by: step * DescriptorFile.blockSize) {
                let end = min(part.file.count, start + step * DescriptorFile.blockSize)
                pieces.append(Piece(part: index, slots: start..<end))
            }
        }
        let next = Atomic(0)
        let workers = max(1, min(threads, pieces.count))
        var lists = [[CandidateList]](repeating: [], count: workers)
        lists.withUnsafeMutableBufferPointer { lists in
            forEachPart(of: workers, threads: workers) { range in
                var worker = Worker(filters: filters, groupCount: queries.groupCount, limit: limit)
                while true {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < pieces.count else { break }
                    let piece = pieces[index]
                    worker.scan(
                        parts[piece.part], number: UInt32(piece.part), slots: piece.slots, queries: queries,
                        filters: filters)
                }
                lists[range.lowerBound] = worker.lists
            }
        }
        var merged = lists[0]
        for other in lists.dropFirst() where !other.isEmpty {
            for query in merged.indices { merged[query].merge(other[query]) }
        }
        return merged
    }
}

/// What one thread keeps during a scan.
private struct Worker: ~Copyable {
    private(set) var lists: [CandidateList]

    /// The lists' floors, by group; those without a query to scan for have infinity.
    private var floors: [SIMD16<Float>]
    private let products: UnsafeMutablePointer<Int32>
    private let hits: UnsafeMutablePointer<UInt32>

    private static let blockSize = DescriptorFile.blockSize
    private static let groupSize = QuantizedQueries.groupSize

    /// Groups whose products are computed before they are looked at.
    private static let groupsAtOnce = 2

    init(filters: [ImageFilter?], groupCount: Int, limit: Int) {
        lists = Array(repeating: CandidateList(limit: limit), count: filters.count)
        floors = Array(repeating: SIMD16(repeating: .infinity), count: groupCount)
        for (query, filter) in filters.enumerated() where filter != nil {
            floors[query / Self.groupSize][query % Self.groupSize] = -.infinity
        }
        let lanes = Self.blockSize * Self.groupSize
        let bytes = Self.groupsAtOnce * lanes * MemoryLayout<Int32>.size
        products = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            .bindMemory(to: Int32.self, capacity: Self.groupsAtOnce * lanes)
        hits = .allocate(capacity: lanes)
    }

    deinit {
        UnsafeMutableRawPointer(products).deallocate()
        hits.deallocate()
    }

    mutating func scan(
        _ part: ExactIndex.Part, number: UInt32, slots: Range<Int>, queries: borrowing QuantizedQueries,
        filters: [ImageFilter?]
    ) {
        let file = part.file
        defer { withExtendedLifetime(file) {} }
        guard let codes = file.codes.baseAddress, let scales = file.scales.baseAddress else { return }
        let stride = file.header.stride
        for start in Swift.stride(from: slots.lowerBound, to: slots.upperBound, by: Self.blockSize) {
            let rows = min(Self.blockSize, slots.upperBound - start)
            let residual = file.blockResiduals[start / Self.blockSize]
            if queries.count == 1 {
                cairn_scan_one(codes + start * stride, rows, stride, queries.first, products, .best)
                let threshold = thresholds(of: 0, residual: residual, queries)[0]
                let count = cairn_scan_hits_of_one(products, scales + start, rows, threshold, hits, .best)
                for hit in 0..<count {
                    let row = Int(hits[hit])
                    keep(
                        part, number, slot: start + row, product: products[row], query: 0, queries: queries,
                        filter: filters[0])
                }
                continue
            }
            for group in Swift.stride(from: 0, to: queries.groupCount, by: Self.groupsAtOnce) {
                let groups = min(Self.groupsAtOnce, queries.groupCount - group)
                cairn_scan_groups(
                    codes + start * stride, rows, stride, queries.packed + group * queries.groupBytes, groups, products,
                    .best)
                for member in 0..<groups {
                    let sums = products + member * rows * Self.groupSize
                    let least = thresholds(of: group + member, residual: residual, queries)
                    let count = withUnsafeBytes(of: least) {
                        cairn_scan_hits_of_group(
                            sums, scales + start, rows, $0.assumingMemoryBound(to: Float.self).baseAddress, hits, .best)
                    }
                    for hit in 0..<count {
                        let place = Int(hits[hit])
                        let query = (group + member) * Self.groupSize + place % Self.groupSize
                        keep(
                            part, number, slot: start + place / Self.groupSize, product: sums[place], query: query,
                            queries: queries, filter: filters[query])
                    }
                }
            }
        }
    }

    /// What a product of codes, times the row's scale, must reach to matter where no residual is greater.
    @inline(__always)
    private func thresholds(
        of group: Int, residual: Float, _ queries: borrowing QuantizedQueries
    ) -> SIMD16<Float> {
        (floors[group] - queries.slacks[group] - queries.reaches[group] * residual) * queries.inverseScales[group]
    }

    private mutating func keep(
        _ part: ExactIndex.Part, _ number: UInt32, slot: Int, product: Int32, query: Int,
        queries: borrowing QuantizedQueries, filter: ImageFilter?
    ) {
        let (group, lane) = (query / Self.groupSize, query % Self.groupSize)
        let similarity = Float(product) * part.file.scales[slot] * queries.scales[group][lane]
        let error = queries.reaches[group][lane] * part.file.residuals[slot] + queries.slacks[group][lane]
        guard similarity + error >= floors[group][lane] else { return }
        let image = part.file.imageNumbers[slot]
        guard let filter, part.removed.isEmpty || !part.removed.contains(image), filter.admits(ImageID(image)) else {
            return
        }
        lists[query].insert(
            CandidateList.Candidate(upper: similarity + error, part: number, slot: UInt32(slot)),
            lower: similarity - error)
        floors[group][lane] = lists[query].floor
    }
}
