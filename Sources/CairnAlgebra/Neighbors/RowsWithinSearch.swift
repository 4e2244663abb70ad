import CKernels
import Dispatch

/// One search for all rows within a threshold: its inputs, and the blocks of queries in which it goes.
///
/// Unchecked: threads only read it.
struct RowsWithinSearch: @unchecked Sendable {
    let queries: QueryRows
    let gallery: UnsafeBufferPointer<Float>
    let threshold: Double
    let wantsScores: Bool
    /// Whether query i is row i of the gallery and not a neighbour of itself.
    let excludesSelf: Bool
    let threads: Int
    /// Rows that a block of queries may find, at least 16 times the gallery: a block that finds more is made smaller.
    let mostFound: Int

    var dimensions: Int { queries.dimensions }
    var galleryCount: Int { gallery.count / dimensions }

    /// Queries that can always be searched for at once.
    private static let leastBlock = 16

    /// Finds everything and hands it over, unless it is cancelled.
    func run(_ method: NearestRowsSearch.Method, progress: SearchProgress, _ body: RowsWithin.Body) {
        guard queries.count > 0 else { return }
        let source = source(of: method)
        let share = (queries.count / (4 * threads) + 63) / 64 * 64
        var block = max(64, min(1024, share))
        let workers = (0..<threads).map { _ in RowsWithinWorker(self, source: source, capacity: block) }
        var start = 0
        while start < queries.count, !progress.checkCancellation() {
            let ranges = workers.indices.map { worker in
                min(start + worker * block, queries.count)..<min(start + (worker + 1) * block, queries.count)
            }
            DispatchQueue.concurrentPerform(iterations: workers.count) { workers[$0].search(ranges[$0]) }
            // In ascending order; where one found too much, those before it count, and it comes again in smaller blocks.
            for (worker, range) in zip(workers, ranges) where !range.isEmpty {
                guard worker.isComplete else {
                    block = max(Self.leastBlock, block / 4)
                    break
                }
                worker.handOver(body)
                progress.add(range.count)
                start = range.upperBound
            }
        }
    }

    private func source(of method: NearestRowsSearch.Method) -> RowsWithinWorker.Source {
        let instructionSet: cairn_isa? =
            switch method {
            case .products: nil
            case .codes(let named): named
            case .automatic:
                dimensions >= 64 && queries.count >= 256 && galleryCount >= 1024
                    && cairn_isa_resolve(.best) != .plain ? .best : nil
            }
        if let instructionSet, let rows = CodedRows(gallery, dimensions: dimensions, threads: threads) {
            return .codes(rows, instructionSet)
        }
        let largestNorm = (0..<galleryCount).reduce(0) {
            max($0, NearestRowsBlock.norm(gallery, row: $1, dimensions: dimensions))
        }
        return .products(largestNorm: largestNorm)
    }
}
