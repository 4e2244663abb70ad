import CairnNN

/// A residual block: `relu(branch(x) + shortcut(x))`.
struct ResNetBlock<T: Tensor> {
    /// Convolutions, each with its normalisation; the last one is not followed by an activation.
    private let branch: [Step]
    private let attention: SqueezeExcitation<T>?
    private let shortcut: ResNetShortcut<T>?

    /// Something of the branch.
    private enum Step {
        case convolution(Conv2d<T>, BatchNorm2d<T>, isLast: Bool)
        case splitAttention(SplitAttention<T>)
        case average(PoolingWindow)
    }

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The block's place.
    ///   - inputs: Channels in.
    ///   - stage: Number of the stage from 0.
    ///   - stride: Rows and columns from one output to the next.
    ///   - configuration: The network's.
    init(
        _ parameters: Parameters<T>, from inputs: Int, stage: Int, stride: Int, _ configuration: ResNetConfiguration
    ) throws {
        let outputs = configuration.channels(ofStage: stage)
        let inner = configuration.innerChannels(ofStage: stage)

        func convolution(
            _ number: Int, from inputs: Int, to outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
            isLast: Bool = false
        ) throws -> Step {
            .convolution(
                try Conv2d(
                    parameters["conv\(number)"], from: inputs, to: outputs, kernel: kernel, stride: stride,
                    padding: kernel / 2, groups: groups, bias: false),
                try BatchNorm2d(parameters["bn\(number)"], outputs, initialWeight: isLast ? 0 : 1), isLast: isLast)
        }

        switch configuration.block {
        case .basic:
            branch = [
                try convolution(1, from: inputs, to: inner, kernel: 3, stride: stride),
                try convolution(2, from: inner, to: outputs, kernel: 3, isLast: true),
            ]
        case .bottleneck where configuration.splits > 0:
            let average = PoolingWindow(kernel: 3, stride: stride, padding: Insets(1))
            branch =
                [
                    try convolution(1, from: inputs, to: inner, kernel: 1),
                    .splitAttention(
                        try SplitAttention(
                            parameters["conv2"], channels: inner, splits: configuration.splits,
                            groups: configuration.groups)),
                ] + (stride > 1 ? [.average(average)] : [])
                + [try convolution(3, from: inner, to: outputs, kernel: 1, isLast: true)]
        case .bottleneck:
            let early = configuration.stridesEarly
            branch = [
                try convolution(1, from: inputs, to: inner, kernel: 1, stride: early ? stride : 1),
                try convolution(
                    2, from: inner, to: inner, kernel: 3, stride: early ? 1 : stride, groups: configuration.groups),
                try convolution(3, from: inner, to: outputs, kernel: 1, isLast: true),
            ]
        }
        let attentionName = configuration.layout == .caffe ? "se_module" : "se"
        attention =
            configuration.hasChannelAttention
            ? try SqueezeExcitation(
                parameters[attentionName], channels: outputs, reduced: outputs / 16,
                initializer: { _, _ in .kaimingNormalFanOut })
            : nil
        shortcut =
            stride > 1 || inputs != outputs
            ? try ResNetShortcut(
                parameters["downsample"], from: inputs, to: outputs, stride: stride,
                averages: configuration.averagesShortcut)
            : nil
    }

    /// `[N, inputs, H, W]` to `[N, outputs, H / stride, W / stride]`.
    func callAsFunction(_ x: T) throws -> T {
        var y = x
        for step in branch {
            switch step {
            case .convolution(let convolution, let normalization, let isLast):
                y = try normalization(convolution(y))
                if !isLast { y = try y.relu() }
            case .splitAttention(let attention):
                y = try attention(y)
            case .average(let window):
                y = try y.pooled(.average(countingPadding: true), window: window)
            }
        }
        if let attention { y = try attention(y) }
        return try (y + (shortcut?(x) ?? x)).relu()
    }
}

/// The shortcut of a block whose output has another shape than its input.
struct ResNetShortcut<T: Tensor> {
    /// Averages of 2x2 before the convolution; the last row and column of an odd size count alone.
    private let average: PoolingWindow?
    private let convolution: Conv2d<T>
    private let normalization: BatchNorm2d<T>

    init(_ parameters: Parameters<T>, from inputs: Int, to outputs: Int, stride: Int, averages: Bool) throws {
        average = averages && stride > 1 ? PoolingWindow(kernel: 2, stride: stride, roundsUp: true) : nil
        // An averaging shortcut has the pooling, or nothing, at place 0 of its sequence.
        convolution = try Conv2d(
            parameters[averages ? 1 : 0], from: inputs, to: outputs, kernel: 1, stride: averages ? 1 : stride,
            bias: false)
        normalization = try BatchNorm2d(parameters[averages ? 2 : 1], outputs)
    }

    func callAsFunction(_ x: T) throws -> T {
        let pooled = try average.map { try x.pooled(.average(countingPadding: false), window: $0) }
        return try normalization(convolution(pooled ?? x))
    }
}
