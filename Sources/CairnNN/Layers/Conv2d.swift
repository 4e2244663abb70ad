/// A bank of kernels over `[N, C, H, W]`, named as torch's `Conv2d`: `weight` and, where asked, `bias`.
public struct Conv2d<T: Tensor> {
    /// `[outputs, inputs / groups, kernel, kernel]`.
    public let weight: T
    /// `[outputs]`.
    public let bias: T?
    /// How the kernels move.
    public let window: ConvolutionWindow
    private let name: String

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The layer's place.
    ///   - inputs: Channels in.
    ///   - outputs: Channels out.
    ///   - kernel: Rows and columns of a kernel.
    ///   - stride: Rows and columns from one output to the next.
    ///   - padding: Zeros on every side.
    ///   - dilation: Distance between taps.
    ///   - groups: Groups of channels with kernels of their own.
    ///   - bias: Whether an offset is added.
    ///   - initializer: How the kernels start.
    public init(
        _ parameters: Parameters<T>, from inputs: Int, to outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        dilation: Int = 1, groups: Int = 1, bias: Bool = true, initializer: Initializer = .kaimingNormalFanOut
    ) throws {
        try self.init(
            parameters, from: inputs, to: outputs, kernel: (kernel, kernel),
            window: ConvolutionWindow(stride: stride, padding: Insets(padding), dilation: dilation, groups: groups),
            bias: bias, initializer: initializer)
    }

    /// Takes its parameters by name, with kernels of `(rows, columns)` that move as `window` says.
    public init(
        _ parameters: Parameters<T>, from inputs: Int, to outputs: Int, kernel: (Int, Int), window: ConvolutionWindow,
        bias: Bool = true, initializer: Initializer = .kaimingNormalFanOut
    ) throws {
        name = parameters.path
        self.window = window
        weight = try parameters("weight", [outputs, inputs / window.groups, kernel.0, kernel.1], initializer)
        self.bias = bias ? try parameters("bias", [outputs], role: .bias, .constant(0)) : nil
    }

    /// `[N, inputs, H, W]` to `[N, outputs, H', W']`. Throws `NetworkError` with this layer's name.
    public func callAsFunction(_ x: T) throws -> T {
        try Layer.located(name) { try x.convolved(weight: weight, bias: bias, window: window) }
    }
}
