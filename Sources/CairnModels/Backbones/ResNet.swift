import CairnNN

/// Residual networks.
///
/// He et al. 2016, *Deep Residual Learning for Image Recognition*; with groups of channels, Xie et al. 2017, *Aggregated Residual
/// Transformations*; with channel attention, Hu et al. 2018, *Squeeze-and-Excitation Networks*; with split attention, Zhang et al.
/// 2020, *ResNeSt*; with a deep stem and averaging shortcuts ("D"), He et al. 2019, *Bag of Tricks*.
///
/// Parameters have the names of torchvision's and timm's state dicts (`conv1`, `bn1`, `layer1.0.conv1`, …, `fc`), or those of timm's
/// `legacy_` models, which came from Caffe.
///
/// Deviations from the papers, all as in torchvision: a bottleneck has its stride in the 3x3 convolution ("v1.5") unless
/// `stridesEarly`, and the last normalisation of each residual branch starts at 0 (Goyal et al. 2017).
///
/// In training: batch statistics, momentum 0.1; nothing is dropped, where timm drops a fifth before the classifier of `legacy_` ones.
public struct ResNet<T: Tensor>: StagedBackbone {
    private let stem: ResNetStem<T>
    /// `layer1` … `layer4`, at H / 4, H / 8, H / 16 and H / 32.
    private let stages: [[ResNetBlock<T>]]
    private let classifier: PooledClassifier<T>?

    /// Channels of the deep map: 2,048, or 512 with basic blocks.
    public let channels: Int
    /// Channels of the shallow map, half as many.
    public let shallowChannels: Int
    /// There is a classifier.
    public var hasClassifier: Bool { classifier != nil }

    /// Takes its parameters by name.
    ///
    /// Throws `NetworkError` for a configuration that has not four stages, and what the source throws.
    public init(_ parameters: Parameters<T>, configuration: ResNetConfiguration, classes: Int? = nil) throws {
        guard configuration.blocks.count == 4, configuration.blocks.allSatisfy({ $0 > 0 }) else {
            throw NetworkError(.invalidArgument, "a ResNet has four stages of blocks, not \(configuration.blocks)")
        }
        let isCaffe = configuration.layout == .caffe
        stem = try ResNetStem(isCaffe ? parameters["layer0"] : parameters, configuration)
        var inputs = configuration.stemChannels
        stages = try configuration.blocks.enumerated().map { stage, count in
            try (0..<count).map { index in
                let block = try ResNetBlock(
                    parameters["layer\(stage + 1)"][index], from: inputs, stage: stage,
                    stride: stage > 0 && index == 0 ? 2 : 1, configuration)
                inputs = configuration.channels(ofStage: stage)
                return block
            }
        }
        channels = configuration.channels(ofStage: 3)
        shallowChannels = configuration.channels(ofStage: 2)
        classifier = try classes.map { classes in
            try PooledClassifier(
                parameters[isCaffe ? "last_linear" : "fc"], from: configuration.channels(ofStage: 3), to: classes)
        }
    }

    /// `[N, 3, H, W]` to the output of `layer4`, `[N, channels, H / 32, W / 32]`.
    public func features(_ image: T) throws -> T { try shallowAndDeepFeatures(image).deep }

    /// The outputs of `layer3`, at H / 16, and of `layer4`, at H / 32.
    public func shallowAndDeepFeatures(_ image: T) throws -> (shallow: T, deep: T) {
        let shallow = try stages[..<3].joined().reduce(stem(image)) { x, block in try block(x) }
        return (shallow, try stages[3].reduce(shallow) { x, block in try block(x) })
    }

    /// The output of `layer4` to `[N, classes]`. Throws `NetworkError` where there is no classifier.
    public func logits(_ features: T) throws -> T {
        guard let classifier else { throw PooledClassifier<T>.missing }
        return try classifier(features)
    }
}

/// From the image to a quarter of its size: convolutions and a maximum.
struct ResNetStem<T: Tensor> {
    private let convolutions: [(convolution: Conv2d<T>, normalization: BatchNorm2d<T>)]
    private let pooling: PoolingWindow

    init(_ parameters: Parameters<T>, _ configuration: ResNetConfiguration) throws {
        let width = configuration.deepStemWidth
        let outputs = configuration.stemChannels
        if width > 0 {
            // Places 0, 1, 3, 4 and 6 of a sequence whose other ones are activations; the last normalisation is outside.
            let place = parameters["conv1"]
            convolutions = [
                (
                    try Conv2d(place[0], from: 3, to: width, kernel: 3, stride: 2, padding: 1, bias: false),
                    try BatchNorm2d(place[1], width)
                ),
                (
                    try Conv2d(place[3], from: width, to: width, kernel: 3, padding: 1, bias: false),
                    try BatchNorm2d(place[4], width)
                ),
                (
                    try Conv2d(place[6], from: width, to: outputs, kernel: 3, padding: 1, bias: false),
                    try BatchNorm2d(parameters["bn1"], outputs)
                ),
            ]
        } else {
            convolutions = [
                (
                    try Conv2d(
                        parameters["conv1"], from: 3, to: outputs, kernel: 7, stride: 2, padding: 3, bias: false),
                    try BatchNorm2d(parameters["bn1"], outputs)
                )
            ]
        }
        pooling =
            configuration.layout == .caffe
            ? PoolingWindow(kernel: 3, stride: 2, roundsUp: true)
            : PoolingWindow(kernel: 3, stride: 2, padding: Insets(1))
    }

    /// `[N, 3, H, W]` to `[N, C, H / 4, W / 4]`.
    func callAsFunction(_ image: T) throws -> T {
        try convolutions.reduce(image) { x, layer in try layer.normalization(layer.convolution(x)).relu() }
            .pooled(.maximum, window: pooling)
    }
}
