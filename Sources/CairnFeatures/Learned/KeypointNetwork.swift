/// A network as the decoders of learned features see it: arrays in, arrays out. What runs it is the caller's business.
///
/// Implementations are called from several threads at once.
public protocol KeypointNetwork: Sendable {
    /// What it takes, in the model's order.
    var inputs: [NetworkPort] { get }

    /// What it gives, in the model's order.
    var outputs: [NetworkPort] { get }

    /// One inference: arrays in the order of `inputs` to arrays in the order of `outputs`. Throws what its engine throws.
    func run(_ inputs: [NetworkArray]) throws -> [NetworkArray]
}

/// An input or output of a network.
public struct NetworkPort: Sendable, Hashable, CustomStringConvertible {
    /// Its name in the model.
    public let name: String
    /// Its sides, outermost first; `nil` where any length goes.
    public let dimensions: [Int?]

    /// Wraps the parts.
    public init(name: String, dimensions: [Int?]) {
        self.name = name
        self.dimensions = dimensions
    }

    /// As in "scores [1, 65, ?, ?]".
    public var description: String {
        "\(name) [" + dimensions.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
    }
}

/// 32-bit floats in row-major order.
public struct NetworkArray: Sendable, Hashable {
    /// Its sides, outermost first.
    public let shape: [Int]
    /// The product of `shape` elements.
    public var values: [Float]

    /// Wraps values. Traps when they do not fill the shape.
    public init(shape: [Int], values: [Float]) {
        precondition(shape.reduce(1, *) == values.count, "\(values.count) values for shape \(shape)")
        self.shape = shape
        self.values = values
    }
}
