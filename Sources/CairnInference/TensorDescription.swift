internal import COpenVINO

/// An input or output of a model.
public struct TensorDescription: Sendable, Hashable, CustomStringConvertible {
    /// The name in the model's graph; empty where it has none.
    public let name: String

    /// The type of its elements.
    public let elementType: ElementType

    /// Its sides, outermost first; nil where any length goes.
    public let dimensions: [Int?]

    /// Makes a description.
    public init(name: String, elementType: ElementType, dimensions: [Int?]) {
        self.name = name
        self.elementType = elementType
        self.dimensions = dimensions
    }

    /// Whether every side has one length.
    public var isStatic: Bool { !dimensions.contains(nil) }

    /// Whether a tensor of `shape` fits: the same number of sides, and equal lengths where they are set.
    public func accepts(_ shape: [Int]) -> Bool {
        shape.count == dimensions.count
            && zip(shape, dimensions).allSatisfy { side, dimension in side > 0 && side == dimension ?? side }
    }

    /// As in "image: float32 1x3x?x?".
    public var description: String {
        let sides = dimensions.map { $0.map(String.init) ?? "?" }.joined(separator: "x")
        return "\(name.isEmpty ? "(unnamed)" : name): \(elementType.rawValue) \(sides.isEmpty ? "scalar" : sides)"
    }

    /// Reads a port of a model. A number of sides that is not known gives none.
    init(port: OpaquePointer, of model: String) throws(InferenceError) {
        var text: UnsafeMutablePointer<CChar>?
        // A port without a name is no error: it is then known by its place.
        let name = ov_port_get_any_name(port, &text) == OK ? OpenVINOCall.string(text) : ""
        var type = DYNAMIC
        try OpenVINOCall.exclusive(.invalidModel, "\(model): the type of \(name)") {
            ov_port_get_element_type(port, &type)
        }
        guard let elementType = ElementType(type) else {
            let advice = "numbers and booleans can be passed"
            throw InferenceError(
                .unsupportedOperator, "\(model): \(name) is of a type that is not supported; \(advice)")
        }
        var shape = ov_partial_shape_t()
        try OpenVINOCall.exclusive(.invalidModel, "\(model): the shape of \(name)") {
            ov_port_get_partial_shape(port, &shape)
        }
        defer { ov_partial_shape_free(&shape) }
        let rank = ov_rank_is_dynamic(shape.rank) ? 0 : Int(shape.rank.max)
        let sides = UnsafeBufferPointer(start: shape.dims, count: shape.dims == nil ? 0 : rank)
        self.init(
            name: name, elementType: elementType, dimensions: sides.map { $0.min == $0.max ? Int($0.min) : nil })
    }
}
