import CairnNN

/// One network for global and local features.
///
/// Cao, Araujo and Sim 2020, *Unifying Deep Local and Global Features for Image Search*. The deep map gives the global descriptor
/// by GeM and a whitening layer; the shallow map S, at a sixteenth of the image, gives local descriptors by an autoencoder and
/// tells by attention which of them matter. No gradient of the local losses reaches S.
///
/// Names of parameters: the backbone's have no prefix; `pool.p` where learned; `head.whiten.*`; `local.autoencoder.reduce.*` and
/// `.expand.*`; `local.attention.conv1.*`, `.bn.*` and `.conv2.*`.
///
/// Deviation from the paper, as in the authors' public code: attention pools L2-normalised vectors and takes their mean, not their
/// sum, so that what is pooled does not grow with the image.
public struct DELG<T: Tensor> {
    private let backbone: any StagedBackbone<T>
    private let pooling: Pooling<T>
    private let head: DescriptorHead<T>
    private let autoencoder: DELGAutoencoder<T>
    private let attention: DELGAttention<T>

    /// Builds the network from its parameters.
    ///
    /// Throws `NetworkError` for an architecture that does not show its second-last stage, and what the source throws.
    public init(_ parameters: Parameters<T>, configuration: DELGConfiguration = .resNet50) throws {
        backbone = try Architecture.named(configuration.architecture).makeStagedBackbone(parameters)
        pooling = try Pooling(parameters["pool"], configuration: configuration.pooling)
        head = try DescriptorHead(
            parameters["head"], configuration: .whitening, from: backbone.channels, to: configuration.dimensions)
        let local = parameters["local"]
        autoencoder = try DELGAutoencoder(
            local["autoencoder"], channels: backbone.shallowChannels, reduced: configuration.localDimensions)
        attention = try DELGAttention(
            local["attention"], channels: backbone.shallowChannels, hidden: configuration.attentionChannels)
    }

    /// What is extracted from an image.
    public struct Features {
        /// `[N, D]`, each row of length 1.
        public let global: T
        /// `[N, 128, H / 16, W / 16]`, each pixel's vector of length 1.
        public let local: T
        /// `[N, 1, H / 16, W / 16]`, positive; more is more.
        public let attention: T
    }

    /// What the losses see.
    public struct TrainingOutput {
        /// `[N, D]` after whitening, not normalised: for a classifier over angles.
        public let embedding: T
        /// The shallow map, what the autoencoder shall reproduce: without gradient, unless it was asked for.
        public let shallow: T
        /// The autoencoder's reproduction, of the same shape.
        public let reconstruction: T
        /// `[N, 1, H / 16, W / 16]`.
        public let attention: T
        /// `[N, 1024]`, the mean of normalised reconstructions under attention: for the local classifier.
        public let pooledReconstruction: T
    }

    /// Global and local features of `[N, 3, H, W]`.
    public func callAsFunction(_ image: T) throws -> Features {
        let (shallow, deep) = try backbone.shallowAndDeepFeatures(image)
        return Features(
            global: try head(pooling(deep)), local: try autoencoder.reduced(shallow).l2Normalized(axis: 1),
            attention: try attention(shallow))
    }

    /// What the three losses need of `[N, 3, H, W]`.
    ///
    /// The attention's loss trains what it pools, too: its gradient reaches the autoencoder, as in the authors' public code.
    ///
    /// - Parameters:
    ///   - stopsAttentionGradient: What comes from the attention's loss ends at the shallow map, as in the paper.
    ///   - stopsReconstructionGradient: What comes from the reconstruction's loss ends there, as in the paper. Where it does not, it
    ///     flows into the map as what is reproduced and as what shall be.
    public func trainingOutput(
        _ image: T, stopsAttentionGradient: Bool = true, stopsReconstructionGradient: Bool = true
    ) throws -> TrainingOutput {
        let (attached, deep) = try backbone.shallowAndDeepFeatures(image)
        let detached = attached.detached()
        let shallow = stopsReconstructionGradient ? detached : attached
        let attended = stopsAttentionGradient ? detached : attached
        let reconstruction = try autoencoder.expanded(autoencoder.reduced(shallow))
        // Where one gradient stops and the other does not, each needs a reconstruction of its own.
        let pooled =
            stopsAttentionGradient == stopsReconstructionGradient
            ? reconstruction : try autoencoder.expanded(autoencoder.reduced(attended))
        let weights = try attention(attended)
        let targets = try pooled.l2Normalized(axis: 1)
        return TrainingOutput(
            embedding: try head.embedding(pooling(deep)), shallow: shallow, reconstruction: reconstruction,
            attention: weights, pooledReconstruction: try (targets * weights).mean([2, 3]))
    }
}

/// Two 1x1 convolutions: to a local descriptor, and back.
struct DELGAutoencoder<T: Tensor> {
    private let reduce: Conv2d<T>
    private let expand: Conv2d<T>

    init(_ parameters: Parameters<T>, channels: Int, reduced: Int) throws {
        reduce = try Conv2d(parameters["reduce"], from: channels, to: reduced, kernel: 1)
        expand = try Conv2d(parameters["expand"], from: reduced, to: channels, kernel: 1)
    }

    /// `[N, 1024, H, W]` to `[N, 128, H, W]`.
    func reduced(_ shallow: T) throws -> T { try reduce(shallow) }

    /// `[N, 128, H, W]` to `[N, 1024, H, W]`, not negative, as the map itself is not.
    func expanded(_ reduced: T) throws -> T { try expand(reduced).relu() }
}

/// Two 1x1 convolutions that say how much a pixel of the map matters.
struct DELGAttention<T: Tensor> {
    private let hidden: Conv2d<T>
    private let normalization: BatchNorm2d<T>
    private let score: Conv2d<T>

    init(_ parameters: Parameters<T>, channels: Int, hidden width: Int) throws {
        hidden = try Conv2d(parameters["conv1"], from: channels, to: width, kernel: 1)
        normalization = try BatchNorm2d(parameters["bn"], width)
        score = try Conv2d(parameters["conv2"], from: width, to: 1, kernel: 1)
    }

    /// `[N, 1024, H, W]` to `[N, 1, H, W]`, positive.
    func callAsFunction(_ shallow: T) throws -> T { try score(normalization(hidden(shallow)).relu()).softplus() }
}
