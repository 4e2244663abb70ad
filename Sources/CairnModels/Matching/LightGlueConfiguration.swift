import CairnCore
import CairnNN

/// Sizes of a LightGlue network. The published checkpoints have these names.
public struct LightGlueConfiguration: Codable, Sendable, Hashable {
    /// How a checkpoint calls the attention layers.
    public enum Naming: String, Codable, Sendable {
        /// `transformers.N.self_attn` and `transformers.N.cross_attn`.
        case nested
        /// `self_attn.N` and `cross_attn.N`, in the first published files.
        case flat
    }

    /// Length of the features' descriptors.
    public var inputSize = 256
    /// Width of the network; descriptors are projected to it where theirs differs.
    public var descriptorSize = 256
    /// Layers, each of attention within an image and then across.
    public var layers = 9
    /// Heads of each attention; they divide `descriptorSize` into even parts.
    public var heads = 4
    /// The checkpoint's names.
    public var naming = Naming.nested

    /// SuperPoint's sizes.
    public init() {}

    /// For SuperPoint, 256-d.
    public static let superPoint = LightGlueConfiguration()
    /// For ALIKED, 128-d.
    public static let aliked: LightGlueConfiguration = {
        var configuration = LightGlueConfiguration()
        configuration.inputSize = 128
        return configuration
    }()
    /// For DISK, 128-d.
    public static let disk = LightGlueConfiguration.aliked
    /// LighterGlue, for XFeat, 64-d.
    public static let xfeat: LightGlueConfiguration = {
        var configuration = LightGlueConfiguration()
        configuration.inputSize = 64
        configuration.descriptorSize = 96
        configuration.layers = 6
        configuration.heads = 1
        return configuration
    }()

    /// The naming of a checkpoint with these names, once prefixes are taken off.
    public static func naming(of names: some Sequence<String>) -> Naming {
        names.contains { $0.hasPrefix("self_attn.") || $0.hasPrefix("cross_attn.") } ? .flat : .nested
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case inputSize, descriptorSize, layers, heads, naming
    }

    /// Reads what is there; the rest keeps its default, and unknown keys are refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "LightGlue")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        inputSize = try values.decodeIfPresent(Int.self, forKey: .inputSize) ?? inputSize
        descriptorSize = try values.decodeIfPresent(Int.self, forKey: .descriptorSize) ?? descriptorSize
        layers = try values.decodeIfPresent(Int.self, forKey: .layers) ?? layers
        heads = try values.decodeIfPresent(Int.self, forKey: .heads) ?? heads
        naming = try values.decodeIfPresent(Naming.self, forKey: .naming) ?? naming
        try validate()
    }

    /// Throws `NetworkError` where no network has these sizes.
    func validate() throws {
        guard inputSize > 0, descriptorSize > 0, layers > 0, heads > 0, descriptorSize % (2 * heads) == 0 else {
            throw NetworkError(.invalidArgument, "no LightGlue has the sizes \(self)")
        }
    }
}
