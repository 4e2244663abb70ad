import CairnNN

/// NFNet, 3,072 channels (F0) or 2,304 (L0) at 1/32 of the image's size.
///
/// NFNet: Brock, De, Smith, Simonyan 2021, "High-Performance Large-Scale Image Recognition Without Normalization", section 4 and
/// figure 5; scaled weight standardisation and the variances' bookkeeping come from Brock, De, Smith 2021, "Characterizing Signal
/// Propagation to Close the Performance Gap in Unnormalized ResNets".
///
/// Parameter names: timm's `dm_nfnet_f0` and `nfnet_l0` (`stages.0.0.conv1.gain`, `stages.0.0.attn_last.fc1.weight`, `head.fc.weight`).
/// Deviations from the papers: those of timm. In `nfnet_l0` the factor γ of the nonlinearity is part of the kernels instead of
/// following the nonlinearity, no gain ends the branches, and padding is symmetric. Weight standardisation adds its epsilon (1e-5)
/// to the variance of a kernel before the fan-in's scale.
/// In training: kernels are standardised in each pass; residual branches are left out with up to `stochasticDepth` (0.25, the
/// paper's for F0), and features before the classifier with `dropout` (0.2); timm's default drops nothing.
public struct NFNet<T: Tensor>: Backbone {
    /// Channels of the feature map.
    public let channels: Int
    private let stem: [StandardizedConvolution<T>]
    private let blocks: [NFNetBlock<T>]
    private let last: StandardizedConvolution<T>
    private let activation: NFNetActivation
    private let classifier: PooledClassifier<T>?

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The root of the checkpoint's names.
    ///   - configuration: Which one.
    ///   - classes: Classes of the checkpoint's classifier; `nil` for none.
    public init(_ parameters: Parameters<T>, configuration: NFNetConfiguration, classes: Int? = nil) throws {
        guard configuration.depths.count == configuration.widths.count, configuration.groupSize > 0 else {
            throw NetworkError(
                .invalidArgument,
                "an NFNet needs a width for each of its depths \(configuration.depths), not \(configuration.widths)")
        }
        channels = configuration.features
        activation = NFNetActivation(configuration)
        var inputs = 3
        var stem: [StandardizedConvolution<T>] = []
        for (index, (outputs, stride)) in [(16, 2), (32, 1), (64, 1), (128, 2)].enumerated() {
            stem.append(
                try StandardizedConvolution(
                    parameters["stem"]["conv\(index + 1)"], from: inputs, to: outputs, kernel: 3, stride: stride,
                    configuration))
            inputs = outputs
        }
        self.stem = stem

        let drops = StochasticDepth.probabilities(
            upTo: configuration.stochasticDepth, count: configuration.depths.reduce(0, +))
        // The variance that a block's input is expected to have; a block with a new shortcut starts over.
        var variance: Float = 1
        var blocks: [NFNetBlock<T>] = []
        for (stage, (depth, outputs)) in zip(configuration.depths, configuration.widths).enumerated() {
            for index in 0..<depth {
                blocks.append(
                    try NFNetBlock(
                        parameters["stages"][stage][index], from: inputs, to: outputs,
                        stride: index == 0 && stage > 0 ? 2 : 1, beta: 1 / variance.squareRoot(),
                        dropProbability: drops[blocks.count], configuration))
                if index == 0 { variance = 1 }
                variance += configuration.alpha * configuration.alpha
                inputs = outputs
            }
        }
        self.blocks = blocks
        last = try StandardizedConvolution(
            parameters["final_conv"], from: inputs, to: channels, kernel: 1, configuration)
        classifier = try classes.map { [channels] in
            try PooledClassifier(
                parameters["head"]["fc"], from: channels, to: $0, dropout: configuration.dropout,
                initializer: .normal(deviation: 0.01))
        }
    }

    /// Whether the network was built with classes.
    public var hasClassifier: Bool { classifier != nil }

    /// See `Backbone`.
    public func features(_ image: T) throws -> T {
        var x = image
        for (index, convolution) in stem.enumerated() {
            x = try convolution(index == 0 ? x : activation(x))
        }
        x = try blocks.reduce(x) { try $1($0) }
        return try activation(last(x))
    }

    /// See `Backbone`.
    public func logits(_ features: T) throws -> T {
        guard let classifier else { throw PooledClassifier<T>.missing }
        return try classifier(features)
    }
}
