import CairnCore
import CairnNN

/// A Swin Transformer, 768 channels (T, S) or 1,024 (B) at 1/32 of the image's size. Its graph depends on that size.
///
/// Swin Transformer: Liu, Lin, Cao, Hu, Wei, Zhang, Lin, Guo 2021, "Swin Transformer: Hierarchical Vision Transformer using Shifted
/// Windows", section 3.
///
/// Parameter names: timm's `swin_*_patch4_window7_224` (`layers.1.downsample.reduction.weight`, `head.fc.weight`). The authors' own
/// names are translated by `SwinCheckpointNames`. Tables that checkpoints may hold, `relative_position_index` and `attn_mask`, are
/// computed here.
/// Deviations: images of any size. Windows keep the size of the checkpoint's, maps are padded with zeros to whole windows after they
/// were moved, as timm does with `dynamic_img_size`, and maps of one window's height or width are not moved along it, which at the
/// training size is the paper's. Images are padded to multiples of four pixels, as the authors' detectors do. Dropout within blocks,
/// which no published recipe uses, is left out.
/// In training: residual branches are left out with up to `stochasticDepth`, the paper's (0.2, 0.3 and 0.5 for T, S and B); timm's
/// default is 0.1 for all.
public struct SwinTransformer<T: Tensor>: Backbone {
    /// Channels of the feature map.
    public let channels: Int
    private let imageSize: ImageSize?
    private let embedding: Conv2d<T>
    private let embeddingNorm: LayerNorm<T>
    private let stages: [Stage]
    private let norm: LayerNorm<T>
    private let classifier: PooledClassifier<T>?
    private let window: Int

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The root of the checkpoint's names.
    ///   - configuration: Which one.
    ///   - imageSize: The one size that `features` takes, for a graph that must not be used at others; `nil` for any size.
    ///   - classes: Classes of the checkpoint's classifier; `nil` for none.
    public init(
        _ parameters: Parameters<T>, configuration: SwinConfiguration, imageSize: ImageSize? = nil, classes: Int? = nil
    ) throws {
        guard configuration.depths.count == configuration.heads.count, !configuration.depths.isEmpty else {
            throw NetworkError(
                .invalidArgument,
                "a Swin Transformer needs heads for each of its depths \(configuration.depths), not \(configuration.heads)"
            )
        }
        self.imageSize = imageSize
        window = configuration.window
        let place = parameters["patch_embed"]
        embedding = try Conv2d(
            place["proj"], from: 3, to: configuration.width, kernel: 4, stride: 4, initializer: .kaimingUniform)
        embeddingNorm = try LayerNorm(place["norm"], configuration.width)
        let drops = StochasticDepth.probabilities(
            upTo: configuration.stochasticDepth, count: configuration.depths.reduce(0, +))
        var stages: [Stage] = []
        var blocksBefore = 0
        for (index, depth) in configuration.depths.enumerated() {
            stages.append(
                try Stage(
                    parameters["layers"][index], index, drops: drops[blocksBefore..<(blocksBefore + depth)],
                    configuration))
            blocksBefore += depth
        }
        self.stages = stages
        channels = configuration.width << (configuration.depths.count - 1)
        norm = try LayerNorm(parameters["norm"], channels)
        classifier = try classes.map { [channels] in
            try PooledClassifier(
                parameters["head"]["fc"], from: channels, to: $0, dropout: configuration.dropout,
                initializer: Self.linearInitializer)
        }
    }

    /// Whether the network was built with classes.
    public var hasClassifier: Bool { classifier != nil }

    /// See `Backbone`. Throws `NetworkError` for an image of another size than the network was built for.
    public func features(_ image: T) throws -> T {
        if let imageSize, image.shape.rank == 4, image.shape[2] != imageSize.height || image.shape[3] != imageSize.width
        {
            throw NetworkError.shape(
                layer: "patch_embed", expected: "[N, 3, \(imageSize.height), \(imageSize.width)]", actual: image.shape)
        }
        var x = image
        let (below, right) = ((4 - x.shape[-2] % 4) % 4, (4 - x.shape[-1] % 4) % 4)
        if below > 0 || right > 0 { x = try x.padded(Insets(bottom: below, right: right), .constant(0)) }
        x = try embeddingNorm(embedding(x).permuted([0, 2, 3, 1]))
        x = try stages.reduce(x) { try $1($0, window: window) }
        return try norm(x).permuted([0, 3, 1, 2])
    }

    /// See `Backbone`.
    public func logits(_ features: T) throws -> T {
        guard let classifier else { throw PooledClassifier<T>.missing }
        return try classifier(features)
    }

    /// How matrices start.
    static var linearInitializer: Initializer { .truncatedNormal(deviation: 0.02) }

    /// Blocks over tokens of one size; all stages but the first begin by merging 2 x 2 tokens.
    private struct Stage {
        private let mergeNorm: LayerNorm<T>?
        private let merge: Linear<T>?
        private let blocks: [SwinBlock<T>]

        init(_ place: Parameters<T>, _ index: Int, drops: ArraySlice<Float>, _ configuration: SwinConfiguration) throws
        {
            let width = configuration.width << index
            let merges = index > 0
            mergeNorm = merges ? try LayerNorm(place["downsample"]["norm"], 2 * width) : nil
            merge =
                merges
                ? try Linear(
                    place["downsample"]["reduction"], from: 2 * width, to: width, bias: false,
                    initializer: linearInitializer) : nil
            blocks = try drops.enumerated().map { block, probability in
                try SwinBlock(
                    place["blocks"][block], width: width, heads: configuration.heads[index],
                    dropProbability: probability, configuration)
            }
        }

        /// `[N, H, W, C]` to `[N, H / 2, W / 2, 2 C]`, sizes rounded up, or without merging as given.
        func callAsFunction(_ tokens: T, window: Int) throws -> T {
            var x = tokens
            if let mergeNorm, let merge { x = try merge(mergeNorm(Self.neighbours(x))) }
            let (height, width) = (x.shape[1], x.shape[2])
            let plain = SwinWindows(height: height, width: width, side: window, isShifted: false)
            let shifted = SwinWindows(height: height, width: width, side: window, isShifted: true)
            // All shifted blocks of a stage share one table.
            let mask = blocks.count > 1 ? try shifted.mask(like: x) : nil
            for (index, block) in blocks.enumerated() {
                x = index % 2 == 0 ? try block(x, plain, mask: nil) : try block(x, shifted, mask: mask)
            }
            return x
        }

        /// 2 x 2 tokens one after the other, the lower one before the right one: `[N, H / 2, W / 2, 4 C]`.
        private static func neighbours(_ tokens: T) throws -> T {
            let (batch, height, width, channels) = (
                tokens.shape[0], tokens.shape[1], tokens.shape[2], tokens.shape[3]
            )
            var x = tokens
            if height % 2 + width % 2 > 0 {
                x = try x.reshaped([batch, height, width * channels])
                    .padded(Insets(bottom: height % 2, right: width % 2 * channels), .constant(0))
            }
            let (rows, columns) = ((height + 1) / 2, (width + 1) / 2)
            return try x.reshaped([batch, rows, 2, columns, 2, channels]).permuted([0, 1, 3, 4, 2, 5])
                .reshaped([batch, rows, columns, 4 * channels])
        }
    }
}
