extension Architecture {
    /// ResNets with and without groups of channels and channel attention.
    ///
    /// `seresnet101` is what timm calls so (stride in the 3x3 convolution), for which nobody publishes weights; published ones are for
    /// `legacy_seresnet101` and `legacy_seresnext101_32x4d` (from Caffe) and for `seresnext101_32x4d` (from Gluon).
    public static let resNets: [Architecture] = [
        resNet("resnet18", .init(block: .basic, blocks: [2, 2, 2, 2])),
        resNet("resnet34", .init(block: .basic, blocks: [3, 4, 6, 3])),
        resNet("resnet50", .init(blocks: [3, 4, 6, 3])),
        resNet("resnet101", .init(blocks: [3, 4, 23, 3])),
        resNet("resnet152", .init(blocks: [3, 8, 36, 3])),
        resNet("resnet50d", .init(blocks: [3, 4, 6, 3], deepStemWidth: 32, averagesShortcut: true), from: bagOfTricks),
        resNet(
            "resnet101d", .init(blocks: [3, 4, 23, 3], deepStemWidth: 32, averagesShortcut: true), from: bagOfTricks),
        resNet(
            "resnet152d", .init(blocks: [3, 8, 36, 3], deepStemWidth: 32, averagesShortcut: true), from: bagOfTricks),
        resNet("resnext50_32x4d", .init(blocks: [3, 4, 6, 3], groups: 32, groupWidth: 4), from: resNeXtPaper),
        resNet("resnext101_32x4d", .init(blocks: [3, 4, 23, 3], groups: 32, groupWidth: 4), from: resNeXtPaper),
        resNet("resnext101_32x8d", .init(blocks: [3, 4, 23, 3], groups: 32, groupWidth: 8), from: resNeXtPaper),
        resNet("seresnet50", .init(blocks: [3, 4, 6, 3], hasChannelAttention: true), from: sePaper),
        resNet("seresnet101", .init(blocks: [3, 4, 23, 3], hasChannelAttention: true), from: sePaper),
        resNet(
            "seresnext101_32x4d",
            .init(blocks: [3, 4, 23, 3], groups: 32, groupWidth: 4, hasChannelAttention: true), from: sePaper),
        resNet(
            "legacy_seresnet101",
            .init(blocks: [3, 4, 23, 3], hasChannelAttention: true, layout: .caffe, stridesEarly: true), from: sePaper),
        resNet(
            "legacy_seresnext101_32x4d",
            .init(blocks: [3, 4, 23, 3], groups: 32, groupWidth: 4, hasChannelAttention: true, layout: .caffe),
            from: sePaper),
    ]

    /// ResNets with split attention.
    public static let resNeSts: [Architecture] = [
        resNeSt("resnest50d", [3, 4, 6, 3], stem: 32, size: 224),
        resNeSt("resnest101e", [3, 4, 23, 3], stem: 64, size: 256),
        resNeSt("resnest200e", [3, 24, 36, 3], stem: 64, size: 320),
    ]

    private static let resNetPaper = "He et al. 2016, Deep Residual Learning for Image Recognition"
    private static let bagOfTricks = "He et al. 2019, Bag of Tricks for Image Classification with CNNs"
    private static let resNeXtPaper = "Xie et al. 2017, Aggregated Residual Transformations for Deep Neural Networks"
    private static let sePaper = "Hu et al. 2018, Squeeze-and-Excitation Networks"
    private static let resNeStPaper = "Zhang et al. 2020, ResNeSt: Split-Attention Networks"

    private static func resNet(
        _ name: String, _ configuration: ResNetConfiguration, from source: String = resNetPaper, size: Int = 224
    ) -> Architecture {
        Architecture(
            name: name, definition: .resNet(configuration), source: source,
            classifierPrefixes: [configuration.layout == .caffe ? "last_linear." : "fc."], trainingSize: size)
    }

    private static func resNeSt(_ name: String, _ blocks: [Int], stem: Int, size: Int) -> Architecture {
        resNet(
            name, .init(blocks: blocks, deepStemWidth: stem, averagesShortcut: true, splits: 2), from: resNeStPaper,
            size: size)
    }
}
