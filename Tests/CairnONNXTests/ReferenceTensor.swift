import CairnNN
import Foundation

/// A slow and obvious interpreter of networks on arrays, in double precision: the twin that graphs are compared with.
struct ReferenceTensor: Tensor {
    let shape: Shape
    let values: [Double]

    init(_ shape: Shape, _ values: [Double]) {
        precondition(values.count == shape.elementCount)
        self.shape = shape
        self.values = values
    }

    /// Values of every index, in order.
    static func make(_ shape: Shape, _ value: ([Int]) -> Double) -> ReferenceTensor {
        var index = [Int](repeating: 0, count: shape.rank)
        var values: [Double] = []
        for _ in 0..<shape.elementCount {
            values.append(value(index))
            for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
                index[axis] += 1
                if index[axis] < shape[axis] { break }
                index[axis] = 0
            }
        }
        return ReferenceTensor(shape, values)
    }

    subscript(_ index: [Int]) -> Double {
        var offset = 0
        for (position, size) in zip(index, shape.dimensions) { offset = offset * size + position }
        return values[offset]
    }

    /// The element that broadcasting puts at an index of a larger shape.
    private func broadcastElement(_ index: [Int]) -> Double {
        let own = index.suffix(shape.rank)
        return self[zip(own, shape.dimensions).map { $1 == 1 ? 0 : $0 }]
    }

    func constant(_ values: [Float], shape: Shape) throws -> ReferenceTensor {
        ReferenceTensor(shape, values.map(Double.init))
    }

    func mapped(_ function: ElementwiseFunction) throws -> ReferenceTensor {
        ReferenceTensor(shape, values.map { Self.apply(function, $0) })
    }

    private static func apply(_ function: ElementwiseFunction, _ x: Double) -> Double {
        switch function {
        case .relu: max(x, 0)
        case .leakyReLU(let slope): x > 0 ? x : Double(slope) * x
        case .elu: x > 0 ? x : Foundation.exp(x) - 1
        case .gelu: x * (1 + erf(x / Double(2).squareRoot())) / 2
        case .silu: x / (1 + Foundation.exp(-x))
        case .hardSwish: x * min(max(x + 3, 0), 6) / 6
        case .sigmoid: 1 / (1 + Foundation.exp(-x))
        case .softplus: Foundation.log(1 + Foundation.exp(x))
        case .tanh: Foundation.tanh(x)
        case .exponential: Foundation.exp(x)
        case .logarithm: Foundation.log(x)
        case .squareRoot: x.squareRoot()
        case .absolute: abs(x)
        case .negated: -x
        case .sine: sin(x)
        case .cosine: cos(x)
        case .power(let exponent): pow(x, Double(exponent))
        case .clamped(let lower, let upper):
            min(max(x, lower.map(Double.init) ?? -.infinity), upper.map(Double.init) ?? .infinity)
        case .floor: x.rounded(.down)
        }
    }

    func combined(_ operation: BinaryOperation, with other: ReferenceTensor) throws -> ReferenceTensor {
        Self.make(try shape.broadcast(with: other.shape)) { index in
            let (a, b) = (broadcastElement(index), other.broadcastElement(index))
            return switch operation {
            case .add: a + b
            case .subtract: a - b
            case .multiply: a * b
            case .divide: a / b
            case .maximum: max(a, b)
            case .minimum: min(a, b)
            case .power: pow(a, b)
            }
        }
    }

    func reduced(_ reduction: Reduction, over axes: [Int], keepingAxes: Bool) throws -> ReferenceTensor {
        let axes = Set(try axes.map(shape.normalized))
        let kept = try ShapeRules.reduced(shape, over: Array(axes), keepingAxes: true)
        var lists = [[Double]](repeating: [], count: kept.elementCount)
        _ = Self.make(shape) { index in
            var offset = 0
            for axis in 0..<shape.rank { offset = offset * kept[axis] + (axes.contains(axis) ? 0 : index[axis]) }
            lists[offset].append(self[index])
            return 0
        }
        let result = lists.map { list in
            switch reduction {
            case .sum: list.reduce(0, +)
            case .mean: list.reduce(0, +) / Double(list.count)
            case .maximum: list.max() ?? 0
            case .minimum: list.min() ?? 0
            }
        }
        return ReferenceTensor(try ShapeRules.reduced(shape, over: Array(axes), keepingAxes: keepingAxes), result)
    }

    func matrixProduct(with other: ReferenceTensor) throws -> ReferenceTensor {
        Self.make(try ShapeRules.matrixProduct(shape, other.shape)) { index in
            let (row, column) = (index[index.count - 2], index[index.count - 1])
            let leading = index.dropLast(2)
            return (0..<shape[-1]).reduce(0.0) { sum, k in
                sum + broadcastElement(leading + [row, k]) * other.broadcastElement(leading + [k, column])
            }
        }
    }

    func convolved(
        weight: ReferenceTensor, bias: ReferenceTensor?, window: ConvolutionWindow
    ) throws -> ReferenceTensor {
        let result = try ShapeRules.convolved(shape, weight: weight.shape, bias: bias?.shape, window)
        let inputs = weight.shape[1]
        return Self.make(result) { index in
            let first = index[1] / (weight.shape[0] / window.groups) * inputs
            var sum = bias?.values[index[1]] ?? 0
            for channel in 0..<inputs {
                for ky in 0..<weight.shape[2] {
                    for kx in 0..<weight.shape[3] {
                        let y = index[2] * window.strideY + ky * window.dilation - window.padding.top
                        let x = index[3] * window.strideX + kx * window.dilation - window.padding.left
                        guard (0..<shape[2]).contains(y), (0..<shape[3]).contains(x) else { continue }
                        sum += self[[index[0], first + channel, y, x]] * weight[[index[1], channel, ky, kx]]
                    }
                }
            }
            return sum
        }
    }

    func pooled(_ pooling: WindowPooling, window: PoolingWindow) throws -> ReferenceTensor {
        Self.make(try ShapeRules.pooled(shape, window)) { index in
            var found: [Double] = []
            // Torch counts padding, but not what hangs over it.
            var counted = 0
            for ky in 0..<window.kernel {
                for kx in 0..<window.kernel {
                    let y = index[2] * window.stride + ky - window.padding.top
                    let x = index[3] * window.stride + kx - window.padding.left
                    if y < shape[2] + window.padding.bottom, x < shape[3] + window.padding.right { counted += 1 }
                    guard (0..<shape[2]).contains(y), (0..<shape[3]).contains(x) else { continue }
                    found.append(self[[index[0], index[1], y, x]])
                }
            }
            return switch pooling {
            case .maximum: found.max() ?? -.infinity
            case .average(let counting): found.reduce(0, +) / Double(counting ? counted : found.count)
            }
        }
    }

    func batchNormalized(_ statistics: BatchStatistics<ReferenceTensor>) throws -> ReferenceTensor {
        Self.make(shape) { index in
            let channel = index[1]
            let deviation = (statistics.runningVariance.values[channel] + Double(statistics.epsilon)).squareRoot()
            return (self[index] - statistics.runningMean.values[channel]) / deviation
                * (statistics.weight?.values[channel] ?? 1) + (statistics.bias?.values[channel] ?? 0)
        }
    }

    func layerNormalized(
        weight: ReferenceTensor, bias: ReferenceTensor, epsilon: Float
    ) throws -> ReferenceTensor {
        let mean = try mean([-1], keepingAxes: true)
        let centred = try self - mean
        let variance = try (centred * centred).mean([-1], keepingAxes: true)
        return try centred / (variance + epsilon).squareRoot() * weight + bias
    }

    func softmax(axis: Int) throws -> ReferenceTensor {
        let powers = try (self - maximum([axis], keepingAxes: true)).exp()
        return try powers / powers.sum([axis], keepingAxes: true)
    }

    func logSoftmax(axis: Int) throws -> ReferenceTensor { try softmax(axis: axis).log() }
    func reshaped(_ shape: Shape) throws -> ReferenceTensor { ReferenceTensor(shape, values) }

    func permuted(_ order: [Int]) throws -> ReferenceTensor {
        Self.make(try ShapeRules.permuted(shape, order)) { index in
            var source = [Int](repeating: 0, count: index.count)
            for (axis, from) in order.enumerated() { source[from] = index[axis] }
            return self[source]
        }
    }

    func sliced(axis: Int, _ range: Range<Int>, step: Int) throws -> ReferenceTensor {
        let axis = try shape.normalized(axis)
        return Self.make(try ShapeRules.sliced(shape, axis: axis, range, step: step)) { index in
            var source = index
            source[axis] = range.lowerBound + index[axis] * step
            return self[source]
        }
    }

    func concatenated(with others: [ReferenceTensor], axis: Int) throws -> ReferenceTensor {
        let axis = try shape.normalized(axis)
        let all = [self] + others
        return Self.make(try ShapeRules.concatenated(all.map(\.shape), axis: axis)) { index in
            var source = index
            for tensor in all {
                if source[axis] < tensor.shape[axis] { return tensor[source] }
                source[axis] -= tensor.shape[axis]
            }
            return .nan
        }
    }

    func padded(_ insets: Insets, _ mode: PaddingMode) throws -> ReferenceTensor {
        func mirrored(_ position: Int, _ size: Int) -> Int {
            let folded = abs(position)
            return folded < size ? folded : 2 * size - 2 - folded
        }
        return Self.make(try ShapeRules.padded(shape, insets, mode)) { index in
            var source = index
            let (y, x) = (index[shape.rank - 2] - insets.top, index[shape.rank - 1] - insets.left)
            switch mode {
            case .constant(let value):
                guard (0..<shape[-2]).contains(y), (0..<shape[-1]).contains(x) else { return Double(value) }
                (source[shape.rank - 2], source[shape.rank - 1]) = (y, x)
            case .reflected:
                (source[shape.rank - 2], source[shape.rank - 1]) = (mirrored(y, shape[-2]), mirrored(x, shape[-1]))
            }
            return self[source]
        }
    }

    func broadcast(to shape: Shape) throws -> ReferenceTensor { Self.make(shape) { broadcastElement($0) } }

    func resized(height: Int, width: Int, _ interpolation: Interpolation) throws -> ReferenceTensor {
        func taps(_ output: Int, _ from: Int, _ to: Int) -> [(Int, Double)] {
            let clampedTo = { (position: Int) in min(max(position, 0), from - 1) }
            func centre(_ alignCorners: Bool) -> Double {
                alignCorners
                    ? (to == 1 ? 0 : Double(output) * Double(from - 1) / Double(to - 1))
                    : (Double(output) + 0.5) * Double(from) / Double(to) - 0.5
            }
            switch interpolation {
            case .nearest: return [(clampedTo(output * from / to), 1)]
            case .bilinear(let alignCorners):
                let position = min(max(centre(alignCorners), 0), Double(from - 1))
                let low = Int(position)
                return [(low, 1 - (position - Double(low))), (clampedTo(low + 1), position - Double(low))]
            case .bicubic(let alignCorners):
                let position = centre(alignCorners)
                let low = Int(position.rounded(.down))
                return (-1...2).map { offset in
                    let d = abs(position - Double(low + offset))
                    let a = -0.75
                    let weight =
                        d <= 1
                        ? (a + 2) * d * d * d - (a + 3) * d * d + 1 : a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a
                    return (clampedTo(low + offset), weight)
                }
            }
        }
        return Self.make([shape[0], shape[1], height, width]) { index in
            var sum = 0.0
            for (y, wy) in taps(index[2], shape[2], height) {
                for (x, wx) in taps(index[3], shape[3], width) { sum += wy * wx * self[[index[0], index[1], y, x]] }
            }
            return sum
        }
    }

    func sampled(at grid: ReferenceTensor, alignCorners: Bool) throws -> ReferenceTensor {
        Self.make(try ShapeRules.sampled(shape, grid: grid.shape)) { index in
            func position(_ component: Int, _ size: Int) -> Double {
                let g = grid[[index[0], index[2], index[3], component]]
                return alignCorners ? (g + 1) / 2 * Double(size - 1) : ((g + 1) * Double(size) - 1) / 2
            }
            let (x, y) = (position(0, shape[3]), position(1, shape[2]))
            var sum = 0.0
            for yy in [Int(y.rounded(.down)), Int(y.rounded(.down)) + 1] where (0..<shape[2]).contains(yy) {
                for xx in [Int(x.rounded(.down)), Int(x.rounded(.down)) + 1] where (0..<shape[3]).contains(xx) {
                    let weight = (1 - abs(x - Double(xx))) * (1 - abs(y - Double(yy)))
                    sum += weight * self[[index[0], index[1], yy, xx]]
                }
            }
            return sum
        }
    }

    func gathered(at indices: ReferenceTensor, axis: Int) throws -> ReferenceTensor {
        let axis = try shape.normalized(axis)
        return Self.make(try ShapeRules.gathered(shape, indices: indices.shape, axis: axis)) { index in
            let position = Array(index[axis..<(axis + indices.shape.rank)])
            return self[index[..<axis] + [Int(indices[position])] + index[(axis + indices.shape.rank)...]]
        }
    }

    func droppedOut(probability: Float, isTraining: Bool) throws -> ReferenceTensor { self }
    func detached() -> ReferenceTensor { self }
}
