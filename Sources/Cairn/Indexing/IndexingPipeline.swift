import CairnCore
import Foundation
import GRDB
import Synchronization

/// One indexing run: the walk, reading and analysis, and writing overlap; what is in memory is bounded by a window.
///
/// Files are staged in the order of the walk, whichever is analysed first, so that image numbers and the order of records do
/// not depend on timing, nor on how often a run was stopped and begun again.
struct IndexingPipeline {
    private let writer: CollectionWriter
    private let analyzer: any ImageAnalyzer
    private let options: IndexingOptions
    private let roots: [String]
    private let meter: ProgressMeter
    private let pool: DatabasePool
    private let excluded: String
    private let claims = ContentClaims()

    private var report = IndexingReport()
    private var ready: [Int: ProcessedFile] = [:]
    /// Files sent out so far; the number of the next one.
    private var sent = 0
    /// The number of the next file to be staged.
    private var next = 0
    private var batchStart = ContinuousClock.now
    /// Whether a file was given up because the task is cancelled.
    private var wasInterrupted = false

    init(
        writer: CollectionWriter, analyzer: any ImageAnalyzer, options: IndexingOptions, roots: [String],
        progress: (@Sendable (IndexingProgress) -> Void)?
    ) {
        self.writer = writer
        self.analyzer = analyzer
        self.options = options
        self.roots = roots
        meter = ProgressMeter(handler: progress)
        pool = writer.pool
        excluded = writer.layout.root
    }

    /// Runs to the end, or until the task is cancelled.
    func run() async throws -> IndexingReport {
        var run = self
        let start = ContinuousClock.now
        try await run.requireRoots()
        try await writer.beginIndexing(with: analyzer)
        do {
            try await run.processFiles()
            if run.report.isCancelled {
                try await writer.commitBatch()
            } else {
                run.report.removed = try await writer.finishIndexing(pruning: options.prune ? roots : [])
            }
        } catch {
            await writer.abandonBatch()
            throw CollectionError.translating(error, at: excluded)
        }
        let duration = ContinuousClock.now - start
        run.report.seconds = duration / .seconds(1)
        run.report.imagesPerSecond = Double(run.report.readCount) / max(run.report.seconds, 1e-9)
        meter.update(run.report, isFinal: true)
        return run.report
    }

    /// A path that is wrong should not look like an empty folder. Pruning may name what is gone, if the collection had it.
    private func requireRoots() async throws {
        guard !roots.isEmpty else { throw CollectionError(.invalidArgument, "there is nothing to index; give a path") }
        for root in roots where PosixFile.isMissing(root) {
            let isKnown = options.prune ? try await writer.hasFiles(below: root) : false
            guard isKnown else { throw CollectionError(.notFound, "there is no file or folder \(root)") }
        }
    }

    private mutating func processFiles() async throws {
        let source = CandidateSource(pool: pool, roots: roots, excluding: excluded, options: options)
        // One more than there are cores: while it waits for the disk, the others compute.
        let threadCount = options.threads > 0 ? options.threads : ProcessInfo.processInfo.activeProcessorCount + 1
        let threads = ThreadPoolExecutor(name: "cairn-analysis", threadCount: threadCount)
        let window = 8 * threadCount
        let worker = FileWorker(
            analyzer: analyzer, claims: claims, pool: pool, maximumFileSize: options.maximumFileSize)
        let counting = startCounting()
        defer { counting.cancel() }
        batchStart = .now

        try await withThrowingTaskGroup(of: (Int, ProcessedFile).self) { group in
            var waiting: ArraySlice<CandidateSource.Item> = []
            var isLast = false
            while true {
                while sent - next < window, !Task.isCancelled, !(waiting.isEmpty && isLast) {
                    guard let item = waiting.popFirst() else {
                        let portion = try await source.next()
                        waiting = portion.items[...]
                        isLast = portion.isLast
                        report.unchanged += portion.unchanged
                        report.knownFailures += portion.knownFailures
                        meter.update(report)
                        continue
                    }
                    let number = sent
                    sent += 1
                    switch item {
                    case .failure(let candidate, let failure):
                        ready[number] = ProcessedFile(candidate: candidate, outcome: .failed(nil, failure))
                    case .candidate(let candidate):
                        group.addTask(executorPreference: threads) {
                            (number, try await worker.process(candidate, number: number))
                        }
                    }
                }
                try await stageReady()
                if next == sent {
                    if Task.isCancelled || (waiting.isEmpty && isLast) { break }
                } else if ready[next] == nil || isWaitingForOwner {
                    guard let (number, file) = try await group.next() else { break }
                    ready[number] = file
                }
            }
            report.isCancelled = Task.isCancelled && !(waiting.isEmpty && isLast && !wasInterrupted)
        }
    }

    /// Whether the next file has the same content as a later one, which is still being analysed.
    private var isWaitingForOwner: Bool {
        guard case .claimed(_, let owner) = ready[next]?.outcome else { return false }
        return owner > next && ready[owner] == nil
    }

    /// Stages files as far as they are complete without a gap.
    private mutating func stageReady() async throws {
        while let file = ready[next], !isWaitingForOwner {
            ready[next] = nil
            try await stage(file)
            next += 1
            let pending = await writer.pendingCounts
            if pending.changes == 0 { batchStart = .now }
            if pending.images >= options.batchSize || pending.changes >= 8 * options.batchSize
                || pending.changes > 0 && ContinuousClock.now - batchStart >= .seconds(options.batchSeconds)
            {
                try await writer.commitBatch()
                claims.release(before: next)
                batchStart = .now
            }
            meter.update(report)
        }
    }

    private mutating func stage(_ file: ProcessedFile) async throws {
        // Behind a file that was given up, nothing may be staged: image numbers follow the walk.
        if wasInterrupted { return }
        switch file.outcome {
        case .analyzed(let hash, let analysis):
            count(try await writer.stage(file.candidate, hash: hash, analysis: analysis))
            claims.settle(hash, failure: nil, limit: sent)
        case .known(let hash):
            try await stageKnown(file.candidate, hash)
            claims.settle(hash, failure: nil, limit: sent)
        case .claimed(let hash, let owner):
            if let later = ready[owner], case .analyzed(_, let analysis) = later.outcome {
                // This file comes first in the walk, so the image is its; the owner's is then known.
                count(try await writer.stage(file.candidate, hash: hash, analysis: analysis))
                ready[owner]?.outcome = .known(hash)
            } else if let later = ready[owner], case .failed(_, let failure) = later.outcome {
                await stageFailure(file.candidate, failure)
            } else if let failure = claims.failure(of: hash) {
                await stageFailure(file.candidate, failure)
            } else {
                try await stageKnown(file.candidate, hash)
            }
        case .failed(let hash, let failure):
            await stageFailure(file.candidate, failure)
            if let hash { claims.settle(hash, failure: failure, limit: sent) }
        case .gone:
            break
        case .cancelled:
            wasInterrupted = true
        }
    }

    private mutating func stageKnown(_ candidate: FileCandidate, _ hash: ContentHash) async throws {
        guard let kind = try await writer.stage(candidate, knownContent: hash) else {
            preconditionFailure("content of \(candidate.path) was deleted during the run that found it")
        }
        count(kind)
    }

    private mutating func stageFailure(_ candidate: FileCandidate, _ failure: FileFailure) async {
        await writer.stage(candidate, failure: failure)
        report.failures.append(.init(path: candidate.path, kind: failure.kind, reason: failure.message))
    }

    private mutating func count(_ kind: StagedKind) {
        switch kind {
        case .added: report.added += 1
        case .moved: report.moved += 1
        case .duplicate: report.duplicates += 1
        case .changed: report.changed += 1
        case .unchanged: report.unchanged += 1
        }
    }

    private func startCounting() -> Task<Void, Never> {
        let (roots, excluded, meter) = (roots, excluded, meter)
        guard meter.isUsed else { return Task {} }
        let thread = ThreadPoolExecutor(name: "cairn-count", threadCount: 1)
        return Task(executorPreference: thread) {
            let total = FileWalk.count(roots: roots, excluding: excluded) { Task.isCancelled }
            if let total { meter.setTotal(total) }
        }
    }
}
