/// Arithmetic as it is written in papers.
extension Tensor {
    /// Elementwise sum; shapes broadcast.
    public static func + (a: Self, b: Self) throws -> Self { try a.combined(.add, with: b) }
    /// Elementwise difference; shapes broadcast.
    public static func - (a: Self, b: Self) throws -> Self { try a.combined(.subtract, with: b) }
    /// Elementwise product; shapes broadcast.
    public static func * (a: Self, b: Self) throws -> Self { try a.combined(.multiply, with: b) }
    /// Elementwise quotient; shapes broadcast.
    public static func / (a: Self, b: Self) throws -> Self { try a.combined(.divide, with: b) }

    /// Adds a number to every element.
    public static func + (a: Self, b: Float) throws -> Self { try a + a.constant([b], shape: []) }
    /// Subtracts a number from every element.
    public static func - (a: Self, b: Float) throws -> Self { try a - a.constant([b], shape: []) }
    /// Multiplies every element by a number.
    public static func * (a: Self, b: Float) throws -> Self { try a * a.constant([b], shape: []) }
    /// Divides every element by a number.
    public static func / (a: Self, b: Float) throws -> Self { try a / a.constant([b], shape: []) }
    /// Subtracts every element from a number.
    public static func - (a: Float, b: Self) throws -> Self { try b.constant([a], shape: []) - b }
    /// Divides a number by every element.
    public static func / (a: Float, b: Self) throws -> Self { try b.constant([a], shape: []) / b }

    /// `max(x, 0)`.
    public func relu() throws -> Self { try mapped(.relu) }
    /// `x * (1 + erf(x / sqrt 2)) / 2`.
    public func gelu() throws -> Self { try mapped(.gelu) }
    /// `x * sigmoid(x)`.
    public func silu() throws -> Self { try mapped(.silu) }
    /// `1 / (1 + exp(-x))`.
    public func sigmoid() throws -> Self { try mapped(.sigmoid) }
    /// `log(1 + exp x)`.
    public func softplus() throws -> Self { try mapped(.softplus) }
    /// Hyperbolic tangent.
    public func tanh() throws -> Self { try mapped(.tanh) }
    /// `e^x`.
    public func exp() throws -> Self { try mapped(.exponential) }
    /// Natural logarithm.
    public func log() throws -> Self { try mapped(.logarithm) }
    /// Square root.
    public func squareRoot() throws -> Self { try mapped(.squareRoot) }
    /// `x^exponent`.
    public func power(_ exponent: Float) throws -> Self { try mapped(.power(exponent)) }
    /// The nearest value within bounds.
    public func clamped(lower: Float? = nil, upper: Float? = nil) throws -> Self {
        try mapped(.clamped(lower: lower, upper: upper))
    }

    /// The mean over axes.
    public func mean(_ axes: [Int], keepingAxes: Bool = false) throws -> Self {
        try reduced(.mean, over: axes, keepingAxes: keepingAxes)
    }
    /// The sum over axes.
    public func sum(_ axes: [Int], keepingAxes: Bool = false) throws -> Self {
        try reduced(.sum, over: axes, keepingAxes: keepingAxes)
    }
    /// The largest element over axes.
    public func maximum(_ axes: [Int], keepingAxes: Bool = false) throws -> Self {
        try reduced(.maximum, over: axes, keepingAxes: keepingAxes)
    }

    /// Divided by the Euclidean length along an axis, which counts as `epsilon` at least; the gradient of zeros is finite.
    public func l2Normalized(axis: Int, epsilon: Float = 1e-12) throws -> Self {
        // Clamped before the root, whose slope at 0 is infinite.
        let square = try (self * self).sum([axis], keepingAxes: true).clamped(lower: epsilon * epsilon)
        return try self / square.squareRoot()
    }
}
