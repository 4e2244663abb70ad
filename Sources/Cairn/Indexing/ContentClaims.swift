import Synchronization

/// Sees to it that files with the same content, read at the same time, are analysed once.
///
/// The first file to claim a content analyses it. A claim stays until the content is committed and no file is on its way
/// that was told to wait for it.
final class ContentClaims: Sendable {
    private struct State {
        var owners: [ContentHash: Int] = [:]
        var failures: [ContentHash: FileFailure] = [:]
        /// Claims whose owner is staged, with the number of the first file that cannot have been told of them.
        var settled: [(hash: ContentHash, limit: Int)] = []
    }

    private let state = Mutex(State())

    /// Claims a content for the file with number `sequence`.
    ///
    /// - Returns: `nil` when it is now this file's to analyse, else the number of the file that analyses it.
    func claim(_ hash: ContentHash, for sequence: Int) -> Int? {
        state.withLock { state in
            if let owner = state.owners[hash] { return owner }
            state.owners[hash] = sequence
            return nil
        }
    }

    /// The owner of a claim was staged. `limit` is the number of the next file to be sent out.
    func settle(_ hash: ContentHash, failure: FileFailure?, limit: Int) {
        state.withLock { state in
            if let failure { state.failures[hash] = failure }
            state.settled.append((hash, limit))
        }
    }

    /// Why a content that another file owned gave no image.
    func failure(of hash: ContentHash) -> FileFailure? { state.withLock { $0.failures[hash] } }

    /// After a commit: drops claims that nobody asks for any more. All files before `next` are staged.
    func release(before next: Int) {
        state.withLock { state in
            let count = state.settled.prefix { $0.limit <= next }.count
            for (hash, _) in state.settled.prefix(count) {
                state.owners[hash] = nil
                state.failures[hash] = nil
            }
            state.settled.removeFirst(count)
        }
    }
}
