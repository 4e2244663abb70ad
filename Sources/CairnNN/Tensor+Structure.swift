/// Moving elements about.
extension Tensor {
    /// The slices of `range` of an axis.
    public func sliced(axis: Int, _ range: Range<Int>) throws -> Self { try sliced(axis: axis, range, step: 1) }

    /// Equal parts of an axis. Throws `NetworkError` when it does not divide.
    public func split(into parts: Int, axis: Int) throws -> [Self] {
        let size = shape[try shape.normalized(axis)]
        guard parts > 0, size % parts == 0 else {
            throw NetworkError(.invalidArgument, "axis \(axis) of \(shape) does not split into \(parts) equal parts")
        }
        let length = size / parts
        return try (0..<parts).map { try sliced(axis: axis, ($0 * length)..<(($0 + 1) * length)) }
    }

    /// Slices moved cyclically: slice `i` comes to `i + shift`.
    public func rolled(by shift: Int, axis: Int) throws -> Self {
        let size = shape[try shape.normalized(axis)]
        let cut = ((-shift % size) + size) % size
        guard cut != 0 else { return self }
        return try sliced(axis: axis, cut..<size).concatenated(with: [sliced(axis: axis, 0..<cut)], axis: axis)
    }

    /// The axes from `first` on made one.
    public func flattened(from first: Int = 1) throws -> Self {
        let leading = shape.dimensions[..<first]
        let rest = shape.dimensions[first...].reduce(1, *)
        return try reshaped(Shape(leading + [rest]))
    }

    /// The last two axes exchanged.
    public func transposed() throws -> Self {
        var order = Array(0..<shape.rank)
        order.swapAt(shape.rank - 1, shape.rank - 2)
        return try permuted(order)
    }

    /// One more axis, of size 1, before axis `axis`.
    public func expanded(at axis: Int) throws -> Self {
        var dimensions = shape.dimensions
        dimensions.insert(1, at: axis < 0 ? axis + shape.rank + 1 : axis)
        return try reshaped(Shape(dimensions))
    }

    /// `log(sum(exp(x)))` along an axis, which goes away.
    public func logSumExp(axis: Int) throws -> Self {
        let peak = try maximum([axis], keepingAxes: true).detached()
        let sum = try (self - peak).exp().sum([axis], keepingAxes: true).log() + peak
        var dimensions = sum.shape.dimensions
        dimensions.remove(at: try sum.shape.normalized(axis))
        return try sum.reshaped(Shape(dimensions))
    }
}
