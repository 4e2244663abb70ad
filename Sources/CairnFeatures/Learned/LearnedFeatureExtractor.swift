import CairnCore
import CairnImaging
import Foundation

/// Keypoints and descriptors from a network, as local features.
///
/// Safe to use from many threads as far as the network is. Holds no state but the model.
public struct LearnedFeatureExtractor: LocalFeatureExtractor {
    /// What the model is called.
    public let name: String
    /// Identifies the weights, as the model's registry does.
    public let modelDigest: String
    /// The network.
    public let model: KeypointModel
    /// How keypoints are chosen.
    public let configuration: KeypointConfiguration

    /// Makes an extractor.
    ///
    /// - Parameters:
    ///   - name: What the model is called.
    ///   - modelDigest: Identifies the weights.
    ///   - model: The network.
    ///   - configuration: How keypoints are chosen; `nil` for what fits the model's kind.
    public init(
        name: String, modelDigest: String, model: KeypointModel, configuration: KeypointConfiguration? = nil
    ) {
        self.name = name
        self.modelDigest = modelDigest
        self.model = model
        self.configuration = configuration ?? .standard(for: model.kind)
    }

    /// Bytes in a descriptor, a multiple of 64.
    public var dimensions: Int { DescriptorQuantization.paddedDimensions(of: model.entries) }

    /// What the network takes, at its own size if it has only one.
    public var input: ExtractionInput {
        ExtractionInput(
            channels: model.channels == 3 ? .rgb : .luma,
            longSide: min(configuration.longSide, model.fixedSize?.longSide ?? .max))
    }

    /// Keypoints are places alone; how similar matches must be depends on the network.
    public var pairVerification: PairVerificationConfiguration {
        var pair = PairVerificationConfiguration.learned
        pair.matching.minimumCosine = configuration.minimumCosine
        // Cells of 16 pixels at several sizes are coarse places: the tolerance is that of DELG's authors' re-ranking.
        if case .attention = model.kind { pair.verification.threshold = 10 }
        return pair
    }

    /// The settings.
    public var configurationJSON: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Numbers, names and switches: nothing that could fail to be encoded.
        return (try? encoder.encode(configuration)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Weights and settings.
    public var digest: String { modelDigest + " " + configurationJSON }

    /// Features of a photo; positions are in its pixels at `input.longSide`.
    ///
    /// Throws `FeatureError` where the network gives other shapes than its kind has, and what the network throws.
    public func features(of photo: ExtractionPhoto) throws -> LocalFeatures {
        try keypoints(of: photo.rgb(longSide: input.longSide)).localFeatures
    }

    /// Keypoints of an image with real descriptors, strongest first. The image should already be reduced to `input.longSide`.
    public func keypoints(of image: RGBImage) throws -> LearnedKeypoints {
        if case .attention(let scores, let descriptors) = model.kind {
            return try keypoints(of: image, attention: scores, descriptors: descriptors)
        }
        let frame =
            if let size = model.fixedSize {
                NetworkFrame(fitting: image.size, into: size)
            } else {
                NetworkFrame(padding: image.size, toMultipleOf: max(sizeMultiple, configuration.sizeMultiple))
            }
        let network = try model.network(frame.inputSize)
        let outputs = try network.run([frame.input(showing: image, channels: model.channels)])
        return try decode(outputs, frame: frame, network: network)
    }

    /// One run for each size of the pyramid.
    private func keypoints(of image: RGBImage, attention: Int, descriptors: Int) throws -> LearnedKeypoints {
        var decoder = AttentionDecoder(configuration: configuration, imageSize: image.size, entries: model.entries)
        for size in decoder.sizes {
            let frame = NetworkFrame(resizing: image.size, to: size)
            let outputs = try model.network(size).run([frame.input(showing: image, channels: model.channels)])
            guard outputs.indices.contains(max(attention, descriptors)) else { throw mismatch(outputs) }
            let map = try map(outputs[descriptors])
            let sides = [AttentionDecoder.cells(size.height), AttentionDecoder.cells(size.width)]
            guard map.shape[2...] == sides[...], outputs[attention].values.count == sides[0] * sides[1] else {
                throw mismatch(outputs)
            }
            decoder.add(
                attention: ScoreMap(width: sides[1], height: sides[0], values: outputs[attention].values),
                descriptors: map, frame: frame)
        }
        return decoder.keypoints()
    }

    /// What the network itself insists on.
    private var sizeMultiple: Int {
        switch model.kind {
        case .aliked: 32
        case .cells, .reliableCells, .heatmap: 8
        case .keypoints, .attention: 1
        }
    }

    private func decode(
        _ outputs: [NetworkArray], frame: NetworkFrame, network: any KeypointNetwork
    ) throws -> LearnedKeypoints {
        guard outputs.count == network.outputs.count else {
            throw FeatureError(.failure, "\(name) gave \(outputs.count) outputs, not \(network.outputs.count)")
        }
        let dense = DenseKeypointDecoder(configuration: configuration)
        switch model.kind {
        case .cells(let logits, let descriptors):
            return dense.keypoints(
                scores: try cellScores(outputs[logits], frame), descriptors: try map(outputs[descriptors]), frame: frame
            )
        case .reliableCells(let logits, let descriptors, let reliability):
            let cells = try cellScores(outputs[logits], frame)
            guard outputs[reliability].values.count * 64 == cells.values.count else { throw mismatch(outputs) }
            return dense.keypoints(
                scores: cells, reliability: outputs[reliability], descriptors: try map(outputs[descriptors]),
                frame: frame)
        case .heatmap(let scores, let descriptors):
            return dense.keypoints(
                scores: try pixelScores(outputs[scores], frame), descriptors: try map(outputs[descriptors]),
                frame: frame)
        case .aliked:
            guard outputs.count == 5, let head = model.head else { throw mismatch(outputs) }
            let decoder = ALIKEDDecoder(
                configuration: configuration, offsets: head.offsets, descriptors: head.descriptors)
            return try decoder.keypoints(
                scores: try pixelScores(outputs[0], frame), levels: Array(outputs[1...]), frame: frame)
        case .attention: throw mismatch(outputs)
        case .keypoints(let positions, let scores, let descriptors):
            return try FinishedKeypointDecoder(configuration: configuration).keypoints(
                positions: outputs[positions], scores: scores.map { outputs[$0] }, descriptors: outputs[descriptors],
                frame: frame)
        }
    }

    private func cellScores(_ logits: NetworkArray, _ frame: NetworkFrame) throws -> ScoreMap {
        guard logits.shape == [1, 65, frame.inputSize.height / 8, frame.inputSize.width / 8] else {
            throw mismatch([logits])
        }
        return ScoreMap(cellLogits: logits)
    }

    private func pixelScores(_ scores: NetworkArray, _ frame: NetworkFrame) throws -> ScoreMap {
        guard scores.shape.suffix(2) == [frame.inputSize.height, frame.inputSize.width],
            scores.values.count == frame.inputSize.pixelCount
        else { throw mismatch([scores]) }
        return ScoreMap(width: frame.inputSize.width, height: frame.inputSize.height, values: scores.values)
    }

    private func map(_ descriptors: NetworkArray) throws -> NetworkArray {
        guard descriptors.shape.count == 4, descriptors.shape[0] == 1, descriptors.shape[1] == model.entries,
            descriptors.shape[2] > 0, descriptors.shape[3] > 0
        else { throw mismatch([descriptors]) }
        return descriptors
    }

    private func mismatch(_ arrays: [NetworkArray]) -> FeatureError {
        FeatureError(
            .unsupported, "\(name) gave arrays of \(arrays.map(\.shape)), which do not fit an image of its input's size"
        )
    }
}
