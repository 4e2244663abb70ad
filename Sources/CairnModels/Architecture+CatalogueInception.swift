extension Architecture {
    /// Inceptions, with the names of Cadene's and timm's checkpoints.
    public static let inceptions: [Architecture] = [
        Architecture(
            name: "inception_v4", definition: .inceptionV4,
            source:
                "Szegedy et al. 2017, Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning",
            classifierPrefixes: ["last_linear."], trainingSize: 299),
        Architecture(
            name: "bninception", definition: .bnInception,
            source: "Ioffe and Szegedy 2015, Batch Normalization: Accelerating Deep Network Training",
            classifierPrefixes: ["last_linear."]),
    ]
}
