import CairnNN

extension GraphTensor {
    /// See `Tensor`.
    public func mapped(_ function: ElementwiseFunction) throws -> GraphTensor {
        switch function {
        case .relu: node("Relu")
        case .leakyReLU(let slope): node("LeakyRelu", [], [.float("alpha", slope)])
        case .elu: node("Elu")
        // Gelu is an operator only from opset 20 on; readers know this form and fuse it.
        case .gelu: try self * ((self * Float(0.5).squareRoot()).node("Erf") + 1) * 0.5
        case .silu: try self * node("Sigmoid")
        case .hardSwish: node("HardSwish")
        case .sigmoid: node("Sigmoid")
        case .softplus: node("Softplus")
        case .tanh: node("Tanh")
        case .exponential: node("Exp")
        case .logarithm: node("Log")
        case .squareRoot: node("Sqrt")
        case .absolute: node("Abs")
        case .negated: node("Neg")
        case .sine: node("Sin")
        case .cosine: node("Cos")
        case .floor: node("Floor")
        case .power(let exponent): node("Pow", [try graph.constant([exponent], [])])
        case .clamped(let lower, let upper):
            graph.node(
                "Clip",
                [
                    name, try lower.map { try graph.constant([$0], []).name } ?? "",
                    try upper.map { try graph.constant([$0], []).name } ?? "",
                ], shape: shape)
        }
    }

    /// See `Tensor`.
    public func combined(_ operation: BinaryOperation, with other: GraphTensor) throws -> GraphTensor {
        let name =
            switch operation {
            case .add: "Add"
            case .subtract: "Sub"
            case .multiply: "Mul"
            case .divide: "Div"
            case .maximum: "Max"
            case .minimum: "Min"
            case .power: "Pow"
            }
        return node(name, [other], shape: try shape.broadcast(with: other.shape))
    }

    /// See `Tensor`.
    public func softmax(axis: Int) throws -> GraphTensor {
        node("Softmax", [], [.int("axis", try shape.normalized(axis))])
    }

    /// See `Tensor`.
    public func logSoftmax(axis: Int) throws -> GraphTensor {
        node("LogSoftmax", [], [.int("axis", try shape.normalized(axis))])
    }

    /// See `Tensor`. A graph is for inference: nothing is dropped.
    public func droppedOut(probability: Float, isTraining: Bool) throws -> GraphTensor {
        guard !isTraining else { throw Self.trainingError("dropout") }
        return self
    }

    /// See `Tensor`. A graph has no gradients.
    public func detached() -> GraphTensor { self }

    static func trainingError(_ layer: String) -> ONNXError {
        ONNXError(.invalidArgument, "a graph cannot hold \(layer) in training; set the model's phase to inference")
    }
}
