import CairnNN

/// Channels weighed by what the whole map holds: Hu et al. 2018, *Squeeze-and-Excitation Networks*.
///
/// `x * sigmoid(expand(activation(reduce(mean(x)))))`, both layers being 1 x 1 kernels with a bias. The mean keeps its axes, so
/// that a graph takes maps of any size.
///
/// Names: timm's `SEModule` has `fc1` and `fc2`, its EfficientNets `conv_reduce` and `conv_expand`.
struct SqueezeExcitation<T: Tensor> {
    private let reduce: Conv2d<T>
    private let expand: Conv2d<T>
    private let activation: ElementwiseFunction

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The layer's place.
    ///   - channels: Channels of the map.
    ///   - reduced: Channels in between.
    ///   - names: Names of the two layers.
    ///   - activation: What is between them.
    ///   - initializer: How the kernels start, by their inputs and outputs.
    init(
        _ parameters: Parameters<T>, channels: Int, reduced: Int,
        names: (reduce: String, expand: String) = ("fc1", "fc2"), activation: ElementwiseFunction = .relu,
        initializer: (_ inputs: Int, _ outputs: Int) -> Initializer = { _, _ in .kaimingUniform }
    ) throws {
        reduce = try Conv2d(
            parameters[names.reduce], from: channels, to: reduced, kernel: 1,
            initializer: initializer(channels, reduced))
        expand = try Conv2d(
            parameters[names.expand], from: reduced, to: channels, kernel: 1,
            initializer: initializer(reduced, channels))
        self.activation = activation
    }

    /// The weights of the channels, `[N, C, H, W]` to `[N, C, 1, 1]`.
    func gate(_ x: T) throws -> T {
        try expand(reduce(x.mean([2, 3], keepingAxes: true)).mapped(activation)).sigmoid()
    }

    /// The same shape.
    func callAsFunction(_ x: T) throws -> T { try x * gate(x) }
}
