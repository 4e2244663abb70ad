import CairnCore
import CairnImaging
import Synchronization

/// Reads one planned photo: augmented, or another of its class in its place.
///
/// What comes out is a function of the seed, the epoch and the position, and of the files.
final class PhotoLoader: Sendable {
    /// A photo and its number, which is another's where the planned one could not be read.
    struct Loaded {
        var image: RGBImage
        var photo: Int
    }

    let photos: TrainingPhotoSet
    let augmenter: PhotoAugmenter
    let seed: UInt64
    let epoch: Int
    private let failures = Mutex<[String: String]>([:])

    init(photos: TrainingPhotoSet, augmenter: PhotoAugmenter, seed: UInt64, epoch: Int) {
        self.photos = photos
        self.augmenter = augmenter
        self.seed = seed
        self.epoch = epoch
    }

    /// The photos that could not be read so far, by path, each once.
    var unreadable: [UnreadablePhoto] {
        failures.withLock { $0 }.map { UnreadablePhoto(path: $0.key, reason: $0.value) }.sorted { $0.path < $1.path }
    }

    /// Reads a photo; throws `TrainingDataError` when no photo of its class can be read.
    func load(_ planned: PlannedPhoto, target: PhotoTarget, isCancelled: () -> Bool) throws -> Loaded? {
        if let image = image(of: planned.photo, planned, target) { return Loaded(image: image, photo: planned.photo) }
        let label = photos[planned.photo].label
        var others = photos.rowsByClass[label].filter { $0 != planned.photo }
        var random = TrainingRandom(seed: seed, .replacement, epoch, planned.position)
        random.shuffle(&others)
        for other in others {
            if isCancelled() { return nil }
            if let image = image(of: other, planned, target) { return Loaded(image: image, photo: other) }
        }
        throw TrainingDataError(
            .invalidInput,
            "no photo of the class “\(photos.classNames[label])” can be read, \(photos[planned.photo].path) among them; leave the class out"
        )
    }

    private func image(of photo: Int, _ planned: PlannedPhoto, _ target: PhotoTarget) -> RGBImage? {
        var random = TrainingRandom(seed: seed, .photo, epoch, planned.position)
        let path = photos[photo].path
        do {
            return try augmenter.photo(contentsOf: path, target: target, &random)
        } catch {
            // The file may be fine for another part of it, so that it is tried again whenever it is drawn: what was found
            // out by chance before must not change what comes.
            let reason = (error as? ImagingError)?.message ?? "\(error)"
            failures.withLock { if $0[path] == nil { $0[path] = reason } }
            return nil
        }
    }
}
