extension Architecture {
    /// Networks without normalisation: DeepMind's F0, whose padding wants sides that 32 divides, and timm's light one.
    public static let nfNets: [Architecture] = [
        Architecture(
            name: "dm_nfnet_f0", definition: .nfNet(.f0), source: paper, classifierPrefixes: ["head.fc."],
            sizeMultiple: 32, trainingSize: 192),
        Architecture(
            name: "nfnet_l0", definition: .nfNet(.l0), source: paper, classifierPrefixes: ["head.fc."]),
    ]

    private static let paper =
        "Brock et al. 2021, High-Performance Large-Scale Image Recognition Without Normalization"
}
