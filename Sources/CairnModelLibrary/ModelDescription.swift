import CairnAlgebra
import CairnCore
import CairnInference
import CairnModels

/// What a file of weights is: the network, what is done to photos before it, and where the weights come from.
///
/// A trained model carries it in the header of its `.safetensors` file, as JSON under `metadataKey`, so that it can be added to a
/// library without another word. Reading is strict: an unknown setting or version is refused.
public struct ModelDescription: Sendable, Hashable {
    /// The word of a `.safetensors` header under which the description is kept.
    public static let metadataKey = "cairn.model"
    /// The version of this format.
    public static let currentVersion = 1

    /// What the weights are of.
    public enum Network: Sendable, Hashable {
        /// One that gives a vector a photo.
        case descriptor(DescriptorNetworkConfiguration)
        /// DELG, which gives a vector a photo, and keypoints.
        case delg(DELGConfiguration)
    }

    /// How the weights came to be, as far as it is known. Decides nothing.
    public struct Training: Codable, Sendable, Hashable {
        /// The recipe's name.
        public var recipe: String?
        /// Epochs that the model has seen.
        public var epoch: Int?
        /// What `validation` is: `mAP`.
        public var metric: String?
        /// The figure that the model reached on photos it was not trained on.
        public var validation: Double?
        /// The run's seed.
        public var seed: UInt64?
        /// The version of Cairn that trained it.
        public var version: String?

        /// Says what is known.
        public init(
            recipe: String? = nil, epoch: Int? = nil, metric: String? = nil, validation: Double? = nil,
            seed: UInt64? = nil, version: String? = nil
        ) {
            self.recipe = recipe
            self.epoch = epoch
            self.metric = metric
            self.validation = validation
            self.seed = seed
            self.version = version
        }

        /// The facts in one line; empty where none is known.
        public var sentence: String {
            let figure = validation.map { "\(metric ?? "validation") \(($0 * 10_000).rounded() / 10_000)" }
            return [
                recipe.map { "recipe \($0)" }, epoch.map { "epoch \($0)" }, figure, seed.map { "seed \($0)" },
                version.map { "Cairn \($0)" },
            ].compactMap(\.self).joined(separator: ", ")
        }
    }

    /// The network.
    public var network: Network
    /// What is done to the bytes of an image; ImageNet's statistics.
    public var preprocessing: ImagePreprocessing
    /// The side to which photos are reduced, in pixels, 32 to 8,192; 1,024.
    public var size: Int
    /// Which side that is; the long one.
    public var fit: PhotoFit
    /// Sizes at which a photo is looked at; one.
    public var scales: ScaleSet
    /// How descriptors of several scales become one; their mean.
    public var scaleAggregation: ScaleAggregation
    /// Where the weights come from.
    public var training: Training

    /// Sets each part.
    public init(
        network: Network, preprocessing: ImagePreprocessing = .imageNet, size: Int = 1_024, fit: PhotoFit = .longSide,
        scales: ScaleSet = .single, scaleAggregation: ScaleAggregation = .average, training: Training = Training()
    ) {
        self.network = network
        self.preprocessing = preprocessing
        self.size = size
        self.fit = fit
        self.scales = scales
        self.scaleAggregation = scaleAggregation
        self.training = training
    }

    /// The network that gives a photo's vector: the whole of it, or DELG's global half.
    public var descriptorNetwork: DescriptorNetworkConfiguration {
        switch network {
        case .descriptor(let configuration): configuration
        case .delg(let configuration): configuration.globalHalf
        }
    }

    /// DELG's sizes, where it is one.
    public var delg: DELGConfiguration? {
        if case .delg(let configuration) = network { configuration } else { nil }
    }

    /// The name under which the library knows the network: that of the backbone, or `delg-` and that of the backbone.
    public var architecture: String {
        switch network {
        case .descriptor(let configuration): configuration.architecture
        case .delg(let configuration): "delg-" + configuration.architecture
        }
    }

    /// Throws `ModelLibraryError` for sizes that no network has and for an unknown backbone.
    public func validate() throws {
        func require(_ holds: Bool, _ what: String) throws {
            guard holds else { throw ModelLibraryError(.invalidInput, what) }
        }
        let half = descriptorNetwork
        let backbone: Architecture
        do {
            backbone = try Architecture.named(half.architecture)
        } catch let error as any CairnError {
            throw ModelLibraryError(error.kind, error.message)
        }
        if delg != nil {
            guard case .resNet = backbone.definition else {
                throw ModelLibraryError(.unsupported, "DELG is made on ResNets, not on \(half.architecture)")
            }
        }
        try require(
            half.dimensions.map { (1...65_536).contains($0) } ?? true, "a descriptor has 1 to 65536 dimensions")
        if let delg {
            try require(
                (1...4_096).contains(delg.localDimensions), "a local descriptor has 1 to 4096 dimensions")
            try require((1...8_192).contains(delg.attentionChannels), "attention has 1 to 8192 channels")
        }
        try require(
            half.pooling.exponent > 0 && half.pooling.exponent <= 1_000 && half.pooling.epsilon > 0
                && (1...16).contains(half.pooling.levels), "a pooling has an exponent above 0 and 1 to 16 levels")
        try require((32...8_192).contains(size), "photos are looked at with 32 to 8192 pixels, not \(size)")
        try require(preprocessing.channelOrder != .grey, "a backbone takes three colours, not grey")
        try require(
            [preprocessing.mean.count, preprocessing.deviation.count].allSatisfy { [0, 1, 3].contains($0) }
                && preprocessing.deviation.allSatisfy { $0 > 0 }, "preprocessing has three means and deviations above 0"
        )
        try require(scaleAggregation.exponent > 0, "the exponent over scales is above 0")
    }
}

extension DELGConfiguration {
    /// The network of the global descriptor.
    var globalHalf: DescriptorNetworkConfiguration {
        DescriptorNetworkConfiguration(
            architecture: architecture, pooling: pooling, head: .whitening, dimensions: dimensions)
    }
}
