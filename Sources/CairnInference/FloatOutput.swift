/// What a model answered at one of its outputs, as floats whatever type the graph has there.
public struct FloatOutput: Sendable, Hashable {
    /// Its sides, outermost first.
    public let shape: [Int]

    /// Elements in row-major order; `shape`'s product of them.
    public let values: [Float]

    /// Makes an output. Traps when shape and values do not agree.
    public init(shape: [Int], values: [Float]) {
        precondition(shape.reduce(1, *) == values.count, "\(values.count) values for shape \(shape)")
        self.shape = shape
        self.values = values
    }
}
