/// All that a model answered, by place and by name.
public struct InferenceOutputs: Sendable, RandomAccessCollection {
    /// The outputs' names, in the model's order.
    public let names: [String]

    private let outputs: [FloatOutput]

    init(names: [String], outputs: [FloatOutput]) {
        precondition(names.count == outputs.count, "\(names.count) names for \(outputs.count) outputs")
        self.names = names
        self.outputs = outputs
    }

    /// Always 0.
    public var startIndex: Int { 0 }

    /// The number of outputs.
    public var endIndex: Int { outputs.count }

    /// The output at a place.
    public subscript(position: Int) -> FloatOutput { outputs[position] }

    /// The output with a name; nil when the model has none of that name.
    public subscript(name: String) -> FloatOutput? {
        names.firstIndex(of: name).map { outputs[$0] }
    }
}
