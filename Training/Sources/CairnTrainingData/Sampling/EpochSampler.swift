import CairnRecipes

/// Says which photos make the batches of an epoch: a function of the seed and the epoch alone.
///
/// A last batch that is not full is dropped, as long as there is a full one; batches of one size keep batch statistics and the
/// learning rate's steps alike. Which photos it had differs from epoch to epoch.
public struct EpochSampler: Sendable {
    /// The photos.
    public let photos: TrainingPhotoSet
    /// The rule.
    public let sampler: BatchSampler
    /// Photos of a batch over all processes; tuples where the rule is `tuples`; classes by photos where it is that.
    public let batchSize: Int
    /// Starts the random numbers.
    public let seed: UInt64
    /// Classes that batches are made of.
    let classes: [Int]

    /// Makes a sampler.
    ///
    /// - Parameters:
    ///   - photos: what it draws from; with sizes (`readingSizes()`) where batches are grouped by aspect ratio.
    ///   - sampler: the rule.
    ///   - batchSize: photos of a batch over all processes, tuples where the rule is `tuples`. `classesByPhotos` has its own.
    ///   - seed: starts the random numbers.
    /// - Throws: `TrainingDataError` when the photos cannot make a batch of that kind.
    public init(photos: TrainingPhotoSet, sampler: BatchSampler, batchSize: Int, seed: UInt64) throws {
        guard batchSize > 0 else {
            throw TrainingDataError(.invalidArgument, "a batch of \(batchSize) photos; “batchSize” is 1 or more")
        }
        self.photos = photos
        self.sampler = sampler
        self.seed = seed
        var classes = photos.rowsByClass.indices.filter { !photos.rowsByClass[$0].isEmpty }
        self.batchSize = sampler.kind == .classesByPhotos ? (sampler.classes ?? 0) * (sampler.photos ?? 0) : batchSize
        if sampler.kind == .classesByPhotos {
            guard let wanted = sampler.classes, let each = sampler.photos, wanted > 0, each > 0 else {
                throw TrainingDataError(.invalidArgument, "classesByPhotos needs “classes” and “photos”")
            }
            guard classes.count >= wanted else {
                throw TrainingDataError(
                    .invalidInput, "a batch of \(wanted) classes, but \(classes.count) have photos; lower “classes”")
            }
            // A photo alone has no other to be near to. It stays where batches could not be filled without.
            let several = classes.filter { photos.rowsByClass[$0].count > 1 }
            if several.count >= wanted { classes = several }
        }
        if sampler.groupsByAspect {
            guard sampler.kind == .shuffled || sampler.kind == .classBalanced else {
                throw TrainingDataError(
                    .invalidArgument,
                    "groupsByAspect goes with shuffled and classBalanced, not with \(sampler.kind.rawValue)")
            }
            guard photos.photos.contains(where: { $0.size != nil }) else {
                throw TrainingDataError(
                    .invalidInput, "grouping by aspect ratio needs the photos' sizes; read them first")
            }
        }
        self.classes = classes
    }

    /// The batches of an epoch.
    ///
    /// - Parameters:
    ///   - epoch: within the stage, from 1.
    ///   - tuples: what mining found for the epoch; for `tuples` alone.
    /// - Throws: `TrainingDataError` when there is no tuple, or one names a photo that there is not.
    /// - Complexity: O(photos), and a sort where aspect ratios are grouped.
    public func plan(epoch: Int, tuples: [TrainingTuple] = []) throws -> EpochPlan {
        var random = TrainingRandom(seed: seed, .order, epoch)
        switch sampler.kind {
        case .shuffled:
            return batches(epoch, of: shuffled(&random), &random)
        case .classBalanced:
            return batches(epoch, of: balanced(&random), &random)
        case .classesByPhotos:
            return classesByPhotos(epoch, &random)
        case .tuples:
            return try batches(epoch, ofTuples: tuples, &random)
        }
    }

    /// Steps of an epoch, for samplers other than `tuples`: the same every epoch.
    public var batchesPerEpoch: Int {
        let count = sampler.epochSize ?? photos.count
        return count < batchSize ? 1 : count / batchSize
    }

    // MARK: Orders

    /// Each photo once, in random order; again and again where the epoch is longer than the data.
    private func shuffled(_ random: inout TrainingRandom) -> [Int] {
        let count = sampler.epochSize ?? photos.count
        var order: [Int] = []
        while order.count < count {
            var pass = Array(0..<photos.count)
            random.shuffle(&pass)
            order += pass.prefix(count - order.count)
        }
        return order
    }

    /// Classes in turn, in an order that is shuffled each round; photos of a class in turn likewise.
    private func balanced(_ random: inout TrainingRandom) -> [Int] {
        var queues = ClassQueues(rowsByClass: photos.rowsByClass)
        var order: [Int] = []
        let count = sampler.epochSize ?? photos.count
        while order.count < count {
            var round = classes
            random.shuffle(&round)
            for label in round.prefix(count - order.count) { order.append(queues.next(of: label, &random)) }
        }
        return order
    }

    private func classesByPhotos(_ epoch: Int, _ random: inout TrainingRandom) -> EpochPlan {
        let (wanted, each) = (sampler.classes ?? 0, sampler.photos ?? 0)
        var queues = ClassQueues(rowsByClass: photos.rowsByClass)
        var waiting: [Int] = []
        let batches = (0..<batchesPerEpoch).map { index in
            var chosen: [Int] = []
            while chosen.count < wanted {
                if waiting.isEmpty {
                    waiting = classes
                    random.shuffle(&waiting)
                }
                // A new round may begin with a class that the batch has from the last one: it waits for the next batch.
                guard let next = waiting.lastIndex(where: { !chosen.contains($0) }) else {
                    let rest = classes.filter { !chosen.contains($0) }
                    chosen.append(rest[random.below(rest.count)])
                    continue
                }
                chosen.append(waiting.remove(at: next))
            }
            let rows = chosen.flatMap { label in queues.next(each, of: label, &random) }
            return batch(index, rows)
        }
        return EpochPlan(epoch: epoch, batches: batches, classesByPhotos: (wanted, each))
    }

    // MARK: Batches

    private func batches(_ epoch: Int, of order: [Int], _ random: inout TrainingRandom) -> EpochPlan {
        guard sampler.groupsByAspect else {
            let count = order.count < batchSize ? 1 : order.count / batchSize
            return EpochPlan(
                epoch: epoch,
                batches: (0..<count).map { index in
                    batch(index, Array(order[index * batchSize..<min(order.count, (index + 1) * batchSize)]))
                })
        }
        var groups = AspectGroups(photos: photos, batchSize: batchSize).batches(of: order, &random)
        random.shuffle(&groups)
        return EpochPlan(epoch: epoch, batches: groups.enumerated().map { batch($0.offset, $0.element) })
    }

    private func batches(
        _ epoch: Int, ofTuples tuples: [TrainingTuple], _ random: inout TrainingRandom
    ) throws -> EpochPlan {
        guard !tuples.isEmpty else {
            throw TrainingDataError(.invalidInput, "mining found no tuple for epoch \(epoch)")
        }
        for tuple in tuples where !tuple.photos.allSatisfy({ photos.photos.indices.contains($0) }) {
            throw TrainingDataError(
                .invalidArgument, "the tuple of query \(tuple.query) names a photo beyond the \(photos.count) there are"
            )
        }
        var order = tuples
        random.shuffle(&order)
        if let limit = sampler.epochSize { order = Array(order.prefix(limit)) }
        let count = order.count < batchSize ? 1 : order.count / batchSize
        var position = 0
        let batches = (0..<count).map { index in
            let chosen = order[index * batchSize..<min(order.count, (index + 1) * batchSize)]
            let rows = chosen.flatMap(\.photos)
            var made = batch(index, rows, from: position)
            made.tuples = TupleRows.consecutive(chosen.map { $0.negatives.count })
            position += rows.count
            return made
        }
        return EpochPlan(epoch: epoch, batches: batches)
    }

    private func batch(_ index: Int, _ rows: [Int], from start: Int? = nil) -> PlannedBatch {
        let first = start ?? index * batchSize
        let planned = rows.enumerated().map { PlannedPhoto(photo: $0.element, position: first + $0.offset) }
        let aspects = rows.map(photos.aspect).sorted()
        return PlannedBatch(photos: planned, global: planned, tuples: nil, aspect: aspects[aspects.count / 2])
    }
}

/// The photos of each class in random order, beginning again in another when all have been taken.
private struct ClassQueues {
    let rowsByClass: [[Int]]
    private var left: [[Int]]

    init(rowsByClass: [[Int]]) {
        self.rowsByClass = rowsByClass
        left = [[Int]](repeating: [], count: rowsByClass.count)
    }

    mutating func next(of label: Int, _ random: inout TrainingRandom) -> Int {
        if left[label].isEmpty {
            left[label] = rowsByClass[label]
            random.shuffle(&left[label])
        }
        return left[label].removeLast()
    }

    /// Several photos at once, all different as far as the class has so many.
    mutating func next(_ count: Int, of label: Int, _ random: inout TrainingRandom) -> [Int] {
        var chosen: [Int] = []
        let distinct = min(count, rowsByClass[label].count)
        while chosen.count < count {
            let row = next(of: label, &random)
            if chosen.count < distinct, chosen.contains(row) { continue }
            chosen.append(row)
        }
        return chosen
    }
}
