/// A value in a network: an array of 32-bit floats with a known shape, on some backend.
///
/// Models are written once against this protocol. A backend interprets it: one that knows shapes alone (`ShapeTensor`), one that
/// writes a graph, one that computes and differentiates. An operation never changes its operands, so that any backend may record
/// it. Everything that is not listed here is composed from what is, in `Tensor+….swift`.
///
/// Operations throw `NetworkError` where shapes do not fit. Axes may be negative and then count from the end.
public protocol Tensor {
    /// Sizes of the axes.
    var shape: Shape { get }

    /// A value without gradient on the backend of this one; `values` in row-major order.
    func constant(_ values: [Float], shape: Shape) throws -> Self

    /// Applies a function to every element.
    func mapped(_ function: ElementwiseFunction) throws -> Self

    /// Combines elements with those of another tensor; shapes broadcast.
    func combined(_ operation: BinaryOperation, with other: Self) throws -> Self

    /// Reduces axes to one value each. Axes stay, with size 1, where `keepingAxes`.
    func reduced(_ reduction: Reduction, over axes: [Int], keepingAxes: Bool) throws -> Self

    /// The product of matrices in the last two axes, `[…, m, k] x […, k, n]`; leading axes broadcast.
    func matrixProduct(with other: Self) throws -> Self

    /// Correlation of `[N, C, H, W]` with `weight` `[outputs, C / groups, kernel height, kernel width]`, plus `bias` `[outputs]`.
    func convolved(weight: Self, bias: Self?, window: ConvolutionWindow) throws -> Self

    /// The maximum or mean of windows of `[N, C, H, W]`.
    func pooled(_ pooling: WindowPooling, window: PoolingWindow) throws -> Self

    /// Batch normalisation over every axis but the second: `(x - mean) / sqrt(variance + epsilon) * weight + bias`.
    ///
    /// In training, mean and variance are the batch's, and the running ones move towards them by `statistics.momentum`.
    func batchNormalized(_ statistics: BatchStatistics<Self>) throws -> Self

    /// Normalisation over the last axis, with `weight` and `bias` of its size.
    func layerNormalized(weight: Self, bias: Self, epsilon: Float) throws -> Self

    /// `exp(x) / sum(exp(x))` along an axis.
    func softmax(axis: Int) throws -> Self

    /// `x - log(sum(exp(x)))` along an axis.
    func logSoftmax(axis: Int) throws -> Self

    /// The same elements in row-major order under another shape of as many elements.
    func reshaped(_ shape: Shape) throws -> Self

    /// Axes in another order: axis `i` of the result is axis `order[i]`.
    func permuted(_ order: [Int]) throws -> Self

    /// Every `step`-th slice of `range` of an axis.
    func sliced(axis: Int, _ range: Range<Int>, step: Int) throws -> Self

    /// Tensors one after the other along an axis; `self` comes first.
    func concatenated(with others: [Self], axis: Int) throws -> Self

    /// Borders of the last two axes, filled with a value or mirrored.
    func padded(_ insets: Insets, _ mode: PaddingMode) throws -> Self

    /// Copies along axes of size 1.
    func broadcast(to shape: Shape) throws -> Self

    /// `[N, C, H, W]` at another height and width.
    func resized(height: Int, width: Int, _ interpolation: Interpolation) throws -> Self

    /// Bilinear samples of `[N, C, H, W]` at `grid` `[N, rows, columns, 2]` of (x, y) in [-1, 1]: `[N, C, rows, columns]`.
    ///
    /// Outside the map are zeros. With `alignCorners`, -1 and 1 are centres of the outer pixels, otherwise their outer edges.
    func sampled(at grid: Self, alignCorners: Bool) throws -> Self

    /// Slices of an axis by number: `indices` holds whole numbers as floats, and their axes take the place of `axis`.
    func gathered(at indices: Self, axis: Int) throws -> Self

    /// In training, zeros with a probability, the rest scaled up to keep the mean; the identity otherwise.
    func droppedOut(probability: Float, isTraining: Bool) throws -> Self

    /// The same value, through which no gradient flows.
    func detached() -> Self
}
