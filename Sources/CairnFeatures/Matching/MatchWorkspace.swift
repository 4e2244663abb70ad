internal import CKernels

/// Memory that matching needs, kept from one pair of images to the next. One for each thread; it grows to the largest
/// pair.
public struct MatchWorkspace: ~Copyable {
    private var results: UnsafeMutableBufferPointer<Int32>
    private var scratch: UnsafeMutableRawBufferPointer

    /// Starts empty.
    public init() {
        results = .init(start: nil, count: 0)
        scratch = .init(start: nil, count: 0)
    }

    deinit {
        results.deallocate()
        scratch.deallocate()
    }

    /// Grows to what a pair of images needs, and hands out the two sides' results and the kernel's scratch memory.
    mutating func prepare(queryCount: Int, candidateCount: Int, dimensions: Int) -> Parts {
        let words = 3 * (queryCount + candidateCount)
        if results.count < words || results.baseAddress == nil {
            results.deallocate()
            results = .allocate(capacity: max(1, words))
        }
        let bytes = cairn_match_u8_workspace_bytes(queryCount, dimensions)
        if scratch.count < bytes || scratch.baseAddress == nil {
            scratch.deallocate()
            scratch = .allocate(byteCount: max(64, bytes), alignment: 64)
        }
        guard let words = results.baseAddress, let scratch = scratch.baseAddress else {
            preconditionFailure("an allocation of \(words) words and \(bytes) bytes has no address")
        }
        let candidateWords = words + 3 * queryCount
        return Parts(
            query: cairn_two_nearest(
                nearest: words, distance: words + queryCount, second: words + 2 * queryCount),
            candidate: cairn_two_nearest(
                nearest: candidateWords, distance: candidateWords + candidateCount,
                second: candidateWords + 2 * candidateCount),
            scratch: scratch)
    }

    /// Where one comparison puts its results. Valid until the workspace is prepared again.
    struct Parts {
        /// The two nearest candidates of each descriptor of the query.
        let query: cairn_two_nearest
        /// The two nearest descriptors of the query for each candidate.
        let candidate: cairn_two_nearest
        /// Aligned to 64 bytes.
        let scratch: UnsafeMutableRawPointer
    }
}
