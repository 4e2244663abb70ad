import CKernels

/// Finds the rows within the threshold for blocks of queries, one block at a time. One a thread.
///
/// Unchecked: used by one thread at a time.
final class RowsWithinWorker: @unchecked Sendable {
    /// How candidates are found.
    enum Source {
        case codes(CodedRows, cairn_isa)
        case products(largestNorm: Double)
    }

    /// Whether the last block found no more than may be found.
    private(set) var isComplete = false

    private let search: RowsWithinSearch
    private let source: Source
    private var coded: CodedQueries
    private var found: RowsWithinCandidates
    private var products: [Float] = []
    private var pairs: [cairn_neighbors_pair] = []
    private var exactProducts: [Double] = []

    private var range = 0..<0
    private var offsets: [Int] = []
    private var rows: [Int32] = []
    private var scores: [Float] = []

    private static let productRows = 2048

    init(_ search: RowsWithinSearch, source: Source, capacity: Int) {
        self.search = search
        self.source = source
        if case .codes = source {
            coded = CodedQueries(capacity: capacity, dimensions: search.dimensions)
        } else {
            coded = CodedQueries(capacity: 0, dimensions: 1)
            products = Array(repeating: 0, count: capacity * min(Self.productRows, search.galleryCount))
        }
        found = RowsWithinCandidates(search)
    }

    /// Finds everything for the queries `range`.
    func search(_ range: Range<Int>) {
        self.range = range
        found.reset(firstNumber: range.lowerBound)
        isComplete = search.queries.withRows(range) { block in
            guard let base = block.baseAddress else { return true }
            let all =
                switch source {
                case .codes(let rows, let instructionSet): findByCodes(base, range.count, rows, instructionSet)
                case .products(let largestNorm): findByProducts(block, range.count, largestNorm)
                }
            if all { settle(base, range.count) }
            return all
        }
    }

    /// Gives away what was found, query by query.
    func handOver(_ body: RowsWithin.Body) {
        rows.withUnsafeBufferPointer { rows in
            scores.withUnsafeBufferPointer { scores in
                for (place, query) in range.enumerated() {
                    let part = offsets[place]..<offsets[place + 1]
                    body(
                        query, UnsafeBufferPointer(rebasing: rows[part]),
                        UnsafeBufferPointer(rebasing: search.wantsScores ? scores[part] : scores[0..<0]))
                }
            }
        }
    }

    private func findByCodes(
        _ base: UnsafePointer<Float>, _ count: Int, _ gallery: CodedRows, _ instructionSet: cairn_isa
    ) -> Bool {
        var others: [Int] = []
        coded.load(base, count: count) { if $1 != .coded { others.append($0) } }
        let floor = found.floor
        for query in 0..<count where coded.floors[query] < 0 { coded.floors[query] = floor }
        let scan = CodeScan(gallery, instructionSet: instructionSet)
        guard scan.run(coded, into: &found) else { return false }
        // Queries of zeros, and those too long or short for codes, are multiplied with every row.
        for query in others {
            for row in 0..<gallery.count where !found.append(row: row, query: query, isCertain: false) { return false }
        }
        return true
    }

    private func findByProducts(_ block: UnsafeBufferPointer<Float>, _ count: Int, _ largestNorm: Double) -> Bool {
        let dimensions = search.dimensions
        // As in `NearestRowsBlock`: more than a product in float32 can be off.
        let bounds = (0..<count).map { query in
            let norm = NearestRowsBlock.norm(block, row: query, dimensions: dimensions)
            let margin = Double(dimensions + 1) * 0x1p-22 * norm * largestNorm + Double(Float.leastNormalMagnitude)
            return (least: search.threshold - margin, certain: search.threshold + margin)
        }
        for start in stride(from: 0, to: search.galleryCount, by: Self.productRows) {
            let width = min(Self.productRows, search.galleryCount - start)
            products.withUnsafeMutableBufferPointer {
                multiplyByTranspose(
                    block,
                    UnsafeBufferPointer(rebasing: search.gallery[start * dimensions..<(start + width) * dimensions]),
                    into: $0, dimensions: dimensions)
            }
            for query in 0..<count {
                let (least, certain) = bounds[query]
                for column in 0..<width {
                    let product = Double(products[query * width + column])
                    // A product that overflowed must be looked at again.
                    guard !(product < least) || !product.isFinite else { continue }
                    let isCertain = product.isFinite && product > certain
                    guard found.append(row: start + column, query: query, isCertain: isCertain) else { return false }
                }
            }
        }
        return true
    }

    /// Brings what was found in the order of queries, and decides about what is not certain.
    private func settle(_ base: UnsafePointer<Float>, _ count: Int) {
        guard let gallery = search.gallery.baseAddress else {
            offsets = Array(repeating: 0, count: count + 1)
            return
        }
        let (order, starts) = found.sortedByQuery(count)
        rows.removeAll(keepingCapacity: true)
        scores.removeAll(keepingCapacity: true)
        offsets = [0]
        for query in 0..<count {
            let candidates = order[starts[query]..<starts[query + 1]]
            pairs.removeAll(keepingCapacity: true)
            for candidate in candidates where search.wantsScores || !candidate.isCertain {
                pairs.append(cairn_neighbors_pair(query: Int32(truncatingIfNeeded: query), row: candidate.row))
            }
            if exactProducts.count < pairs.count {
                exactProducts = Array(repeating: 0, count: max(pairs.count, 2 * exactProducts.count))
            }
            cairn_neighbors_exact(base, gallery, search.dimensions, pairs, pairs.count, &exactProducts, .best)
            var next = 0
            for candidate in candidates {
                if search.wantsScores || !candidate.isCertain {
                    let product = exactProducts[next]
                    next += 1
                    guard product >= search.threshold else { continue }
                    if search.wantsScores { scores.append(Float(product)) }
                }
                rows.append(candidate.row)
            }
            offsets.append(rows.count)
        }
    }
}
