import CairnCore
import CairnNN

/// Networks of CairnNN, computed and differentiated by LibTorch.
extension TorchTensor: Tensor {
    /// Sums of the shim's errors and a network's own are one to a caller: layers put their names before `NetworkError`.
    private func located<R>(_ body: () throws(TorchError) -> R) throws -> R {
        do {
            return try body()
        } catch {
            throw NetworkError(error.kind, error.message)
        }
    }

    /// See `Tensor`. A single number stays on the processor, where operators of every device can read it.
    public func constant(_ values: [Float], shape: Shape) throws -> TorchTensor {
        try located { () throws(TorchError) in
            try TorchTensor(values, shape: shape, device: shape.rank == 0 ? .cpu : device)
        }
    }

    /// See `Tensor`.
    public func mapped(_ function: ElementwiseFunction) throws -> TorchTensor {
        try located { () throws(TorchError) in
            switch function {
            case .relu: try ATen.relu(self)
            case .leakyReLU(let slope): try ATen.leakyReLU(self, slope)
            case .elu: try ATen.elu(self)
            case .gelu: try ATen.gelu(self)
            case .silu: try ATen.silu(self)
            case .hardSwish: try ATen.hardSwish(self)
            case .sigmoid: try ATen.sigmoid(self)
            case .softplus: try ATen.softplus(self)
            case .tanh: try ATen.tanh(self)
            case .exponential: try ATen.exp(self)
            case .logarithm: try ATen.log(self)
            case .squareRoot: try ATen.sqrt(self)
            case .absolute: try ATen.abs(self)
            case .negated: try ATen.neg(self)
            case .sine: try ATen.sin(self)
            case .cosine: try ATen.cos(self)
            case .power(let exponent): try ATen.powScalar(self, exponent)
            case .clamped(let lower, let upper): try ATen.clamp(self, lower, upper)
            case .floor: try ATen.floor(self)
            }
        }
    }

    /// See `Tensor`.
    public func combined(_ operation: BinaryOperation, with other: TorchTensor) throws -> TorchTensor {
        try located { () throws(TorchError) in
            switch operation {
            case .add: try ATen.add(self, other)
            case .subtract: try ATen.sub(self, other)
            case .multiply: try ATen.mul(self, other)
            case .divide: try ATen.div(self, other)
            case .maximum: try ATen.maximum(self, other)
            case .minimum: try ATen.minimum(self, other)
            case .power: try ATen.powTensor(self, other)
            }
        }
    }

    /// See `Tensor`.
    public func reduced(_ reduction: Reduction, over axes: [Int], keepingAxes: Bool) throws -> TorchTensor {
        // LibTorch takes no axes for all axes.
        guard !axes.isEmpty else { return self }
        return try located { () throws(TorchError) in
            switch reduction {
            case .sum: try ATen.sum(self, axes, keepingAxes)
            case .mean: try ATen.mean(self, axes, keepingAxes)
            case .maximum: try ATen.amax(self, axes, keepingAxes)
            case .minimum: try ATen.amin(self, axes, keepingAxes)
            }
        }
    }

    /// See `Tensor`.
    public func matrixProduct(with other: TorchTensor) throws -> TorchTensor {
        _ = try ShapeRules.matrixProduct(shape, other.shape)
        return try located { () throws(TorchError) in try ATen.matmul(self, other) }
    }

    /// See `Tensor`.
    public func convolved(weight: TorchTensor, bias: TorchTensor?, window: ConvolutionWindow) throws -> TorchTensor {
        _ = try ShapeRules.convolved(shape, weight: weight.shape, bias: bias?.shape, window)
        let (map, padding) = try evened(window.padding, filledWith: 0)
        return try map.located { () throws(TorchError) in
            try ATen.conv2d(
                map, weight, bias, [window.strideY, window.strideX], [padding.top, padding.left],
                [window.dilation, window.dilation], window.groups)
        }
    }

    /// See `Tensor`.
    public func pooled(_ pooling: WindowPooling, window: PoolingWindow) throws -> TorchTensor {
        _ = try ShapeRules.pooled(shape, window)
        let kernel = [window.kernel, window.kernel]
        let stride = [window.stride, window.stride]
        switch pooling {
        case .maximum:
            let (map, padding) = try evened(window.padding, filledWith: -.infinity)
            return try map.located { () throws(TorchError) in
                try ATen.maxPool(map, kernel, stride, [padding.top, padding.left], [1, 1], window.roundsUp)
            }
        case .average(let countingPadding):
            if !countingPadding, !window.padding.isEven { return try averagedWithoutPadding(window) }
            let (map, padding) = try evened(window.padding, filledWith: 0)
            return try map.located { () throws(TorchError) in
                try ATen.averagePool(
                    map, kernel, stride, [padding.top, padding.left], window.roundsUp, countingPadding)
            }
        }
    }

    /// The mean over the pixels of a window that are not padding: sums by counts, where LibTorch knows no such padding.
    private func averagedWithoutPadding(_ window: PoolingWindow) throws -> TorchTensor {
        var inner = window
        inner.padding = Insets()
        let height = shape[2]
        let width = shape[3]
        let ones = try constant([Float](repeating: 1, count: height * width), shape: [1, 1, height, width])
        let sums = try padded(window.padding, .constant(0)).pooled(.average(countingPadding: true), window: inner)
        let shares = try ones.padded(window.padding, .constant(0)).pooled(
            .average(countingPadding: true), window: inner)
        return try sums / shares
    }

    /// See `Tensor`.
    public func batchNormalized(_ statistics: BatchStatistics<TorchTensor>) throws -> TorchTensor {
        try ShapeRules.checkChannels(shape, statistics.runningMean.shape)
        return try located { () throws(TorchError) in
            if statistics.isTraining, let group = ProcessGroup.normalizing {
                return try group.normalized(self, statistics)
            }
            return try ATen.batchNorm(
                self, statistics.weight, statistics.bias, statistics.runningMean, statistics.runningVariance,
                statistics.isTraining, statistics.momentum, statistics.epsilon, true)
        }
    }

    /// See `Tensor`.
    public func layerNormalized(weight: TorchTensor, bias: TorchTensor, epsilon: Float) throws -> TorchTensor {
        try ShapeRules.checkLastAxis(shape, weight.shape)
        return try located { () throws(TorchError) in
            try ATen.layerNorm(self, weight.shape.dimensions, weight, bias, epsilon)
        }
    }

    /// See `Tensor`.
    public func softmax(axis: Int) throws -> TorchTensor {
        try located { () throws(TorchError) in try ATen.softmax(self, axis) }
    }

    /// See `Tensor`.
    public func logSoftmax(axis: Int) throws -> TorchTensor {
        try located { () throws(TorchError) in try ATen.logSoftmax(self, axis) }
    }

    /// See `Tensor`.
    public func reshaped(_ shape: Shape) throws -> TorchTensor {
        try located { () throws(TorchError) in try ATen.reshape(self, shape.dimensions) }
    }

    /// See `Tensor`.
    public func permuted(_ order: [Int]) throws -> TorchTensor {
        try located { () throws(TorchError) in try ATen.permute(self, order) }
    }

    /// See `Tensor`.
    public func sliced(axis: Int, _ range: Range<Int>, step: Int) throws -> TorchTensor {
        // LibTorch cuts ranges that reach beyond an axis; here they are mistakes.
        _ = try ShapeRules.sliced(shape, axis: axis, range, step: step)
        return try located { () throws(TorchError) in
            try ATen.slice(self, axis, range.lowerBound, range.upperBound, step)
        }
    }

    /// See `Tensor`.
    public func concatenated(with others: [TorchTensor], axis: Int) throws -> TorchTensor {
        _ = try ShapeRules.concatenated([shape] + others.map(\.shape), axis: axis)
        return try located { () throws(TorchError) in try ATen.cat([self] + others, axis) }
    }

    /// See `Tensor`.
    public func padded(_ insets: Insets, _ mode: PaddingMode) throws -> TorchTensor {
        _ = try ShapeRules.padded(shape, insets, mode)
        let sides = [insets.left, insets.right, insets.top, insets.bottom]
        return try located { () throws(TorchError) in
            switch mode {
            case .constant(let value): try ATen.constantPad(self, sides, value)
            case .reflected: try ATen.reflectionPad(self, sides)
            }
        }
    }

    /// See `Tensor`.
    public func broadcast(to shape: Shape) throws -> TorchTensor {
        try ShapeRules.checkBroadcast(self.shape, to: shape)
        return try located { () throws(TorchError) in try ATen.expand(self, shape.dimensions) }
    }

    /// See `Tensor`.
    public func resized(height: Int, width: Int, _ interpolation: Interpolation) throws -> TorchTensor {
        _ = try ShapeRules.resized(shape, height: height, width: width)
        return try located { () throws(TorchError) in
            switch interpolation {
            case .nearest: try ATen.upsampleNearest(self, [height, width])
            case .bilinear(let alignCorners): try ATen.upsampleBilinear(self, [height, width], alignCorners)
            case .bicubic(let alignCorners): try ATen.upsampleBicubic(self, [height, width], alignCorners)
            }
        }
    }

    /// See `Tensor`.
    public func sampled(at grid: TorchTensor, alignCorners: Bool) throws -> TorchTensor {
        // 0 and 0: bilinear, zeros outside.
        try located { () throws(TorchError) in try ATen.gridSampler(self, grid, 0, 0, alignCorners) }
    }

    /// See `Tensor`.
    public func gathered(at indices: TorchTensor, axis: Int) throws -> TorchTensor {
        let axis = try shape.normalized(axis)
        var dimensions = shape.dimensions
        dimensions.replaceSubrange(axis...axis, with: indices.shape.dimensions)
        return try located { () throws(TorchError) in
            let flat = try ATen.reshape(indices.converted(to: .int64, on: device), [indices.shape.elementCount])
            return try ATen.reshape(ATen.indexSelect(self, axis, flat), dimensions)
        }
    }

    /// See `Tensor`.
    public func droppedOut(probability: Float, isTraining: Bool) throws -> TorchTensor {
        try located { () throws(TorchError) in try ATen.dropout(self, probability, isTraining) }
    }

    /// See `Tensor`.
    public func detached() -> TorchTensor {
        do {
            return try ATen.detach(self)
        } catch {
            preconditionFailure("a tensor could not be detached: \(error.message)")
        }
    }

    /// The same border on opposite sides, which LibTorch's windows take, and the rest of it made part of the map.
    private func evened(_ insets: Insets, filledWith value: Float) throws -> (TorchTensor, Insets) {
        guard !insets.isEven else { return (self, insets) }
        return (try padded(insets, .constant(value)), Insets())
    }
}

extension Insets {
    fileprivate var isEven: Bool { top == bottom && left == right }
}
