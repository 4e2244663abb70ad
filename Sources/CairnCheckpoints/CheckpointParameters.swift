import CairnFormats
import CairnNN

/// The parameters of one model in a checkpoint that fits it, by the model's names.
public struct CheckpointParameters: ParameterStorage {
    /// Where they come from.
    public let checkpoint: Checkpoint

    /// The checkpoint's name for each of the model's.
    private let sources: [String: String]

    init(checkpoint: Checkpoint, sources: [String: String]) {
        self.checkpoint = checkpoint
        self.sources = sources
    }

    /// The model's names, sorted.
    public var names: [String] { sources.keys.sorted() }

    /// Whether there is a parameter of that name; there is none for an ignored one.
    public func contains(_ name: String) -> Bool { sources[name] != nil }

    /// The array in the file's own element type.
    public func array(for spec: ParameterSpec) throws(CheckpointError) -> NumericArray {
        guard let source = sources[spec.name] else {
            throw CheckpointError(.notFound, "\(checkpoint.path) gives the model no '\(spec.name)'")
        }
        let array = try checkpoint.array(named: source)
        guard array.shape == spec.shape.dimensions else {
            throw CheckpointError(
                .invalidInput, "\(checkpoint.path): '\(source)' is \(Shape(array.shape)), the model has \(spec.shape)")
        }
        return array
    }

    /// All values of a parameter in single precision, row-major: half and double precisions are converted.
    public func floats(for spec: ParameterSpec) throws -> [Float] {
        try array(for: spec).floats()
    }
}
