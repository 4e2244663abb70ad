import CairnNN

/// What a model asks for held against what a checkpoint has, name by name and shape by shape.
public struct CheckpointMatch: Sendable {
    /// A parameter whose shape is not the model's.
    public struct Mismatch: Sendable, Equatable {
        /// The model's name for it.
        public let name: String
        /// The shape that the model has.
        public let expected: Shape
        /// The shape in the checkpoint.
        public let found: Shape
    }

    /// What the model asks for and the checkpoint has not.
    public let missing: [ParameterSpec]

    /// What the checkpoint has and nobody asked for, by its own names.
    public let unused: [String]

    /// What both have, in different shapes.
    public let mismatched: [Mismatch]

    /// Names of the model that the configuration leaves out.
    public let ignored: [String]

    private let checkpoint: Checkpoint
    private let sources: [String: String]
    private let specs: [ParameterSpec]

    /// Names shown of each kind in an error.
    private static let shownCount = 8

    /// Compares the parameters that a model asks for, as a shapes-only pass collects them, with a checkpoint.
    ///
    /// - Throws: `invalidInput` when stripping a prefix makes two names one.
    public init(
        _ checkpoint: Checkpoint, with specs: [ParameterSpec], configuration: LoadingConfiguration = .strict
    ) throws(CheckpointError) {
        var sources: [String: String] = [:]
        for name in checkpoint.names {
            let stripped = configuration.stripped(name)
            if let other = sources.updateValue(name, forKey: stripped) {
                throw CheckpointError(
                    .invalidInput,
                    "\(checkpoint.path): '\(other)' and '\(name)' are both '\(stripped)' without their prefix")
            }
        }
        var missing: [ParameterSpec] = []
        var mismatched: [Mismatch] = []
        var ignored: [String] = []
        var asked: Set<String> = []
        // Layers that share a parameter ask for it twice.
        for spec in specs where asked.insert(spec.name).inserted {
            if configuration.ignores(spec.name) {
                ignored.append(spec.name)
            } else if let source = sources[spec.name] {
                let found = Shape(try checkpoint.array(named: source).shape)
                if found != spec.shape {
                    mismatched.append(Mismatch(name: spec.name, expected: spec.shape, found: found))
                }
            } else {
                missing.append(spec)
            }
        }
        unused = checkpoint.names.filter { name in
            let name = configuration.stripped(name)
            return !asked.contains(name) && !configuration.ignores(name) && !configuration.tolerates(unused: name)
        }
        self.missing = missing
        self.mismatched = mismatched
        self.ignored = ignored
        self.checkpoint = checkpoint
        self.specs = specs
        let left = Set(ignored)
        self.sources = sources.filter { asked.contains($0.key) && !left.contains($0.key) }
    }

    /// Whether every name has its partner.
    public var isComplete: Bool { missing.isEmpty && unused.isEmpty && mismatched.isEmpty }

    /// The parameters, if every name has its partner.
    ///
    /// - Throws: `invalidInput` with the missing, unused and mismatched names, the first eight of each.
    public func parameters() throws(CheckpointError) -> CheckpointParameters {
        guard isComplete else {
            throw CheckpointError(.invalidInput, "\(checkpoint.path) does not fit the model: \(faults)\(hint)")
        }
        return CheckpointParameters(checkpoint: checkpoint, sources: sources)
    }

    private var faults: String {
        let unusedShapes = unused.prefix(Self.shownCount).map { name in
            let shape = (try? checkpoint.array(named: name)).map { Shape($0.shape).description } ?? ""
            return "\(name) \(shape)"
        }
        return [
            Self.list("missing", missing.count, missing.prefix(Self.shownCount).map { "\($0.name) \($0.shape)" }),
            Self.list("unused", unused.count, unusedShapes),
            Self.list(
                "mismatched", mismatched.count,
                mismatched.prefix(Self.shownCount).map { "\($0.name) is \($0.found), the model has \($0.expected)" }),
        ].compactMap(\.self).joined(separator: "; ")
    }

    private static func list(_ what: String, _ count: Int, _ shown: [String]) -> String? {
        guard count > 0 else { return nil }
        let rest = count > shown.count ? ", and \(count - shown.count) more" : ""
        return "\(count) \(what) (\(shown.joined(separator: ", "))\(rest))"
    }

    /// The prefix that would make most missing names fit, if there is one.
    private var hint: String {
        guard let first = missing.first else { return "" }
        let names = Set(checkpoint.names)
        for name in checkpoint.names where name.hasSuffix(".\(first.name)") {
            let prefix = name.dropLast(first.name.count)
            if missing.count(where: { names.contains(prefix + $0.name) }) * 2 > missing.count {
                return "; its names begin with '\(prefix)', strip that prefix"
            }
        }
        return ""
    }
}

extension Checkpoint {
    /// The parameters of a model, if every name has its partner; see ``CheckpointMatch``.
    public func parameters(
        for specs: [ParameterSpec], configuration: LoadingConfiguration = .strict
    ) throws(CheckpointError) -> CheckpointParameters {
        try CheckpointMatch(self, with: specs, configuration: configuration).parameters()
    }
}
