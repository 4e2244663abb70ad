/// One parameter as a model asks for it.
public struct ParameterSpec: Sendable, Hashable {
    /// The checkpoint's own name: `layer1.0.conv1.weight`.
    public let name: String
    /// The shape in the checkpoint.
    public let shape: Shape
    /// What it is, for optimisers.
    public let role: ParameterRole
    /// How it starts when nothing is loaded.
    public let initializer: Initializer

    /// Wraps the parts.
    public init(name: String, shape: Shape, role: ParameterRole, initializer: Initializer) {
        self.name = name
        self.shape = shape
        self.role = role
        self.initializer = initializer
    }
}

/// What a parameter is. Weight decay leaves biases and norms alone; buffers are not learned at all.
public enum ParameterRole: String, Sendable, Hashable {
    /// A matrix or kernel.
    case weight
    /// An offset.
    case bias
    /// Scale or shift of a normalisation, a layer's gain, a pooling's exponent.
    case normalization
    /// Running statistics and tables: saved, not learned.
    case buffer
}

/// How a parameter starts when nothing is loaded.
public enum Initializer: Sendable, Hashable {
    /// One value everywhere.
    case constant(Float)
    /// Normal, mean 0.
    case normal(deviation: Float)
    /// Normal, mean 0, redrawn beyond two deviations.
    case truncatedNormal(deviation: Float)
    /// Uniform in [-bound, bound].
    case uniform(bound: Float)
    /// He et al. 2015, normal with variance `2 / fan-out`.
    case kaimingNormalFanOut
    /// He et al. 2015 as torch's layers start: uniform with variance `1 / (3 fan-in)`.
    case kaimingUniform
    /// Glorot and Bengio 2010, uniform.
    case xavierUniform
    /// These values, in row-major order.
    case values([Float])
}

/// Where a model's parameters come from: a checkpoint, a seed, or nowhere at all when only shapes matter.
public protocol ParameterSource<Value>: AnyObject {
    /// The backend's tensor.
    associatedtype Value: Tensor

    /// The parameter, in the shape asked for. Throws where the source has none, or one of another shape.
    func parameter(_ spec: ParameterSpec) throws -> Value

    /// Whether the model built from this source is in training; layers keep this object and ask it when they run.
    var phase: ForwardPhase { get }
}

/// Training or not, shared by all layers of a model. Not for use from several threads.
public final class ForwardPhase {
    /// Batch statistics are the batch's, dropout drops.
    public var isTraining = false

    /// Tells by a normalisation's name whether it goes by its running statistics in training too, and leaves them as they are.
    public var freezesStatistics: (_ layer: String) -> Bool = { _ in false }

    /// Not in training.
    public init() {}
}

/// A place among a source's names: what a layer is built from.
///
/// ```swift
/// conv1 = try Conv2d(parameters["conv1"], from: 3, to: 64, kernel: 7, stride: 2, padding: 3, bias: false)
/// ```
public struct Parameters<T: Tensor> {
    /// The names' common beginning without its last dot; empty at the root.
    public let path: String
    private let source: any ParameterSource<T>

    /// The root of a source's names.
    public init(_ source: any ParameterSource<T>) {
        self.init(source, path: "")
    }

    private init(_ source: any ParameterSource<T>, path: String) {
        self.source = source
        self.path = path
    }

    /// Training or not.
    public var phase: ForwardPhase { source.phase }

    /// The names below `name`.
    public subscript(name: String) -> Parameters { Parameters(source, path: joined(name)) }

    /// The names below number `index`.
    public subscript(index: Int) -> Parameters { self[String(index)] }

    /// The parameter `path.name`. Throws as its source does.
    public func callAsFunction(
        _ name: String, _ shape: Shape, role: ParameterRole = .weight, _ initializer: Initializer
    ) throws -> T {
        try source.parameter(
            ParameterSpec(name: joined(name), shape: shape, role: role, initializer: initializer))
    }

    private func joined(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
}

/// Arrays by name, as a checkpoint holds them. Backends make their tensors from it.
public protocol ParameterStorage: Sendable {
    /// All values of a parameter as 32-bit floats, row-major. Throws where there is none of this name and shape.
    func floats(for spec: ParameterSpec) throws -> [Float]
}
