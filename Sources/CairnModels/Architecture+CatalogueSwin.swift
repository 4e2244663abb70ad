extension Architecture {
    /// Swin Transformers, which take images of any size, each size by a graph of its own.
    public static let swinTransformers: [Architecture] = [
        swin("swin_tiny_patch4_window7_224", .tiny),
        swin("swin_small_patch4_window7_224", .small),
        swin("swin_base_patch4_window7_224", .base),
        swin("swin_base_patch4_window12_384", .base384, size: 384),
    ]

    private static func swin(_ name: String, _ configuration: SwinConfiguration, size: Int = 224) -> Architecture {
        Architecture(
            name: name, definition: .swinTransformer(configuration),
            source: "Liu et al. 2021, Swin Transformer: Hierarchical Vision Transformer using Shifted Windows",
            classifierPrefixes: ["head.fc."], ignoredNames: ["*.relative_position_index", "*.attn_mask"],
            dependsOnSize: true, trainingSize: size)
    }
}
