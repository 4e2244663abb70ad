import CairnCore
import Foundation
import GRDB

/// A file that went through reading and analysis.
struct ProcessedFile: Sendable {
    enum Outcome: Sendable {
        case analyzed(ContentHash, AnalyzedImage)
        /// The collection has its content already.
        case known(ContentHash)
        /// Another file of this run has the same content, the one with this number.
        case claimed(ContentHash, owner: Int)
        case failed(ContentHash?, FileFailure)
        case gone
        case cancelled
    }

    var candidate: FileCandidate
    var outcome: Outcome
}

/// Reads and analyses files; runs on the analysis threads.
struct FileWorker: Sendable {
    let analyzer: any ImageAnalyzer
    let claims: ContentClaims
    let pool: DatabasePool
    let maximumFileSize: Int64

    /// Throws only when the database fails: what is wrong with the file is in the outcome.
    func process(_ candidate: FileCandidate, number: Int) async throws -> ProcessedFile {
        guard !Task.isCancelled else { return ProcessedFile(candidate: candidate, outcome: .cancelled) }
        var file = ProcessedFile(candidate: candidate, outcome: .gone)
        let content: FileContent
        do {
            guard let found = try FileContent(path: candidate.path, limit: maximumFileSize) else { return file }
            content = found
        } catch {
            file.outcome = .failed(nil, FileFailure(error, isTransient: true))
            return file
        }
        file.candidate.stamp = content.stamp
        let hash = content.data.withUnsafeBytes { ContentHash(of: $0) }
        if let owner = claims.claim(hash, for: number) {
            file.outcome = .claimed(hash, owner: owner)
            return file
        }
        // After the claim: a claim that was given up before was committed before.
        if try isStored(hash) {
            file.outcome = .known(hash)
            return file
        }
        do {
            file.outcome = .analyzed(hash, try analyzer.analyze(content.data, path: candidate.path))
        } catch {
            file.outcome = .failed(hash, FileFailure(error, isTransient: false))
        }
        return file
    }

    /// Not async, for GRDB's reading that a cancelled task does not interrupt: a file under way is finished.
    private func isStored(_ hash: ContentHash) throws -> Bool {
        try pool.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM image WHERE content_hash = ?)", arguments: [hash.data])
        } ?? false
    }
}

extension FileFailure {
    /// Puts an error into a report's words. Out of memory or out of file handles is never the file's fault.
    init(_ error: any Error, isTransient: Bool) {
        if let error = error as? any CairnError {
            self.init(
                kind: error.kind, message: error.message, isTransient: isTransient || error.kind == .resourceExhausted)
        } else {
            self.init(kind: .failure, message: String(describing: error), isTransient: isTransient)
        }
    }
}
