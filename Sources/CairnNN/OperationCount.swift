/// What a network costs: its parameters, and the multiplications with addition of a run.
public struct OperationCount: Sendable, Hashable {
    /// Learned numbers; running statistics and tables not counted.
    public var parameters: Int
    /// Multiply-adds of convolutions and matrix products, which is what papers call FLOPs. Two floating-point operations each; elementwise
    /// functions, poolings and normalisations not counted.
    public var multiplyAdds: Int

    /// Wraps the numbers.
    public init(parameters: Int, multiplyAdds: Int) {
        self.parameters = parameters
        self.multiplyAdds = multiplyAdds
    }

    /// Counts a network by building and running it on shapes alone.
    ///
    /// - Parameters:
    ///   - inputs: Shapes of its inputs.
    ///   - build: Builds the network from parameters and gives what runs it. What it does not ask for is not counted.
    public static func of(
        inputs: [Shape], _ build: (Parameters<CountingTensor>) throws -> ([CountingTensor]) throws -> Void
    ) throws -> OperationCount {
        let source = CountingParameters()
        let run = try build(Parameters(source))
        try run(inputs.map { CountingTensor($0, source.counter) })
        return OperationCount(parameters: source.learnedCount, multiplyAdds: source.counter.multiplyAdds)
    }
}

/// The running total of a count. Not for use from several threads.
public final class OperationCounter {
    /// Multiply-adds so far.
    public private(set) var multiplyAdds = 0

    /// Nothing counted yet.
    public init() {}

    func add(_ count: Int) { multiplyAdds += count }
}

/// A source that has every parameter, as a shape, and counts the learned ones.
public final class CountingParameters: ParameterSource {
    /// Not in training.
    public let phase = ForwardPhase()
    /// What runs on the parameters adds to it.
    public let counter = OperationCounter()
    private var sizes: [String: Int] = [:]

    /// A source that nothing has asked yet.
    public init() {}

    /// Numbers that are learned. A parameter that was asked for twice counts once.
    public var learnedCount: Int { sizes.values.reduce(0, +) }

    /// A shape.
    public func parameter(_ spec: ParameterSpec) throws -> CountingTensor {
        if spec.role != .buffer { sizes[spec.name] = spec.shape.elementCount }
        return CountingTensor(spec.shape, counter)
    }
}
