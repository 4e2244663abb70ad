import CKernels

/// Floors to begin a scan with, from a sample of the gallery: products that `k` of all its rows will probably reach.
///
/// Of the best `k` rows a sample of every `step`-th row has `k / step` on average. A floor is the estimate of somewhat lower a
/// rank in the sample, so that few queries miss; which ones do shows in the end.
struct FloorGuess: Sendable {
    private let sample: CodedRows
    private let rank: Int

    /// Takes a sample; nil where a guess does not pay.
    init?(k: Int, rows: CodedRows) {
        let step = max(8, min(32, max(k / 6, rows.count / 2500)))
        guard rows.count / step >= 256 else { return nil }
        let expected = Double(k) / Double(step)
        rank = Int((expected + 2 * expected.squareRoot()).rounded()) + 1
        sample = rows.sample(every: step)
    }

    /// Sets the floors of all queries.
    func setFloors(_ queries: borrowing CodedQueries, _ instructionSet: cairn_isa) {
        var greatest = GreatestEstimates(rank, queries: queries.count)
        _ = CodeScan(sample, instructionSet: instructionSet).run(queries, into: &greatest)
    }
}

/// Keeps the floor of each query at the estimate of a given rank.
private struct GreatestEstimates: ~Copyable, CodeScanSink {
    private let rank: Int
    /// For each query the greatest estimates so far, as a heap: the least of them first.
    private let estimates: UnsafeMutablePointer<Float>

    init(_ rank: Int, queries: Int) {
        self.rank = rank
        estimates = .allocate(capacity: queries * rank)
        estimates.initialize(repeating: -.infinity, count: queries * rank)
    }

    deinit { estimates.deallocate() }

    @inline(__always)
    mutating func take(
        row: Int, query: Int, estimate: Float, error: Float, queries: borrowing CodedQueries
    ) -> Bool {
        let heap = estimates + query * rank
        guard estimate > heap[0] else { return true }
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < rank else { break }
            if child + 1 < rank, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < estimate else { break }
            heap[place] = heap[child]
            place = child
        }
        heap[place] = estimate
        queries.floors[query] = heap[0]
        return true
    }
}
