import CairnNN
import CairnTorch
import CairnTrainingData

/// A batch as losses see it.
public struct LossInput {
    /// `[N, D]`, before normalisation: losses of angles and distances divide by the length themselves.
    public var embeddings: TorchTensor
    /// The class of each photo, from 0.
    public var labels: [Int]
    /// What the loss of each photo is multiplied by, `nil` for 1. A tuple counts as its query does, a list as its query.
    public var weights: [Float]?
    /// The other class of each photo, where photos are mixed; `nil` otherwise.
    public var secondLabels: [Int]?
    /// How much `labels` count, from 0 to 1; `secondLabels` count the rest.
    public var shares: [Float]?
    /// Queries, matching photos and others, by row; `nil` where the sampler gives none.
    public var tuples: [TupleRows]?
    /// The processes that share the batch.
    public var processes: LossProcesses
    /// What sums over photos are divided by; `nil` for `N`. Where processes have different numbers of photos it is their mean, so
    /// that the mean of the processes' losses is the mean over photos.
    public var photosPerProcess: Double?
    /// The same of sums over tuples.
    public var tuplesPerProcess: Double?

    /// Makes a batch.
    public init(
        embeddings: TorchTensor, labels: [Int], weights: [Float]? = nil, secondLabels: [Int]? = nil,
        shares: [Float]? = nil, tuples: [TupleRows]? = nil, processes: LossProcesses = .alone,
        photosPerProcess: Double? = nil, tuplesPerProcess: Double? = nil
    ) {
        self.embeddings = embeddings
        self.labels = labels
        self.weights = weights
        self.secondLabels = secondLabels
        self.shares = shares
        self.tuples = tuples
        self.processes = processes
        self.photosPerProcess = photosPerProcess
        self.tuplesPerProcess = tuplesPerProcess
    }

    /// Photos of the batch.
    public var count: Int { labels.count }
}

// MARK: - What losses read
extension LossInput {
    /// Throws unless all parts are of one batch.
    func check() throws {
        guard embeddings.shape.rank == 2, embeddings.shape[0] == count, count > 0 else {
            throw TrainingError(
                .invalidArgument, "a loss takes [N, D] with N labels, not \(embeddings.shape) with \(count) labels")
        }
        for (name, number) in [
            ("weights", weights?.count), ("second labels", secondLabels?.count), ("shares", shares?.count),
        ] where number != nil && number != count {
            throw TrainingError(
                .invalidArgument, "a loss takes as many \(name) as photos: \(number ?? 0), not \(count)")
        }
        guard (secondLabels == nil) == (shares == nil) else {
            throw TrainingError(.invalidArgument, "mixed photos need second labels and shares, both or neither")
        }
    }

    /// In 32 bits at least.
    var preciseEmbeddings: TorchTensor {
        get throws {
            switch embeddings.elementType {
            case .float32, .float64: embeddings
            default: try embeddings.converted(to: .float32)
            }
        }
    }

    /// `[N, 1]` of labels that are all below `classes`.
    func labelTensor(_ labels: [Int], classes: Int) throws -> TorchTensor {
        if let row = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
            throw TrainingError(
                .invalidArgument, "photo \(row) of the batch has label \(labels[row]); labels are below \(classes)")
        }
        return try TorchTensor(labels, shape: [count, 1], device: embeddings.device)
    }

    /// Some photo has two labels.
    var isMixed: Bool { shares?.contains { $0 < 1 } ?? false }

    /// Of each photo the label that counts more.
    var mainLabels: [Int] {
        guard let secondLabels, let shares else { return labels }
        return labels.indices.map { shares[$0] >= 0.5 ? labels[$0] : secondLabels[$0] }
    }

    /// `[N]` of numbers of photos, in the embeddings' precision.
    func photoNumbers(_ values: [Float]) throws -> TorchTensor {
        let type = try preciseEmbeddings.elementType
        return try TorchTensor(values, shape: [values.count], device: embeddings.device).converted(to: type)
    }

    /// The sum of `[N]`, each multiplied by its photo's weight, divided by the number of photos.
    func meanOverPhotos(_ losses: TorchTensor) throws -> TorchTensor {
        var losses = losses
        if let weights { losses = try losses * photoNumbers(weights) }
        return try losses.sum([0]).scaled(by: 1 / (photosPerProcess ?? Double(count)))
    }

    /// 0 with a gradient of 0, so that a step without anything to learn from is a step like others.
    func nothing() throws -> TorchTensor { try preciseEmbeddings.sliced(axis: 0, 0..<0).sum([0, 1]) }
}
