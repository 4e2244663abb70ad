import CairnCore

/// What every extractor says about itself, so that a collection never mixes what two of them made.
///
/// Extractors are called from several threads at once.
public protocol FeatureExtractor: Sendable {
    /// A short name for people and the command line, as "rootsift" or "resnet50-gem": that of the model.
    var name: String { get }

    /// Identifies everything that decides what is extracted: method, settings, weights. Hexadecimal by convention.
    var digest: String { get }

    /// The settings behind `digest`, as JSON, for people and for making the same extractor again; at most 64 KiB.
    var configurationJSON: String { get }

    /// Bytes in a local descriptor as stored, or entries of a global one.
    var dimensions: Int { get }

    /// What it wants to see of a photo.
    var input: ExtractionInput { get }
}

/// Finds keypoints and describes them: RootSIFT, or a network.
public protocol LocalFeatureExtractor: FeatureExtractor {
    /// How two photos' features are compared, unless a search says otherwise.
    var pairVerification: PairVerificationConfiguration { get }

    /// Features of a photo, strongest keypoint first; none is a valid answer.
    ///
    /// Deterministic. Positions are in the pixels of the photo reduced to `input.longSide`, whatever size a network worked
    /// on; every answer has the same dimensions, quantisation and orientation.
    ///
    /// - Throws: A `CairnError` when extraction fails; the photo is then reported, and indexing goes on.
    func features(of photo: ExtractionPhoto) throws -> LocalFeatures
}

/// Describes a whole photo by one vector.
public protocol GlobalDescriptorExtractor: FeatureExtractor {
    /// The photo's descriptor: `dimensions` finite numbers of Euclidean length 1.
    ///
    /// Deterministic. The inner product of two photos' descriptors is their similarity.
    ///
    /// - Throws: A `CairnError` when extraction fails; the photo is then reported, and indexing goes on.
    func descriptor(of photo: ExtractionPhoto) throws -> [Float]
}
