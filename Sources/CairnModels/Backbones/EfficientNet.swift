import CairnNN

/// EfficientNet, 1,280 channels (B0) to 2,560 (B7) at 1/32 of the image's size.
///
/// EfficientNet-B0 to B7: Tan, Le 2019, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", table 1 and
/// section 3.3. The blocks are MobileNetV2's inverted residuals with squeeze-and-excitation.
///
/// Parameter names: timm's `efficientnet_b*` and `tf_efficientnet_b*` (`blocks.1.0.conv_pw.weight`, `classifier.weight`).
/// Deviations from the paper: none. The squeezed channels are a quarter of the block's input, not of the expanded map, as in the
/// authors' code. `efficientnet_b*` pad symmetrically, `tf_efficientnet_b*` as TensorFlow does: see `ConvolutionPadding`.
/// In training: batch statistics, momentum 0.1; residual branches are left out with up to `stochasticDepth` (0.2, the paper's), and
/// features before the classifier with `dropout`; timm's default drops nothing.
public struct EfficientNet<T: Tensor>: Backbone {
    /// Channels of the feature map.
    public let channels: Int
    private let stem: EfficientNetConvolution<T>
    private let blocks: [InvertedResidual<T>]
    private let head: EfficientNetConvolution<T>
    private let classifier: PooledClassifier<T>?

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The root of the checkpoint's names.
    ///   - configuration: Which one.
    ///   - classes: Classes of the checkpoint's classifier; `nil` for none.
    public init(_ parameters: Parameters<T>, configuration: EfficientNetConfiguration, classes: Int? = nil) throws {
        channels = configuration.channels(1280)
        var inputs = configuration.channels(32)
        stem = try EfficientNetConvolution(
            parameters, "conv_stem", "bn1", from: 3, to: inputs, kernel: 3, stride: 2, configuration)
        let stages = EfficientNetConfiguration.stages
        let count = stages.map { configuration.repeats($0.repeats) }.reduce(0, +)
        var blocks: [InvertedResidual<T>] = []
        for (index, stage) in stages.enumerated() {
            let outputs = configuration.channels(stage.channels)
            for repetition in 0..<configuration.repeats(stage.repeats) {
                blocks.append(
                    try InvertedResidual(
                        parameters["blocks"][index][repetition], from: inputs, to: outputs, stage,
                        stride: repetition == 0 ? stage.stride : 1,
                        dropProbability: configuration.stochasticDepth * Float(blocks.count) / Float(count),
                        configuration))
                inputs = outputs
            }
        }
        self.blocks = blocks
        head = try EfficientNetConvolution(
            parameters, "conv_head", "bn2", from: inputs, to: channels, kernel: 1, configuration)
        classifier = try classes.map { [channels] in
            try PooledClassifier(
                parameters["classifier"], from: channels, to: $0, dropout: configuration.dropout,
                initializer: .uniform(bound: 1 / Float($0).squareRoot()))
        }
    }

    /// Whether the network was built with classes.
    public var hasClassifier: Bool { classifier != nil }

    /// See `Backbone`.
    public func features(_ image: T) throws -> T {
        try head(blocks.reduce(stem(image)) { try $1($0) })
    }

    /// See `Backbone`.
    public func logits(_ features: T) throws -> T {
        guard let classifier else { throw PooledClassifier<T>.missing }
        return try classifier(features)
    }
}

/// A convolution without bias, batch normalisation and, where asked, SiLU.
private struct EfficientNetConvolution<T: Tensor> {
    private let convolution: Conv2d<T>
    private let normalization: BatchNorm2d<T>
    private let padding: ConvolutionPadding
    private let kernel: Int
    private let isActivated: Bool
    private let name: String

    init(
        _ place: Parameters<T>, _ convolutionName: String, _ normalizationName: String, from inputs: Int,
        to outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1, isActivated: Bool = true,
        _ configuration: EfficientNetConfiguration
    ) throws {
        name = place[convolutionName].path
        padding = configuration.padding
        self.kernel = kernel
        self.isActivated = isActivated
        convolution = try Conv2d(
            place[convolutionName], from: inputs, to: outputs, kernel: kernel, stride: stride, groups: groups,
            bias: false, initializer: Self.initializer(kernel: kernel, outputs: outputs, groups: groups))
        normalization = try BatchNorm2d(place[normalizationName], outputs, epsilon: configuration.epsilon)
    }

    func callAsFunction(_ x: T) throws -> T {
        let y = try Layer.located(name) {
            var window = convolution.window
            window.padding = padding.insets(around: x.shape, kernel: kernel, stride: window.strideY)
            return try x.convolved(weight: convolution.weight, bias: nil, window: window)
        }
        let normalized = try normalization(y)
        return isActivated ? try normalized.silu() : normalized
    }

    /// The authors count a group's outputs only.
    static func initializer(kernel: Int, outputs: Int, groups: Int = 1) -> Initializer {
        .normal(deviation: (2 / Float(kernel * kernel * outputs / groups)).squareRoot())
    }
}

/// Expansion, depthwise kernels, squeeze-and-excitation and projection, added to the input where shapes agree.
private struct InvertedResidual<T: Tensor> {
    /// Absent in the first stage, which does not expand.
    private let expansion: EfficientNetConvolution<T>?
    private let depthwise: EfficientNetConvolution<T>
    private let excitation: SqueezeExcitation<T>
    private let projection: EfficientNetConvolution<T>
    private let drop: StochasticDepth?

    init(
        _ place: Parameters<T>, from inputs: Int, to outputs: Int, _ stage: EfficientNetConfiguration.Stage,
        stride: Int, dropProbability: Float, _ configuration: EfficientNetConfiguration
    ) throws {
        let middle = inputs * stage.expansion
        let expands = stage.expansion > 1
        expansion =
            expands
            ? try EfficientNetConvolution(
                place, "conv_pw", "bn1", from: inputs, to: middle, kernel: 1, configuration) : nil
        depthwise = try EfficientNetConvolution(
            place, "conv_dw", expands ? "bn2" : "bn1", from: middle, to: middle, kernel: stage.kernel, stride: stride,
            groups: middle, configuration)
        excitation = try SqueezeExcitation(
            place["se"], channels: middle, reduced: inputs / 4, names: ("conv_reduce", "conv_expand"),
            activation: .silu
        ) { _, outputs in EfficientNetConvolution<T>.initializer(kernel: 1, outputs: outputs) }
        projection = try EfficientNetConvolution(
            place, expands ? "conv_pwl" : "conv_pw", expands ? "bn3" : "bn2", from: middle, to: outputs, kernel: 1,
            isActivated: false, configuration)
        drop =
            stride == 1 && inputs == outputs
            ? StochasticDepth(probability: dropProbability, phase: place.phase) : nil
    }

    func callAsFunction(_ x: T) throws -> T {
        let expanded = try expansion?(x) ?? x
        let y = try projection(excitation(depthwise(expanded)))
        guard let drop else { return y }
        return try drop(y) + x
    }
}
