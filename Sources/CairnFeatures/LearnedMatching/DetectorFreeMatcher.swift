import CairnCore
import CairnImaging

/// Matches two images without keypoints: LoFTR.
///
/// Features of an image are made once and matched with as many others as wanted. Safe to use from many threads as far as the
/// networks are.
public struct DetectorFreeMatcher: Sendable {
    /// The networks.
    public let model: DetectorFreeModel
    /// How images are shown, and which matches are kept.
    public let configuration: DetectorFreeConfiguration

    /// Makes a matcher. Throws `FeatureError` where the configuration makes no sense.
    public init(model: DetectorFreeModel, configuration: DetectorFreeConfiguration = .loftr) throws {
        try configuration.validate()
        self.model = model
        self.configuration = configuration
    }

    /// Matches of two images, the surest first, in pixels of each image as given.
    public func matches(query: RGBImage, candidate: RGBImage) throws -> [PointMatch] {
        try matches(query: features(of: query), candidate: features(of: candidate))
    }

    /// What the network sees in an image. Throws `FeatureError` where it gives other shapes than LoFTR's, and what it throws.
    public func features(of image: RGBImage) throws -> DetectorFreeFeatures {
        let reduced = image.size.fitted(toLongSide: configuration.longSide)
        let frame = NetworkFrame(padding: reduced, toMultipleOf: configuration.sizeMultiple)
        let size = frame.inputSize
        let content = reduced == image.size ? image : try image.resized(to: reduced)
        let outputs = try model.features(size).run([frame.input(showing: content, channels: 1)])
        guard outputs.count == 2, outputs[0].shape.count == 3,
            outputs[0].shape[..<2] == [1, size.pixelCount / 64], outputs[1].shape.count == 4,
            outputs[1].shape[..<3] == [1, size.height / 2, size.width / 2]
        else { throw mismatch("features of \(size)", outputs) }
        return DetectorFreeFeatures(
            imageSize: image.size, frame: frame, coarse: outputs[0], fine: outputs[1])
    }

    /// Matches of two images, the surest first, in pixels of each image as given to `features(of:)`.
    public func matches(query: DetectorFreeFeatures, candidate: DetectorFreeFeatures) throws -> [PointMatch] {
        let (rows, columns) = (query.coarse.shape[1], candidate.coarse.shape[1])
        let outputs = try model.coarse(rows, columns).run([
            query.coarse, NetworkArray(shape: [1, rows], values: query.validity()),
            candidate.coarse, NetworkArray(shape: [1, columns], values: candidate.validity()),
        ])
        guard outputs.count == 3, outputs[0].shape == query.coarse.shape, outputs[1].shape == candidate.coarse.shape,
            outputs[2].shape == [1, rows, columns]
        else { throw mismatch("coarse matches", outputs) }
        let cells = CoarseMatchDecoder(configuration: configuration).matches(outputs[2], query, candidate)
        let refiner = FineMatchRefiner(
            network: model.fine, query: query, candidate: candidate, cells: (outputs[0], outputs[1]))
        return try refiner.refined(cells)
    }

    private func mismatch(_ part: String, _ arrays: [NetworkArray]) -> FeatureError {
        FeatureError(.unsupported, "arrays of \(arrays.map(\.shape)) are not LoFTR's \(part); export the model again")
    }
}
