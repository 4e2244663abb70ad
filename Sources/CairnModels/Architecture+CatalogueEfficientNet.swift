extension Architecture {
    /// EfficientNet-B0 to B7, as trained in PyTorch, and with the padding of those trained in TensorFlow (`tf_`).
    ///
    /// The latter's padding depends on whether sides are even; for images whose sides 32 divides it does not change.
    public static let efficientNets: [Architecture] = sizes.flatMap { number, configuration, size, tensorFlowSize in
        let plain = Architecture(
            name: "efficientnet_b\(number)", definition: .efficientNet(configuration), source: paper,
            classifierPrefixes: ["classifier."], trainingSize: size)
        let tensorFlow = Architecture(
            name: "tf_" + plain.name, definition: .efficientNet(configuration.tensorFlow), source: paper,
            classifierPrefixes: ["classifier."], sizeMultiple: 32, trainingSize: tensorFlowSize)
        return [plain, tensorFlow]
    }

    private static let paper =
        "Tan and Le 2019, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks"

    /// Number, configuration, and the sides that timm's and the authors' checkpoints were trained at.
    private static let sizes: [(Int, EfficientNetConfiguration, Int, Int)] = [
        (0, .b0, 224, 224), (1, .b1, 224, 240), (2, .b2, 256, 260), (3, .b3, 288, 300), (4, .b4, 320, 380),
        (5, .b5, 456, 456), (6, .b6, 528, 528), (7, .b7, 600, 600),
    ]
}
