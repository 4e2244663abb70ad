import CairnNN

/// The nonlinearity, times γ where it is not part of the kernels.
struct NFNetActivation {
    private let function: ElementwiseFunction
    private let gamma: Float?

    init(_ configuration: NFNetConfiguration) {
        function = configuration.activation.function
        gamma = configuration.scalesActivations ? configuration.activation.gamma : nil
    }

    func callAsFunction<T: Tensor>(_ x: T) throws -> T {
        let y = try x.mapped(function)
        guard let gamma else { return y }
        return try y * gamma
    }
}

/// A convolution whose kernels have mean 0 and variance `gain^2 / fan-in`: scaled weight standardisation, equation 1 of Brock et al.
///
/// Names: `weight`, `bias` and `gain` `[outputs, 1, 1, 1]`. The kernels are standardised in each pass, so that gradients flow
/// through it; a graph compiler does it once.
struct StandardizedConvolution<T: Tensor> {
    private static var epsilon: Float { 1e-5 }
    private let convolution: Conv2d<T>
    private let gain: T
    private let padding: ConvolutionPadding
    private let kernel: Int
    /// γ / sqrt(fan-in).
    private let scale: Float
    private let name: String

    init(
        _ parameters: Parameters<T>, from inputs: Int, to outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
        initialGain: Float = 1, _ configuration: NFNetConfiguration
    ) throws {
        name = parameters.path
        self.kernel = kernel
        padding = configuration.padding
        let deviation = 1 / Float(inputs / groups * kernel * kernel).squareRoot()
        scale = configuration.scalesActivations ? deviation : deviation * configuration.activation.gamma
        convolution = try Conv2d(
            parameters, from: inputs, to: outputs, kernel: kernel, stride: stride, groups: groups,
            initializer: .normal(deviation: deviation))
        gain = try parameters("gain", [outputs, 1, 1, 1], role: .normalization, .constant(initialGain))
    }

    /// `[N, inputs, H, W]` to `[N, outputs, H', W']`.
    func callAsFunction(_ x: T) throws -> T {
        try Layer.located(name) {
            var window = convolution.window
            window.padding = padding.insets(around: x.shape, kernel: kernel, stride: window.strideY)
            return try x.convolved(weight: standardizedWeight(), bias: convolution.bias, window: window)
        }
    }

    private func standardizedWeight() throws -> T {
        let weight = convolution.weight
        let centred = try weight - weight.mean([1, 2, 3], keepingAxes: true)
        let variance = try (centred * centred).mean([1, 2, 3], keepingAxes: true)
        return try centred * (gain * scale / (variance + Self.epsilon).squareRoot())
    }
}

/// `alpha * branch(activation(x) * beta) + shortcut`: a bottleneck of two 3 x 3 kernels that ends in squeeze-and-excitation.
struct NFNetBlock<T: Tensor> {
    private let convolutions: [StandardizedConvolution<T>]
    private let shortcut: StandardizedConvolution<T>?
    private let halves: Bool
    private let excitation: SqueezeExcitation<T>
    private let skipGain: T?
    private let activation: NFNetActivation
    private let alpha: Float
    private let beta: Float
    private let drop: StochasticDepth

    init(
        _ place: Parameters<T>, from inputs: Int, to outputs: Int, stride: Int, beta: Float, dropProbability: Float,
        _ configuration: NFNetConfiguration
    ) throws {
        let groups = Swift.max(1, Int(Double(outputs) * configuration.bottleneck) / configuration.groupSize)
        let middle = groups * configuration.groupSize
        alpha = configuration.alpha
        self.beta = beta
        halves = stride > 1
        activation = NFNetActivation(configuration)
        drop = StochasticDepth(probability: dropProbability, phase: place.phase)
        shortcut =
            inputs != outputs || stride > 1
            ? try StandardizedConvolution(
                place["downsample"]["conv"], from: inputs, to: outputs, kernel: 1, configuration) : nil
        convolutions = [
            try StandardizedConvolution(place["conv1"], from: inputs, to: middle, kernel: 1, configuration),
            try StandardizedConvolution(
                place["conv2"], from: middle, to: middle, kernel: 3, stride: stride, groups: groups, configuration),
            try StandardizedConvolution(
                place["conv2b"], from: middle, to: middle, kernel: 3, groups: groups, configuration),
            try StandardizedConvolution(
                place["conv3"], from: middle, to: outputs, kernel: 1,
                initialGain: configuration.hasSkipGain ? 1 : 0, configuration),
        ]
        excitation = try SqueezeExcitation(
            place["attn_last"], channels: outputs, reduced: Int(Double(outputs) * configuration.squeeze + 4) / 8 * 8
        ) { inputs, _ in .normal(deviation: 1 / Float(inputs).squareRoot()) }
        skipGain =
            configuration.hasSkipGain ? try place("skipinit_gain", [], role: .normalization, .constant(0)) : nil
    }

    func callAsFunction(_ x: T) throws -> T {
        let start = try activation(x) * beta
        var branch = start
        for (index, convolution) in convolutions.enumerated() {
            branch = try convolution(index == 0 ? branch : activation(branch))
        }
        // The mean gate of squeeze-and-excitation is a half.
        branch = try drop(excitation(branch) * 2)
        if let skipGain { branch = try branch * skipGain }
        return try branch * alpha + shortened(x, start)
    }

    /// The input itself, or where shapes change, the activated input averaged and projected.
    private func shortened(_ x: T, _ start: T) throws -> T {
        guard let shortcut else { return x }
        guard halves else { return try shortcut(start) }
        let window = PoolingWindow(kernel: 2, stride: 2, roundsUp: true)
        return try shortcut(start.pooled(.average(countingPadding: false), window: window))
    }
}
