/// A tensor that knows its shape, and counts multiply-adds of what is done to it.
public struct CountingTensor: Tensor {
    private let tensor: ShapeTensor
    private let counter: OperationCounter

    /// A tensor of a shape whose operations count in `counter`.
    public init(_ shape: Shape, _ counter: OperationCounter) { self.init(ShapeTensor(shape), counter) }

    private init(_ tensor: ShapeTensor, _ counter: OperationCounter) {
        self.tensor = tensor
        self.counter = counter
    }

    private func with(_ tensor: ShapeTensor) -> CountingTensor { CountingTensor(tensor, counter) }

    /// Sizes of the axes.
    public var shape: Shape { tensor.shape }

    /// Counts an element's sum of products.
    public func matrixProduct(with other: CountingTensor) throws -> CountingTensor {
        let product = try tensor.matrixProduct(with: other.tensor)
        counter.add(product.shape.elementCount * shape[-1])
        return with(product)
    }
    /// Counts a pixel's sum of products; the bias is not counted.
    public func convolved(
        weight: CountingTensor, bias: CountingTensor?, window: ConvolutionWindow
    ) throws -> CountingTensor {
        let map = try tensor.convolved(weight: weight.tensor, bias: bias?.tensor, window: window)
        counter.add(map.shape.elementCount * weight.shape.dimensions.dropFirst().reduce(1, *))
        return with(map)
    }

    /// Counts nothing.
    public func constant(_ values: [Float], shape: Shape) throws -> CountingTensor {
        with(try tensor.constant(values, shape: shape))
    }
    /// Counts nothing.
    public func mapped(_ function: ElementwiseFunction) throws -> CountingTensor { self }
    /// Counts nothing.
    public func combined(_ operation: BinaryOperation, with other: CountingTensor) throws -> CountingTensor {
        with(try tensor.combined(operation, with: other.tensor))
    }
    /// Counts nothing.
    public func reduced(_ reduction: Reduction, over axes: [Int], keepingAxes: Bool) throws -> CountingTensor {
        with(try tensor.reduced(reduction, over: axes, keepingAxes: keepingAxes))
    }
    /// Counts nothing.
    public func pooled(_ pooling: WindowPooling, window: PoolingWindow) throws -> CountingTensor {
        with(try tensor.pooled(pooling, window: window))
    }
    /// Counts nothing.
    public func batchNormalized(_ statistics: BatchStatistics<CountingTensor>) throws -> CountingTensor {
        try ShapeRules.checkChannels(shape, statistics.runningMean.shape)
        return self
    }
    /// Counts nothing.
    public func layerNormalized(
        weight: CountingTensor, bias: CountingTensor, epsilon: Float
    ) throws -> CountingTensor {
        try ShapeRules.checkLastAxis(shape, weight.shape)
        return self
    }
    /// Counts nothing.
    public func softmax(axis: Int) throws -> CountingTensor { with(try tensor.softmax(axis: axis)) }
    /// Counts nothing.
    public func logSoftmax(axis: Int) throws -> CountingTensor { with(try tensor.logSoftmax(axis: axis)) }
    /// Counts nothing.
    public func reshaped(_ shape: Shape) throws -> CountingTensor { with(try tensor.reshaped(shape)) }
    /// Counts nothing.
    public func permuted(_ order: [Int]) throws -> CountingTensor { with(try tensor.permuted(order)) }
    /// Counts nothing.
    public func sliced(axis: Int, _ range: Range<Int>, step: Int) throws -> CountingTensor {
        with(try tensor.sliced(axis: axis, range, step: step))
    }
    /// Counts nothing.
    public func concatenated(with others: [CountingTensor], axis: Int) throws -> CountingTensor {
        with(try tensor.concatenated(with: others.map(\.tensor), axis: axis))
    }
    /// Counts nothing.
    public func padded(_ insets: Insets, _ mode: PaddingMode) throws -> CountingTensor {
        with(try tensor.padded(insets, mode))
    }
    /// Counts nothing.
    public func broadcast(to shape: Shape) throws -> CountingTensor { with(try tensor.broadcast(to: shape)) }
    /// Counts nothing.
    public func resized(height: Int, width: Int, _ interpolation: Interpolation) throws -> CountingTensor {
        with(try tensor.resized(height: height, width: width, interpolation))
    }
    /// Counts nothing.
    public func sampled(at grid: CountingTensor, alignCorners: Bool) throws -> CountingTensor {
        with(try tensor.sampled(at: grid.tensor, alignCorners: alignCorners))
    }
    /// Counts nothing.
    public func gathered(at indices: CountingTensor, axis: Int) throws -> CountingTensor {
        with(try tensor.gathered(at: indices.tensor, axis: axis))
    }
    /// Counts nothing.
    public func droppedOut(probability: Float, isTraining: Bool) throws -> CountingTensor { self }
    /// Counts nothing.
    public func detached() -> CountingTensor { self }
}
