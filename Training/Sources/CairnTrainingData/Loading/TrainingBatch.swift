/// The photos of a step, ready for normalisation, with what is to be learned from them.
public struct TrainingBatch: Sendable {
    /// The plain photos: one block where they have one size, else a block each, in row order. Empty where mixing takes their
    /// place (`ImageMixing.twoStreams` off).
    public var images: [ImageBlock]
    /// The class of each photo.
    public var labels: [Int]
    /// What the loss of each photo is multiplied by.
    public var weights: [Float]
    /// The mixed photos, with the same rows; `nil` without mixing.
    public var mixed: MixedBlock?
    /// Each photo's number in the photo set; that of its replacement where it could not be read.
    public var photos: [Int]
    /// Queries, matching photos and others, by row; `nil` where the sampler gives none.
    public var tuples: [TupleRows]?
    /// The epoch within the stage, from 1.
    public var epoch: Int
    /// Which of the epoch's batches this is, from 0.
    public var index: Int

    /// Photos of the batch.
    public var count: Int { labels.count }

    /// What goes through the network, and the labels of each: the plain photos, the mixed ones, or both, whose losses are added.
    public var streams: [BatchStream] {
        var streams: [BatchStream] = []
        if !images.isEmpty {
            streams.append(
                BatchStream(
                    images: images, first: labels, second: labels, share: [Float](repeating: 1, count: count)))
        }
        if let mixed {
            streams.append(
                BatchStream(images: mixed.images, first: mixed.first, second: mixed.second, share: mixed.share))
        }
        return streams
    }
}

/// Photos that are made of two each. A photo that was not mixed has its own label twice, with a share of 1.
public struct MixedBlock: Sendable {
    /// The photos, as in `TrainingBatch.images`.
    public var images: [ImageBlock]
    /// The class of the row's own photo.
    public var first: [Int]
    /// The class of the photo that was put onto it.
    public var second: [Int]
    /// How much the row's own class counts, from 0 to 1; the other counts the rest.
    public var share: [Float]
}

/// Photos that go through the network together, with the one or two labels of each.
public struct BatchStream: Sendable {
    /// The photos, as in `TrainingBatch.images`.
    public var images: [ImageBlock]
    /// The first label of each.
    public var first: [Int]
    /// The second label of each.
    public var second: [Int]
    /// How much the first label counts, from 0 to 1; the second counts the rest.
    public var share: [Float]

    /// Some photo has two labels.
    public var isMixed: Bool { share.contains { $0 < 1 } }
}
