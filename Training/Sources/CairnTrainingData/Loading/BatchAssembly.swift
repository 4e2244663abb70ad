import CairnCore
import CairnImaging

/// A batch while its photos come in, in any order and from several threads.
final class BatchAssembly: @unchecked Sendable {
    // Unchecked: `next`, `remaining` and `outcome` are guarded by the loader's lock, as is storing what was loaded; rows of
    // `block` are written by one thread each, and everything is read when none remains.

    /// What became of a batch.
    enum Outcome {
        case ready(TrainingBatch)
        case failed(any Error)
    }

    let index: Int
    let target: PhotoTarget
    /// What is to be loaded: the batch's own photos, then partners that other processes have.
    let items: [PlannedPhoto]
    /// The first item that no thread has taken.
    var next = 0
    /// Items that are not loaded yet.
    var remaining: Int
    /// What became of it; `nil` while it is made.
    var outcome: Outcome?

    private let plan: PlannedBatch
    private let partners: [Int]
    private let block: ImageBlock?
    private var single: [RGBImage?]
    private var numbers: [Int]

    init(index: Int, plan: PlannedBatch, epoch: Int, settings: BatchSettings) {
        self.index = index
        self.plan = plan
        target = PhotoTarget(size: settings.size, shape: settings.shape, aspect: plan.aspect)
        let own = plan.photos
        var items = own
        var partners: [Int] = []
        if settings.mixing != nil {
            var random = TrainingRandom(seed: settings.seed, .mixing, epoch, index)
            let offset = PhotoMixer.offset(count: plan.global.count, &random)
            var places = Dictionary(uniqueKeysWithValues: own.enumerated().map { ($0.element.position, $0.offset) })
            let first = plan.global[0].position
            for photo in own {
                let row = PhotoMixer.partner(
                    of: photo.position - first, offset: offset, count: plan.global.count)
                let partner = plan.global[row]
                if places[partner.position] == nil {
                    places[partner.position] = items.count
                    items.append(partner)
                }
                partners.append(places[partner.position] ?? 0)
            }
        }
        self.items = items
        self.partners = partners
        remaining = items.count
        numbers = items.map(\.photo)
        if case .exact(let size) = target {
            block = ImageBlock(count: own.count, size: size)
        } else {
            block = nil
        }
        single = [RGBImage?](repeating: nil, count: items.count)
    }

    /// Copies a photo to its place, where that is in the block. Without the loader's lock.
    func place(_ loaded: PhotoLoader.Loaded, at item: Int) {
        if item < plan.photos.count { block?.write(loaded.image, at: item) }
    }

    /// Keeps what `place` did not. Under the loader's lock.
    func store(_ loaded: PhotoLoader.Loaded, at item: Int) {
        numbers[item] = loaded.photo
        if block == nil || item >= plan.photos.count { single[item] = loaded.image }
        remaining -= 1
    }

    /// The batch, when all is loaded. Without the loader's lock.
    func finished(_ photos: TrainingPhotoSet, epoch: Int, settings: BatchSettings) throws -> TrainingBatch {
        let rows = plan.photos.indices
        let labels = rows.map { photos[numbers[$0]].label }
        let mixed = try settings.mixing.map { mixing in
            try self.mixed(photos, labels, PhotoMixer(mixing: mixing), epoch: epoch, seed: settings.seed)
        }
        let isPlainLeftOut = settings.mixing.map { !$0.twoStreams } ?? false
        return TrainingBatch(
            images: isPlainLeftOut ? [] : block.map { [$0] } ?? rows.map { ImageBlock([image($0)]) },
            labels: labels, weights: rows.map { photos[numbers[$0]].weight }, mixed: mixed,
            photos: rows.map { numbers[$0] }, tuples: plan.tuples, epoch: epoch, index: index)
    }

    private func mixed(
        _ photos: TrainingPhotoSet, _ labels: [Int], _ mixer: PhotoMixer, epoch: Int, seed: UInt64
    ) throws -> MixedBlock {
        let target = block.map { ImageBlock(count: $0.count, size: ImageSize(width: $0.width, height: $0.height)) }
        var result = MixedBlock(images: target.map { [$0] } ?? [], first: labels, second: labels, share: [])
        for row in plan.photos.indices {
            var random = TrainingRandom(seed: seed, .mixing, epoch, plan.photos[row].position, 1)
            let own = image(row)
            let mixed = try mixer.mixed(own, with: image(partners[row]), &random)
            if let target {
                target.write(mixed?.image ?? own, at: row)
            } else {
                result.images.append(ImageBlock([mixed?.image ?? own]))
            }
            if mixed != nil { result.second[row] = photos[numbers[partners[row]]].label }
            result.share.append(mixed?.share ?? 1)
        }
        return result
    }

    private func image(_ item: Int) -> RGBImage {
        if let image = single[item] { return image }
        guard let block else { preconditionFailure("photo \(item) of batch \(index) was never loaded") }
        return block.image(at: item)
    }
}
