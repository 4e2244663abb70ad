import CairnNN

extension GraphTensor {
    /// See `Tensor`.
    public func constant(_ values: [Float], shape: Shape) throws -> GraphTensor { try graph.constant(values, shape) }

    /// See `Tensor`.
    public func reshaped(_ shape: Shape) throws -> GraphTensor {
        try ShapeRules.checkReshape(self.shape, to: shape)
        // A leading batch axis that stays is left open, so that other batch sizes pass.
        let keepsBatch = shape.rank > 1 && self.shape.rank > 0 && shape[0] == self.shape[0]
        let sizes = keepsBatch ? [0] + shape.dimensions.dropFirst() : shape.dimensions
        return graph.node("Reshape", [name, graph.integers(sizes)], shape: shape)
    }

    /// See `Tensor`.
    public func permuted(_ order: [Int]) throws -> GraphTensor {
        node("Transpose", [], [.ints("perm", order)], shape: try ShapeRules.permuted(shape, order))
    }

    /// See `Tensor`.
    public func sliced(axis: Int, _ range: Range<Int>, step: Int) throws -> GraphTensor {
        let result = try ShapeRules.sliced(shape, axis: axis, range, step: step)
        return graph.node(
            "Slice",
            [
                name, graph.integers([range.lowerBound]), graph.integers([range.upperBound]),
                graph.integers([try shape.normalized(axis)]), graph.integers([step]),
            ], shape: result)
    }

    /// See `Tensor`.
    public func concatenated(with others: [GraphTensor], axis: Int) throws -> GraphTensor {
        let result = try ShapeRules.concatenated([shape] + others.map(\.shape), axis: axis)
        return node("Concat", others, [.int("axis", try shape.normalized(axis))], shape: result)
    }

    /// See `Tensor`.
    public func padded(_ insets: Insets, _ mode: PaddingMode) throws -> GraphTensor {
        let result = try ShapeRules.padded(shape, insets, mode)
        let leading = [Int](repeating: 0, count: shape.rank - 2)
        let borders = graph.integers(
            leading + [insets.top, insets.left] + leading + [insets.bottom, insets.right])
        switch mode {
        case .constant(let value):
            return graph.node(
                "Pad", [name, borders, try graph.constant([value], []).name], [.string("mode", "constant")],
                shape: result)
        case .reflected:
            return graph.node("Pad", [name, borders], [.string("mode", "reflect")], shape: result)
        }
    }

    /// See `Tensor`.
    public func broadcast(to shape: Shape) throws -> GraphTensor {
        try ShapeRules.checkBroadcast(self.shape, to: shape)
        return graph.node("Expand", [name, graph.integers(shape.dimensions)], shape: shape)
    }

    /// See `Tensor`.
    public func gathered(at indices: GraphTensor, axis: Int) throws -> GraphTensor {
        let result = try ShapeRules.gathered(shape, indices: indices.shape, axis: axis)
        let whole = indices.node("Cast", [], [.int("to", Int(ElementType.int64.rawValue))])
        return node("Gather", [whole], [.int("axis", try shape.normalized(axis))], shape: result)
    }
}
