/// One photo of a batch to come.
public struct PlannedPhoto: Sendable, Hashable {
    /// Its number in the photo set.
    public var photo: Int
    /// Its position in the whole epoch, over all processes: its random numbers depend on this and on nothing else of the batch.
    public var position: Int

    /// Makes a planned photo.
    public init(photo: Int, position: Int) {
        self.photo = photo
        self.position = position
    }
}

/// The photos of a step, before any is read.
public struct PlannedBatch: Sendable, Hashable {
    /// Its photos in their order, of this process.
    public var photos: [PlannedPhoto]
    /// The batch's photos over all processes: a photo is mixed with one of these.
    public var global: [PlannedPhoto]
    /// The tuples, as rows of `photos`; `nil` where the sampler gives none.
    public var tuples: [TupleRows]?
    /// Width by height that suits the photos best: the median.
    public var aspect: Double
}

/// All steps of an epoch.
public struct EpochPlan: Sendable, Hashable {
    /// The epoch within the stage, from 1.
    public var epoch: Int
    /// The steps, in order.
    public var batches: [PlannedBatch]
    /// Classes of a batch that follow each other, and photos of each; `nil` where classes come as they come.
    var classesByPhotos: (classes: Int, photos: Int)? {
        get { classes.map { ($0, photosOfClass) } }
        set { (classes, photosOfClass) = (newValue?.classes, newValue?.photos ?? 0) }
    }
    private var classes: Int?
    private var photosOfClass = 0

    init(epoch: Int, batches: [PlannedBatch], classesByPhotos: (classes: Int, photos: Int)? = nil) {
        self.epoch = epoch
        self.batches = batches
        self.classesByPhotos = classesByPhotos
    }

    /// The part of one of several processes: positions `rank`, `rank + processes`, … of each batch; every `processes`-th tuple
    /// where there are tuples; whole classes where batches are of classes whose number the processes divide. Together the parts
    /// are the whole batch, and which photos it has does not depend on their number.
    ///
    /// - Throws: `TrainingDataError` when the photos or tuples of a batch cannot be shared equally: gradients of processes are
    ///   averaged, so that photos of a smaller share would count more.
    public func shard(rank: Int, of processes: Int) throws -> EpochPlan {
        precondition(processes > 0 && (0..<processes).contains(rank), "process \(rank) of \(processes)")
        guard processes > 1 else { return self }
        var plan = self
        plan.batches = try batches.map { batch in
            let units = batch.tuples?.count ?? batch.photos.count
            guard units > 0, units % processes == 0 else {
                throw TrainingDataError(
                    .invalidArgument,
                    "a batch of \(units) cannot be shared equally by \(processes) processes; set “batchSize” to a multiple"
                )
            }
            return part(rank, of: processes, of: batch)
        }
        return plan
    }

    private func part(_ rank: Int, of processes: Int, of batch: PlannedBatch) -> PlannedBatch {
        var own = batch
        if let tuples = batch.tuples {
            let chosen = stride(from: rank, to: tuples.count, by: processes).map { tuples[$0] }
            own.photos = chosen.flatMap { tuple in
                ([tuple.query, tuple.positive] + tuple.negatives).map { batch.photos[$0] }
            }
            own.tuples = TupleRows.consecutive(chosen.map { $0.negatives.count })
        } else if let (classes, photos) = classesByPhotos, classes % processes == 0 {
            own.photos = stride(from: rank, to: classes, by: processes).flatMap {
                batch.photos[$0 * photos..<($0 + 1) * photos]
            }
        } else {
            own.photos = stride(from: rank, to: batch.photos.count, by: processes).map { batch.photos[$0] }
        }
        return own
    }
}

extension TupleRows {
    /// Rows of tuples that follow each other: query, matching photo, `negatives` others.
    static func consecutive(_ negatives: [Int]) -> [TupleRows] {
        var row = 0
        return negatives.map { count in
            defer { row += 2 + count }
            return TupleRows(query: row, positive: row + 1, negatives: Array(row + 2..<row + 2 + count))
        }
    }
}
