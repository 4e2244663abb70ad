import CairnCore
import CairnNN

/// Sizes of a LoFTR network. The defaults are those of the published checkpoints with double softmax.
public struct LoFTRConfiguration: Codable, Sendable, Hashable {
    /// The wave lengths of the encoding of positions.
    public enum PositionEncoding: String, Codable, Sendable {
        /// As the first checkpoints, `outdoor_ds` and `indoor_ds`, were trained: wave numbers `exp(-i)`, by a slip in the
        /// authors' code.
        case original
        /// As in the paper, `10000^(-i / (channels / 2))`; checkpoint `indoor_ds_new`.
        case corrected
    }

    /// Channels of the first convolution.
    public var stemSize = 128
    /// Channels at 1/2, 1/4 and 1/8 of the image's size: the first are those of fine features, the last of coarse ones.
    public var stageSizes = [128, 196, 256]
    /// Pairs of coarse layers, one of attention within an image and one across.
    public var coarseLayerPairs = 4
    /// Pairs of fine layers.
    public var fineLayerPairs = 1
    /// Heads of each attention.
    public var heads = 8
    /// Rows and columns of a window of fine features; odd.
    public var windowSize = 5
    /// What similarities are divided by before the double softmax.
    public var temperature: Float = 0.1
    /// The encoding of positions.
    public var positionEncoding = PositionEncoding.original

    /// The published sizes.
    public init() {}

    /// `outdoor_ds` and `indoor_ds`.
    public static let published = LoFTRConfiguration()
    /// `indoor_ds_new`.
    public static let corrected: LoFTRConfiguration = {
        var configuration = LoFTRConfiguration()
        configuration.positionEncoding = .corrected
        return configuration
    }()

    /// Channels of coarse features.
    public var coarseSize: Int { stageSizes[2] }
    /// Channels of fine features.
    public var fineSize: Int { stageSizes[0] }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case stemSize, stageSizes, coarseLayerPairs, fineLayerPairs, heads, windowSize, temperature, positionEncoding
    }

    /// Reads what is there; the rest keeps its default, and unknown keys are refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "LoFTR")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        stemSize = try values.decodeIfPresent(Int.self, forKey: .stemSize) ?? stemSize
        stageSizes = try values.decodeIfPresent([Int].self, forKey: .stageSizes) ?? stageSizes
        coarseLayerPairs = try values.decodeIfPresent(Int.self, forKey: .coarseLayerPairs) ?? coarseLayerPairs
        fineLayerPairs = try values.decodeIfPresent(Int.self, forKey: .fineLayerPairs) ?? fineLayerPairs
        heads = try values.decodeIfPresent(Int.self, forKey: .heads) ?? heads
        windowSize = try values.decodeIfPresent(Int.self, forKey: .windowSize) ?? windowSize
        temperature = try values.decodeIfPresent(Float.self, forKey: .temperature) ?? temperature
        positionEncoding =
            try values.decodeIfPresent(PositionEncoding.self, forKey: .positionEncoding) ?? positionEncoding
        try validate()
    }

    /// Throws `NetworkError` where no network has these sizes.
    func validate() throws {
        guard stageSizes.count == 3, stemSize == stageSizes.first, stageSizes.allSatisfy({ $0 > 0 }), heads > 0,
            coarseSize % heads == 0, fineSize % heads == 0, coarseSize % 4 == 0, coarseLayerPairs > 0,
            fineLayerPairs > 0, windowSize > 0, windowSize % 2 == 1, temperature > 0
        else { throw NetworkError(.invalidArgument, "no LoFTR has the sizes \(self)") }
    }
}
