import CairnRecipes

/// How the photos of an epoch become pixels.
public struct BatchSettings: Sendable, Hashable {
    /// Pixels of the side that `shape` means.
    public var size: Int
    /// How photos are brought to the size.
    public var shape: ImageSizeStep.Shape
    /// What is done to photos, in order.
    public var augmentation: [Augmentation]
    /// How photos are mixed with others; `nil` for not at all.
    public var mixing: ImageMixing?
    /// Starts the random numbers.
    public var seed: UInt64

    /// Makes settings.
    public init(
        size: Int, shape: ImageSizeStep.Shape = .square, augmentation: [Augmentation] = [],
        mixing: ImageMixing? = nil, seed: UInt64
    ) {
        self.size = size
        self.shape = shape
        self.augmentation = augmentation
        self.mixing = mixing
        self.seed = seed
    }

    /// What a stage says about an epoch of it, from 1: its size and its phase of augmentation by then.
    public init(stage: TrainingStage, epoch: Int, seed: UInt64) {
        let step = ProgressiveSizes(stage).size(inEpoch: epoch)
        self.init(
            size: step.size, shape: step.shape, augmentation: stage.augmentation(inEpoch: epoch),
            mixing: stage.mixing, seed: seed)
    }
}

/// How batches are loaded: none of this changes what is in them.
public struct LoaderConfiguration: Codable, Sendable, Hashable {
    /// Threads that decode and augment; 2.
    public var workers = 2
    /// Batches that are ready or being made beyond the one in use, which bounds memory; 2.
    public var batchesAhead = 2
    /// Photos with more pixels than this are not read; 250 million.
    public var maximumPixels = 250_000_000

    /// The usual.
    public init() {}

    /// Makes a configuration.
    public init(workers: Int, batchesAhead: Int = 2) {
        self.workers = workers
        self.batchesAhead = batchesAhead
    }
}

/// A photo that could not be read.
public struct UnreadablePhoto: Sendable, Hashable, Codable {
    /// Where it is.
    public var path: String
    /// Why not.
    public var reason: String

    /// Makes a report.
    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}
