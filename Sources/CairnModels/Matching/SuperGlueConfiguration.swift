import CairnCore
import CairnNN

/// Sizes of a SuperGlue network. The defaults are those of both published checkpoints, indoor and outdoor.
public struct SuperGlueConfiguration: Codable, Sendable, Hashable {
    /// Length of a descriptor and width of the network.
    public var descriptorSize = 256
    /// Hidden widths of the encoder of positions.
    public var encoderSizes = [32, 64, 128, 256]
    /// Pairs of layers, one of attention within an image and one across.
    public var layerPairs = 9
    /// Heads of each attention; they divide `descriptorSize`.
    public var heads = 4
    /// Sinkhorn iterations: 100 in the paper, 20 in the authors' demonstration.
    public var sinkhornIterations = 100

    /// The published sizes.
    public init() {}

    /// As published, 100 Sinkhorn iterations.
    public static let published = SuperGlueConfiguration()
    /// As published, with the 20 Sinkhorn iterations of the authors' demonstration.
    public static let fast: SuperGlueConfiguration = {
        var configuration = SuperGlueConfiguration()
        configuration.sinkhornIterations = 20
        return configuration
    }()

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case descriptorSize, encoderSizes, layerPairs, heads, sinkhornIterations
    }

    /// Reads what is there; the rest keeps its default, and unknown keys are refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "SuperGlue")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        descriptorSize = try values.decodeIfPresent(Int.self, forKey: .descriptorSize) ?? descriptorSize
        encoderSizes = try values.decodeIfPresent([Int].self, forKey: .encoderSizes) ?? encoderSizes
        layerPairs = try values.decodeIfPresent(Int.self, forKey: .layerPairs) ?? layerPairs
        heads = try values.decodeIfPresent(Int.self, forKey: .heads) ?? heads
        sinkhornIterations = try values.decodeIfPresent(Int.self, forKey: .sinkhornIterations) ?? sinkhornIterations
        try validate()
    }

    /// Throws `NetworkError` where no network has these sizes.
    func validate() throws {
        guard descriptorSize > 0, heads > 0, descriptorSize % heads == 0, encoderSizes.allSatisfy({ $0 > 0 }),
            layerPairs > 0, sinkhornIterations > 0
        else { throw NetworkError(.invalidArgument, "no SuperGlue has the sizes \(self)") }
    }
}
