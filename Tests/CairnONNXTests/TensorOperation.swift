import CairnNN

/// Every operation of the tensor protocol at least once, with the shapes that it is tried on.
enum TensorOperation: String, CaseIterable {
    case relu, leakyReLU, elu, gelu, silu, hardSwish, sigmoid, softplus, tanh, exponential, logarithm, squareRoot
    case absolute, negated, sine, cosine, power, clamped, clampedBelow, floor
    case add, subtractBroadcast, multiply, divide, maximum, minimum, powers, scalars
    case sumLast, meanMap, maximumKept, minimumFirst, logSumExp, softmax, logSoftmax, l2Normalized
    case matrices, batchedMatrices
    case convolution, stridedConvolution, groupedConvolution, dilatedConvolution, lopsidedConvolution
    case maximumPool, maximumPoolRoundingUp, averagePool, averagePoolCounting
    case batchNorm, plainBatchNorm, layerNorm
    case reshape, permute, slice, steps, roll, concatenate, pad, mirror, expand, gather
    case nearest, bilinear, bilinearAligned, bicubic, bicubicAligned, sample, sampleAligned

    /// Shapes of the inputs.
    var inputs: [Shape] {
        switch self {
        case .subtractBroadcast: [[2, 3, 4], [3, 1]]
        case .add, .multiply, .divide, .maximum, .minimum: [[2, 3, 4], [2, 3, 4]]
        case .powers: [[2, 3], [3]]
        case .matrices: [[3, 4], [4, 5]]
        case .batchedMatrices: [[2, 1, 3, 4], [3, 4, 2]]
        case .convolution, .dilatedConvolution: [[2, 3, 8, 9], [4, 3, 3, 3], [4]]
        case .stridedConvolution: [[2, 3, 8, 9], [4, 3, 3, 3]]
        case .lopsidedConvolution: [[1, 3, 8, 9], [4, 3, 1, 5]]
        case .groupedConvolution: [[2, 4, 6, 5], [6, 2, 3, 3], [6]]
        case .maximumPool, .maximumPoolRoundingUp, .averagePool, .averagePoolCounting, .mirror, .nearest, .bilinear,
            .bilinearAligned, .bicubic, .bicubicAligned:
            [[2, 3, 8, 9]]
        case .batchNorm: [[2, 3, 4, 5], [3], [3], [3], [3]]
        case .plainBatchNorm: [[2, 3, 4, 5], [3], [3]]
        case .layerNorm: [[2, 3, 6], [6], [6]]
        case .concatenate: [[2, 3, 4], [2, 1, 4], [2, 2, 4]]
        case .sample, .sampleAligned: [[2, 3, 6, 7], [2, 4, 5, 2]]
        default: [[2, 3, 4]]
        }
    }

    /// The operation itself, on any backend.
    func callAsFunction<T: Tensor>(_ x: [T]) throws -> T {
        switch self {
        case .relu: try x[0].relu()
        case .leakyReLU: try x[0].mapped(.leakyReLU(slope: 0.2))
        case .elu: try x[0].mapped(.elu)
        case .gelu: try x[0].gelu()
        case .silu: try x[0].silu()
        case .hardSwish: try (x[0] * 4).mapped(.hardSwish)
        case .sigmoid: try x[0].sigmoid()
        case .softplus: try x[0].softplus()
        case .tanh: try x[0].tanh()
        case .exponential: try x[0].exp()
        case .logarithm: try (x[0].mapped(.absolute) + 0.1).log()
        case .squareRoot: try x[0].mapped(.absolute).squareRoot()
        case .absolute: try x[0].mapped(.absolute)
        case .negated: try x[0].mapped(.negated)
        case .sine: try x[0].mapped(.sine)
        case .cosine: try x[0].mapped(.cosine)
        case .power: try x[0].mapped(.absolute).power(2.5)
        case .clamped: try x[0].clamped(lower: -0.3, upper: 0.4)
        case .clampedBelow: try x[0].clamped(lower: 0.1)
        case .floor: try (x[0] * 3).mapped(.floor)
        case .add: try x[0] + x[1]
        case .subtractBroadcast: try x[0] - x[1]
        case .multiply: try x[0] * x[1]
        case .divide: try x[0] / (x[1].mapped(.absolute) + 1)
        case .maximum: try x[0].combined(.maximum, with: x[1])
        case .minimum: try x[0].combined(.minimum, with: x[1])
        case .powers: try x[0].mapped(.absolute).combined(.power, with: x[1])
        case .scalars: try 2 / (1 - (x[0] * 0.25 + 0.125) / 4 - 3)
        case .sumLast: try x[0].sum([-1])
        case .meanMap: try x[0].mean([1, 2])
        case .maximumKept: try x[0].maximum([1], keepingAxes: true)
        case .minimumFirst: try x[0].reduced(.minimum, over: [0], keepingAxes: false)
        case .logSumExp: try x[0].logSumExp(axis: 1)
        case .softmax: try x[0].softmax(axis: 1)
        case .logSoftmax: try x[0].logSoftmax(axis: -1)
        case .l2Normalized: try x[0].l2Normalized(axis: 1)
        case .matrices, .batchedMatrices: try x[0].matrixProduct(with: x[1])
        case .convolution:
            try x[0].convolved(weight: x[1], bias: x[2], window: ConvolutionWindow(padding: Insets(1)))
        case .stridedConvolution: try x[0].convolved(weight: x[1], bias: nil, window: ConvolutionWindow(stride: 2))
        case .groupedConvolution:
            try x[0].convolved(weight: x[1], bias: x[2], window: ConvolutionWindow(padding: Insets(1), groups: 2))
        case .dilatedConvolution:
            try x[0].convolved(weight: x[1], bias: x[2], window: ConvolutionWindow(padding: Insets(2), dilation: 2))
        case .lopsidedConvolution:
            try x[0].convolved(
                weight: x[1], bias: nil,
                window: ConvolutionWindow(stride: 2, padding: Insets(top: 0, left: 1, bottom: 2, right: 3)))
        case .maximumPool: try x[0].pooled(.maximum, window: PoolingWindow(kernel: 3, stride: 2, padding: Insets(1)))
        case .maximumPoolRoundingUp:
            try x[0].pooled(.maximum, window: PoolingWindow(kernel: 3, stride: 2, roundsUp: true))
        case .averagePool:
            try x[0].pooled(
                .average(countingPadding: false), window: PoolingWindow(kernel: 3, stride: 1, padding: Insets(1)))
        case .averagePoolCounting:
            try x[0].pooled(
                .average(countingPadding: true), window: PoolingWindow(kernel: 3, stride: 2, padding: Insets(1)))
        case .batchNorm:
            try x[0].batchNormalized(
                BatchStatistics(
                    weight: x[1], bias: x[2], runningMean: x[3], runningVariance: x[4].mapped(.absolute),
                    epsilon: 1e-3, momentum: 0.1, isTraining: false))
        case .plainBatchNorm:
            try x[0].batchNormalized(
                BatchStatistics(
                    weight: nil, bias: nil, runningMean: x[1], runningVariance: x[2].mapped(.absolute),
                    epsilon: 1e-2, momentum: 0.1, isTraining: false))
        case .layerNorm: try x[0].layerNormalized(weight: x[1], bias: x[2], epsilon: 1e-5)
        case .reshape: try x[0].reshaped([2, 6, 2])
        case .permute: try x[0].permuted([2, 0, 1])
        case .slice: try x[0].sliced(axis: -1, 1..<3)
        case .steps: try x[0].sliced(axis: 2, 1..<4, step: 2)
        case .roll: try x[0].rolled(by: -3, axis: 2)
        case .concatenate: try x[0].concatenated(with: [x[1], x[2]], axis: 1)
        case .pad: try x[0].padded(Insets(top: 1, left: 0, bottom: 2, right: 3), .constant(0.5))
        case .mirror: try x[0].padded(Insets(top: 2, left: 1, bottom: 0, right: 3), .reflected)
        case .expand: try x[0].expanded(at: 1).broadcast(to: [2, 5, 3, 4])
        case .gather: try x[0].gathered(at: x[0].constant([2, 0, 1, 1, 2, 0], shape: [3, 2]), axis: 1)
        case .nearest: try x[0].resized(height: 12, width: 5, .nearest)
        case .bilinear: try x[0].resized(height: 13, width: 5, .bilinear(alignCorners: false))
        case .bilinearAligned: try x[0].resized(height: 13, width: 5, .bilinear(alignCorners: true))
        case .bicubic: try x[0].resized(height: 13, width: 17, .bicubic(alignCorners: false))
        case .bicubicAligned: try x[0].resized(height: 13, width: 17, .bicubic(alignCorners: true))
        case .sample: try x[0].sampled(at: x[1] * 1.2, alignCorners: false)
        case .sampleAligned: try x[0].sampled(at: x[1] * 1.2, alignCorners: true)
        }
    }
}
