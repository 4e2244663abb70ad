import CairnImaging
import Foundation

/// Loads the batches of an epoch ahead of the steps that use them, and gives them in order.
///
/// Threads take photos one by one, so that the first batch comes as soon as possible; which thread takes which changes nothing:
/// batches are the same bytes for any number of workers, and from whichever batch loading begins. Memory holds the batch in use and
/// `batchesAhead` more.
///
/// A photo that cannot be read is reported once, in `unreadable`, and another of its class takes its place, drawn by the position
/// of the first. Threads end when the epoch does, when a batch fails, with `cancel()`, and with this object.
public final class BatchLoader: Sendable {
    private let queue: BatchQueue

    /// Starts loading.
    ///
    /// - Parameters:
    ///   - photos: those that the plan's numbers mean.
    ///   - plan: the epoch's batches, or a process' part of them.
    ///   - settings: how photos become pixels.
    ///   - configuration: threads and memory.
    ///   - firstBatch: where to begin in the epoch, from 0: as a resumed run does.
    /// - Throws: `TrainingDataError` when there is no worker, no batch ahead, or no such batch.
    public init(
        photos: TrainingPhotoSet, plan: EpochPlan, settings: BatchSettings,
        configuration: LoaderConfiguration = LoaderConfiguration(), firstBatch: Int = 0
    ) throws {
        guard configuration.workers > 0, configuration.batchesAhead > 0 else {
            throw TrainingDataError(
                .invalidArgument,
                "\(configuration.workers) workers for \(configuration.batchesAhead) batches ahead; both are 1 or more")
        }
        guard (0...plan.batches.count).contains(firstBatch) else {
            throw TrainingDataError(
                .invalidArgument,
                "epoch \(plan.epoch) has \(plan.batches.count) batches; it cannot begin at \(firstBatch)")
        }
        var decoding = DecodingConfiguration.fullSize
        decoding.maximumPixels = configuration.maximumPixels
        let augmenter = PhotoAugmenter(
            steps: settings.augmentation, decoder: ImageDecoder(configuration: decoding))
        let loader = PhotoLoader(photos: photos, augmenter: augmenter, seed: settings.seed, epoch: plan.epoch)
        let queue = BatchQueue(
            plan: plan, settings: settings, loader: loader, ahead: configuration.batchesAhead, first: firstBatch)
        self.queue = queue
        for number in 1...configuration.workers {
            let thread = Thread { queue.work() }
            thread.name = "loader-\(number)"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    deinit { queue.cancel() }

    /// The next batch, waiting for it; `nil` after the epoch's last, and after `cancel()`.
    ///
    /// - Throws: `TrainingDataError` when no photo of a class that the batch needs can be read; no more batches come then.
    public func next() throws -> TrainingBatch? { try queue.next() }

    /// Ends loading: threads end after the photo that they have in hand, and whoever waits for a batch gets `nil`.
    public func cancel() { queue.cancel() }

    /// The photos that could not be read so far, by path, each once.
    public var unreadable: [UnreadablePhoto] { queue.loader.unreadable }
}

/// The batches on their way, and who works on what.
private final class BatchQueue: @unchecked Sendable {
    // Unchecked: `condition` guards every variable.
    let loader: PhotoLoader
    private let plan: EpochPlan
    private let settings: BatchSettings
    private let ahead: Int
    private let condition = NSCondition()
    private var assemblies: [BatchAssembly] = []
    private var nextBatch: Int
    private var isCancelled = false

    init(plan: EpochPlan, settings: BatchSettings, loader: PhotoLoader, ahead: Int, first: Int) {
        self.plan = plan
        self.settings = settings
        self.loader = loader
        self.ahead = ahead
        nextBatch = first
    }

    func cancel() {
        condition.withLock {
            isCancelled = true
            assemblies = []
            condition.broadcast()
        }
    }

    func next() throws -> TrainingBatch? {
        try condition.withLock {
            while !isCancelled {
                guard let head = assemblies.first else {
                    if nextBatch >= plan.batches.count { return nil }
                    condition.wait()
                    continue
                }
                switch head.outcome {
                case nil: condition.wait()
                case .ready(let batch):
                    assemblies.removeFirst()
                    condition.broadcast()
                    return batch
                case .failed(let error):
                    isCancelled = true
                    assemblies = []
                    condition.broadcast()
                    throw error
                }
            }
            return nil
        }
    }

    /// What a thread does until there is nothing left to do.
    func work() {
        while let (assembly, item) = take() {
            do {
                let planned = assembly.items[item]
                guard
                    let loaded = try loader.load(
                        planned, target: assembly.target, isCancelled: { condition.withLock { isCancelled } })
                else { return }
                assembly.place(loaded, at: item)
                let isComplete = condition.withLock {
                    assembly.store(loaded, at: item)
                    return assembly.remaining == 0
                }
                guard isComplete else { continue }
                let batch = try assembly.finished(loader.photos, epoch: plan.epoch, settings: settings)
                end(assembly, .ready(batch))
            } catch {
                end(assembly, .failed(error))
            }
        }
    }

    private func end(_ assembly: BatchAssembly, _ outcome: BatchAssembly.Outcome) {
        condition.withLock {
            // Of several failures the first is kept.
            if assembly.outcome == nil { assembly.outcome = outcome }
            condition.broadcast()
        }
    }

    /// A photo to load, waiting for room; `nil` when all are taken.
    private func take() -> (BatchAssembly, Int)? {
        condition.withLock {
            while !isCancelled {
                let open = assemblies.first { $0.next < $0.items.count && $0.outcome == nil }
                if let assembly = open ?? begun() {
                    assembly.next += 1
                    return (assembly, assembly.next - 1)
                }
                if nextBatch >= plan.batches.count { return nil }
                condition.wait()
            }
            return nil
        }
    }

    /// The next batch, begun, where there is room for it.
    private func begun() -> BatchAssembly? {
        guard assemblies.count < ahead, nextBatch < plan.batches.count else { return nil }
        let assembly = BatchAssembly(
            index: nextBatch, plan: plan.batches[nextBatch], epoch: plan.epoch, settings: settings)
        nextBatch += 1
        assemblies.append(assembly)
        return assembly
    }
}
