/// The shapes of operations' results, which every backend checks before it computes.
public enum ShapeRules {
    /// Axes reduced, or kept with size 1.
    public static func reduced(_ shape: Shape, over axes: [Int], keepingAxes: Bool) throws -> Shape {
        let reduced = Set(try axes.map(shape.normalized))
        return Shape(
            shape.dimensions.enumerated().compactMap { axis, size in
                reduced.contains(axis) ? (keepingAxes ? 1 : nil) : size
            })
    }

    /// `[…, m, k] x […, k, n]`.
    public static func matrixProduct(_ a: Shape, _ b: Shape) throws -> Shape {
        guard a.rank >= 2, b.rank >= 2, a[-1] == b[-2] else {
            throw NetworkError(.invalidArgument, "matrices of \(a) and \(b) cannot be multiplied")
        }
        let leading = try Shape(Array(a.dimensions.dropLast(2))).broadcast(with: Shape(Array(b.dimensions.dropLast(2))))
        return Shape(leading.dimensions + [a[-2], b[-1]])
    }

    /// Height and width after a correlation.
    public static func convolved(_ x: Shape, weight: Shape, bias: Shape?, _ window: ConvolutionWindow) throws -> Shape {
        guard x.rank == 4, weight.rank == 4, x[1] == weight[1] * window.groups, weight[0] % window.groups == 0 else {
            throw NetworkError(
                .invalidArgument, "a kernel of \(weight) in \(window.groups) groups does not fit a map of \(x)")
        }
        if let bias, bias != [weight[0]] {
            throw NetworkError(.invalidArgument, "a bias of \(bias) does not fit \(weight[0]) outputs")
        }
        func size(_ input: Int, _ border: Int, _ kernel: Int, _ stride: Int) throws -> Int {
            let room = input + border - window.dilation * (kernel - 1) - 1
            guard room >= 0 else {
                throw NetworkError(.invalidArgument, "a map of \(x) is smaller than a kernel of \(weight)")
            }
            return room / stride + 1
        }
        return [
            x[0], weight[0],
            try size(x[2], window.padding.top + window.padding.bottom, weight[2], window.strideY),
            try size(x[3], window.padding.left + window.padding.right, weight[3], window.strideX),
        ]
    }

    /// Height and width after pooling. A window that rounds up still begins within the map or its upper left border.
    public static func pooled(_ x: Shape, _ window: PoolingWindow) throws -> Shape {
        guard x.rank == 4 else { throw NetworkError(.invalidArgument, "pooling takes [N, C, H, W], not \(x)") }
        func size(_ input: Int, _ before: Int, _ after: Int) throws -> Int {
            let room = input + before + after - window.kernel
            guard room >= 0 else {
                throw NetworkError(.invalidArgument, "a map of \(x) is smaller than a window of \(window.kernel)")
            }
            var count = (room + (window.roundsUp ? window.stride - 1 : 0)) / window.stride + 1
            if window.roundsUp, (count - 1) * window.stride >= input + before { count -= 1 }
            return count
        }
        return [
            x[0], x[1],
            try size(x[2], window.padding.top, window.padding.bottom),
            try size(x[3], window.padding.left, window.padding.right),
        ]
    }

    /// Statistics have one number a channel.
    public static func checkChannels(_ x: Shape, _ statistics: Shape) throws {
        guard x.rank >= 2, statistics == [x[1]] else {
            throw NetworkError(.invalidArgument, "statistics of \(statistics) do not fit a map of \(x)")
        }
    }

    /// Weights have one number an element of the last axis.
    public static func checkLastAxis(_ x: Shape, _ weight: Shape) throws {
        guard x.rank >= 1, weight == [x[-1]] else {
            throw NetworkError(.invalidArgument, "weights of \(weight) do not fit the last axis of \(x)")
        }
    }

    /// As many elements as before.
    public static func checkReshape(_ from: Shape, to: Shape) throws {
        guard from.elementCount == to.elementCount else {
            throw NetworkError(.invalidArgument, "\(from) cannot be seen as \(to)")
        }
    }

    /// Axes in another order.
    public static func permuted(_ shape: Shape, _ order: [Int]) throws -> Shape {
        guard order.sorted() == Array(0..<shape.rank) else {
            throw NetworkError(.invalidArgument, "\(order) is no order of the axes of \(shape)")
        }
        return Shape(order.map { shape[$0] })
    }

    /// Every `step`-th slice of a range.
    public static func sliced(_ shape: Shape, axis: Int, _ range: Range<Int>, step: Int) throws -> Shape {
        let axis = try shape.normalized(axis)
        guard range.lowerBound >= 0, range.upperBound <= shape[axis], step > 0 else {
            throw NetworkError(.invalidArgument, "axis \(axis) of \(shape) has no slices \(range) in steps of \(step)")
        }
        var result = shape
        result[axis] = (range.count + step - 1) / step
        return result
    }

    /// Sizes agree but along the axis.
    public static func concatenated(_ shapes: [Shape], axis: Int) throws -> Shape {
        guard var result = shapes.first else { throw NetworkError(.invalidArgument, "nothing to concatenate") }
        let axis = try result.normalized(axis)
        result[axis] = 0
        for shape in shapes {
            var rest = shape
            guard shape.rank == result.rank else {
                throw NetworkError(.invalidArgument, "\(shapes) cannot be concatenated along axis \(axis)")
            }
            rest[axis] = result[axis]
            guard rest == result else {
                throw NetworkError(.invalidArgument, "\(shapes) cannot be concatenated along axis \(axis)")
            }
            result[axis] += shape[axis]
        }
        return result
    }

    /// Borders added to the last two axes.
    public static func padded(_ shape: Shape, _ insets: Insets, _ mode: PaddingMode) throws -> Shape {
        guard shape.rank >= 2 else { throw NetworkError(.invalidArgument, "\(shape) has no height and width to pad") }
        if mode == .reflected {
            guard max(insets.top, insets.bottom) < shape[-2], max(insets.left, insets.right) < shape[-1] else {
                throw NetworkError(.invalidArgument, "a border of \(insets) is wider than what \(shape) can mirror")
            }
        }
        var result = shape
        result[-2] += insets.top + insets.bottom
        result[-1] += insets.left + insets.right
        return result
    }

    /// Axes of size 1 may grow, and axes may be added in front.
    public static func checkBroadcast(_ from: Shape, to: Shape) throws {
        guard try from.broadcast(with: to) == to else {
            throw NetworkError(.invalidArgument, "\(from) cannot be copied to \(to)")
        }
    }

    /// Another height and width.
    public static func resized(_ shape: Shape, height: Int, width: Int) throws -> Shape {
        guard shape.rank == 4, height > 0, width > 0 else {
            throw NetworkError(.invalidArgument, "\(shape) cannot be resized to \(height) x \(width)")
        }
        return [shape[0], shape[1], height, width]
    }

    /// One sample of every channel for each point of the grid.
    public static func sampled(_ shape: Shape, grid: Shape) throws -> Shape {
        guard shape.rank == 4, grid.rank == 4, grid[3] == 2, grid[0] == shape[0] else {
            throw NetworkError(.invalidArgument, "\(shape) cannot be sampled at a grid of \(grid)")
        }
        return [shape[0], shape[1], grid[1], grid[2]]
    }

    /// The indices' axes take the place of one axis.
    public static func gathered(_ shape: Shape, indices: Shape, axis: Int) throws -> Shape {
        let axis = try shape.normalized(axis)
        return Shape(shape.dimensions[..<axis] + indices.dimensions + shape.dimensions[(axis + 1)...])
    }
}
