import CKernels
import Dispatch
import Synchronization

/// One search for the nearest rows of some queries: its inputs, where results go, and how it goes through the gallery.
///
/// Unchecked: threads read the inputs and write only to the places of their own queries.
struct NearestRowsSearch: @unchecked Sendable {
    /// How products are found out; the results are the same.
    enum Method {
        /// By codes where that is faster.
        case automatic
        /// By codes, through one instruction set, whatever else would be faster.
        case codes(cairn_isa)
        /// By SGEMM.
        case products
    }

    let queries: QueryRows
    let gallery: NearestRowsGallery
    let k: Int
    /// Whether query i is row i of the gallery and not a neighbour of itself.
    let excludesSelf: Bool
    let threads: Int
    let indices: UnsafeMutableBufferPointer<Int32>
    let scores: UnsafeMutableBufferPointer<Float>

    var dimensions: Int { queries.dimensions }
    var galleryCount: Int { gallery.count }

    private static let productQueries = 512
    private static let productRows = 4096

    /// Finds and writes all results, unless it is cancelled.
    func run(progress: SearchProgress) {
        var left = Array(0..<queries.count)
        if let codes = gallery.codes, !left.isEmpty {
            left = searchByCodes(codes.rows, codes.instructionSet, progress)
        }
        searchByProducts(left[...], progress)
    }

    /// Returns the queries that codes cannot tell apart from too many rows, ascending.
    private func searchByCodes(_ rows: CodedRows, _ instructionSet: cairn_isa, _ progress: SearchProgress) -> [Int] {
        let guess = gallery.guess
        let left = searchByCodes(Array(0..<queries.count), rows, instructionSet, progress) { coded, _ in
            guess?.setFloors(coded, instructionSet)
        }
        let again = searchByCodes(left.missed, rows, instructionSet, progress) { coded, places in
            for (query, place) in places.enumerated() { coded.floors[query] = left.floors[place] }
        }
        return (left.crowded + again.crowded).sorted()
    }

    /// Searches for some queries, and tells which have no result. `setFloors` gets a block of queries and their places in
    /// `numbers`.
    private func searchByCodes(
        _ numbers: [Int], _ rows: CodedRows, _ instructionSet: cairn_isa, _ progress: SearchProgress,
        setFloors: @Sendable (borrowing CodedQueries, Range<Int>) -> Void
    ) -> NearestCodes.Left {
        guard !numbers.isEmpty else { return NearestCodes.Left() }
        let block = NearestCodes.blockSize(k: k, queries: numbers.count, threads: threads)
        let blocks = (numbers.count + block - 1) / block
        let next = Atomic(0)
        let left = Mutex(NearestCodes.Left())
        DispatchQueue.concurrentPerform(iterations: max(1, min(threads, blocks))) { _ in
            var coded = CodedQueries(capacity: min(block, numbers.count), dimensions: dimensions)
            var found = NearestCodes(self, rows: rows, instructionSet: instructionSet, capacity: coded.capacity)
            let scan = CodeScan(rows, instructionSet: instructionSet)
            while !progress.checkCancellation() {
                let start = next.wrappingAdd(block, ordering: .relaxed).oldValue
                guard start < numbers.count else { break }
                let part = numbers[start..<min(start + block, numbers.count)]
                let without = queries.withRows(at: part) { block in
                    found.search(block, numbers: part, &coded, scan) { setFloors($0, part.indices) }
                }
                left.withLock {
                    $0.missed += without.missed
                    $0.floors += without.floors
                    $0.crowded += without.crowded
                }
                progress.add(part.count - without.missed.count - without.crowded.count)
            }
        }
        return left.withLock { $0 }
    }

    private func searchByProducts(_ numbers: ArraySlice<Int>, _ progress: SearchProgress) {
        guard !numbers.isEmpty else { return }
        let largestNorm = gallery.largestNorm
        var products = [Float](
            repeating: 0, count: min(Self.productQueries, numbers.count) * min(Self.productRows, galleryCount))
        products.withUnsafeMutableBufferPointer { products in
            for start in stride(from: numbers.startIndex, to: numbers.endIndex, by: Self.productQueries) {
                guard !progress.checkCancellation() else { return }
                let block = numbers[start..<min(start + Self.productQueries, numbers.endIndex)]
                queries.withRows(at: block) {
                    NearestRowsBlock(
                        queries: $0, numbers: block, search: self, products: products, largestNorm: largestNorm
                    ).run(galleryBlock: Self.productRows, threads: threads)
                }
                progress.add(block.count)
            }
        }
    }

    /// The inner product of a query with a gallery row: in double precision, then rounded.
    func exactScore(_ query: UnsafePointer<Float>, row: Int32) -> Float {
        Float(
            exactInnerProduct(
                query, gallery.values.baseAddress.unsafelyUnwrapped + Int(row) * dimensions, dimensions: dimensions))
    }

    /// Takes down a neighbour of a query.
    @inline(__always)
    func write(_ row: Int32, _ score: Float, query: Int, rank: Int) {
        indices[query * k + rank] = row
        scores[query * k + rank] = queries.isNegated ? 0 - score : score
    }
}
