/// A function of one number.
public enum ElementwiseFunction: Sendable, Hashable {
    /// `max(x, 0)`.
    case relu
    /// `x` for positive x, else `slope * x`.
    case leakyReLU(slope: Float)
    /// `x` for positive x, else `exp(x) - 1`.
    case elu
    /// `x * (1 + erf(x / sqrt 2)) / 2`.
    case gelu
    /// `x * sigmoid(x)`, also called swish.
    case silu
    /// `max(min(x, 3) + 3, 0) / 6 * x` with the clamp at [0, 6]: the piecewise swish.
    case hardSwish
    /// `1 / (1 + exp(-x))`.
    case sigmoid
    /// `log(1 + exp x)`.
    case softplus
    /// Hyperbolic tangent.
    case tanh
    /// `e^x`.
    case exponential
    /// Natural logarithm.
    case logarithm
    /// `x^0.5`.
    case squareRoot
    /// `|x|`.
    case absolute
    /// `-x`.
    case negated
    /// Sine of radians.
    case sine
    /// Cosine of radians.
    case cosine
    /// `x^exponent`.
    case power(Float)
    /// The nearest value within bounds.
    case clamped(lower: Float?, upper: Float?)
    /// The largest whole number not above x. No gradient.
    case floor
}

/// A function of two numbers.
public enum BinaryOperation: String, Sendable, Hashable {
    /// `a + b`.
    case add
    /// `a - b`.
    case subtract
    /// `a * b`.
    case multiply
    /// `a / b`.
    case divide
    /// The larger one.
    case maximum
    /// The smaller one.
    case minimum
    /// `a^b`.
    case power
}

/// One value from many.
public enum Reduction: String, Sendable, Hashable {
    /// Their sum.
    case sum
    /// Their arithmetic mean.
    case mean
    /// The largest.
    case maximum
    /// The smallest.
    case minimum
}

/// Which value stands for a window.
public enum WindowPooling: Sendable, Hashable {
    /// The largest; padding never wins.
    case maximum
    /// The mean. Padding counts as zeros where asked, and not at all otherwise.
    case average(countingPadding: Bool)
}

/// What fills a border.
public enum PaddingMode: Sendable, Hashable {
    /// One value.
    case constant(Float)
    /// The rows and columns next to the border in reverse order, the outermost not repeated.
    case reflected
}

/// How values between pixels are made. Pixel centres are at +0.5.
public enum Interpolation: Sendable, Hashable {
    /// The nearest pixel: output `i` takes `floor(i * scale)`.
    case nearest
    /// Linear in x and y; with `alignCorners` the outer pixels' centres stay where they are.
    case bilinear(alignCorners: Bool)
    /// Cubic in x and y, a = -0.75.
    case bicubic(alignCorners: Bool)
}

/// Rows above and below, columns left and right.
public struct Insets: Sendable, Hashable {
    /// Rows above.
    public var top: Int
    /// Columns on the left.
    public var left: Int
    /// Rows below.
    public var bottom: Int
    /// Columns on the right.
    public var right: Int

    /// Sets each side.
    public init(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) {
        self.top = top
        self.left = left
        self.bottom = bottom
        self.right = right
    }

    /// The same on every side.
    public init(_ all: Int) { self.init(top: all, left: all, bottom: all, right: all) }

    /// The same above and below, and the same left and right.
    public init(vertical: Int, horizontal: Int) {
        self.init(top: vertical, left: horizontal, bottom: vertical, right: horizontal)
    }
}

/// How a kernel moves over a map.
public struct ConvolutionWindow: Sendable, Hashable {
    /// Rows from one output row to the next.
    public var strideY: Int
    /// Columns from one output column to the next.
    public var strideX: Int
    /// Zeros around the input.
    public var padding: Insets
    /// Distance between the kernel's taps.
    public var dilation: Int
    /// Channels are split into as many groups, each with kernels of its own.
    public var groups: Int

    /// The same stride in both directions.
    public init(stride: Int = 1, padding: Insets = Insets(), dilation: Int = 1, groups: Int = 1) {
        self.strideY = stride
        self.strideX = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
    }
}

/// How a pooling window moves over a map.
public struct PoolingWindow: Sendable, Hashable {
    /// Rows and columns of the window.
    public var kernel: Int
    /// Rows and columns from one window to the next.
    public var stride: Int
    /// Border around the input.
    public var padding: Insets
    /// The last window may hang over the edge.
    public var roundsUp: Bool

    /// A square window.
    public init(kernel: Int, stride: Int, padding: Insets = Insets(), roundsUp: Bool = false) {
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.roundsUp = roundsUp
    }
}

/// What batch normalisation needs; each tensor is `[channels]`.
public struct BatchStatistics<T: Tensor> {
    /// Scale γ.
    public var weight: T?
    /// Shift β.
    public var bias: T?
    /// Mean over the training set.
    public var runningMean: T
    /// Variance over the training set.
    public var runningVariance: T
    /// Added to the variance.
    public var epsilon: Float
    /// How far the running statistics move towards a batch's.
    public var momentum: Float
    /// Whether the batch's own statistics are used, and the running ones updated.
    public var isTraining: Bool

    /// Wraps the parts.
    public init(
        weight: T?, bias: T?, runningMean: T, runningVariance: T, epsilon: Float, momentum: Float, isTraining: Bool
    ) {
        self.weight = weight
        self.bias = bias
        self.runningMean = runningMean
        self.runningVariance = runningVariance
        self.epsilon = epsilon
        self.momentum = momentum
        self.isTraining = isTraining
    }
}
