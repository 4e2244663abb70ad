import CKernels

/// A gallery made ready for searches of one `k`, once for all slices of queries: its numbers, and codes where these pay.
///
/// Unchecked: what threads share is filled by `init`, and `largestNorm` is for the thread that starts them.
final class NearestRowsGallery: @unchecked Sendable {
    /// `[count, dimensions]`; the memory belongs to the search.
    let values: UnsafeBufferPointer<Float>
    let dimensions: Int

    /// The rows in 8-bit codes, and what these go through; nil where SGEMM is to be used.
    let codes: (rows: CodedRows, instructionSet: cairn_isa)?
    let guess: FloorGuess?

    /// The largest Euclidean norm of a row. Linear in the numbers, at first use: codes seldom need it.
    private(set) lazy var largestNorm = (0..<count).reduce(0) {
        max($0, NearestRowsBlock.norm(values, row: $1, dimensions: dimensions))
    }

    var count: Int { values.count / dimensions }

    /// Codes the rows where codes are faster for so many queries, or where `method` asks for it.
    init(
        _ values: UnsafeBufferPointer<Float>, dimensions: Int, k: Int, queryCount: Int, threads: Int,
        method: NearestRowsSearch.Method
    ) {
        self.values = values
        self.dimensions = dimensions
        let instructionSet: cairn_isa?
        switch method {
        case .products: instructionSet = nil
        case .codes(let named): instructionSet = named
        case .automatic:
            // Coding a row takes as long as some hundred products, and the bound wants k to be the tail of the gallery.
            let pays = dimensions >= 64 && queryCount >= 256 && values.count / dimensions >= max(1024, 8 * k)
            instructionSet = pays && cairn_isa_resolve(.best) != .plain ? .best : nil
        }
        if let instructionSet, let rows = CodedRows(values, dimensions: dimensions, threads: threads) {
            codes = (rows, instructionSet)
            guess = FloorGuess(k: k, rows: rows)
        } else {
            (codes, guess) = (nil, nil)
        }
    }
}
