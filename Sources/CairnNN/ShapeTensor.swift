/// A tensor that knows its shape and nothing else: running a model on it checks every layer, without weights and at no cost.
public struct ShapeTensor: Tensor, Sendable, Hashable {
    /// Sizes of the axes.
    public let shape: Shape

    /// A tensor of a shape.
    public init(_ shape: Shape) { self.shape = shape }

    /// See `Tensor`.
    public func constant(_ values: [Float], shape: Shape) throws -> ShapeTensor {
        guard values.count == shape.elementCount else {
            throw NetworkError(.invalidArgument, "\(values.count) values do not fill \(shape)")
        }
        return ShapeTensor(shape)
    }
    /// See `Tensor`.
    public func mapped(_ function: ElementwiseFunction) throws -> ShapeTensor { self }
    /// See `Tensor`.
    public func combined(_ operation: BinaryOperation, with other: ShapeTensor) throws -> ShapeTensor {
        ShapeTensor(try shape.broadcast(with: other.shape))
    }
    /// See `Tensor`.
    public func reduced(_ reduction: Reduction, over axes: [Int], keepingAxes: Bool) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.reduced(shape, over: axes, keepingAxes: keepingAxes))
    }
    /// See `Tensor`.
    public func matrixProduct(with other: ShapeTensor) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.matrixProduct(shape, other.shape))
    }
    /// See `Tensor`.
    public func convolved(weight: ShapeTensor, bias: ShapeTensor?, window: ConvolutionWindow) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.convolved(shape, weight: weight.shape, bias: bias?.shape, window))
    }
    /// See `Tensor`.
    public func pooled(_ pooling: WindowPooling, window: PoolingWindow) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.pooled(shape, window))
    }
    /// See `Tensor`.
    public func batchNormalized(_ statistics: BatchStatistics<ShapeTensor>) throws -> ShapeTensor {
        try ShapeRules.checkChannels(shape, statistics.runningMean.shape)
        return self
    }
    /// See `Tensor`.
    public func layerNormalized(weight: ShapeTensor, bias: ShapeTensor, epsilon: Float) throws -> ShapeTensor {
        try ShapeRules.checkLastAxis(shape, weight.shape)
        return self
    }
    /// See `Tensor`.
    public func softmax(axis: Int) throws -> ShapeTensor {
        _ = try shape.normalized(axis)
        return self
    }
    /// See `Tensor`.
    public func logSoftmax(axis: Int) throws -> ShapeTensor { try softmax(axis: axis) }
    /// See `Tensor`.
    public func reshaped(_ shape: Shape) throws -> ShapeTensor {
        try ShapeRules.checkReshape(self.shape, to: shape)
        return ShapeTensor(shape)
    }
    /// See `Tensor`.
    public func permuted(_ order: [Int]) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.permuted(shape, order))
    }
    /// See `Tensor`.
    public func sliced(axis: Int, _ range: Range<Int>, step: Int) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.sliced(shape, axis: axis, range, step: step))
    }
    /// See `Tensor`.
    public func concatenated(with others: [ShapeTensor], axis: Int) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.concatenated([shape] + others.map(\.shape), axis: axis))
    }
    /// See `Tensor`.
    public func padded(_ insets: Insets, _ mode: PaddingMode) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.padded(shape, insets, mode))
    }
    /// See `Tensor`.
    public func broadcast(to shape: Shape) throws -> ShapeTensor {
        try ShapeRules.checkBroadcast(self.shape, to: shape)
        return ShapeTensor(shape)
    }
    /// See `Tensor`.
    public func resized(height: Int, width: Int, _ interpolation: Interpolation) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.resized(shape, height: height, width: width))
    }
    /// See `Tensor`.
    public func sampled(at grid: ShapeTensor, alignCorners: Bool) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.sampled(shape, grid: grid.shape))
    }
    /// See `Tensor`.
    public func gathered(at indices: ShapeTensor, axis: Int) throws -> ShapeTensor {
        ShapeTensor(try ShapeRules.gathered(shape, indices: indices.shape, axis: axis))
    }
    /// See `Tensor`.
    public func droppedOut(probability: Float, isTraining: Bool) throws -> ShapeTensor { self }
    /// See `Tensor`.
    public func detached() -> ShapeTensor { self }
}

/// A source that has every parameter, as a shape, and remembers which ones were asked for.
public final class ShapeParameters: ParameterSource {
    /// What was asked for, in order.
    public private(set) var specs: [ParameterSpec] = []
    /// Not in training.
    public let phase = ForwardPhase()

    /// A source that nothing has asked yet.
    public init() {}

    /// Remembers the specification.
    public func parameter(_ spec: ParameterSpec) throws -> ShapeTensor {
        specs.append(spec)
        return ShapeTensor(spec.shape)
    }
}
