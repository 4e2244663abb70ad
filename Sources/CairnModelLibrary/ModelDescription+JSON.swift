import CairnAlgebra
import CairnCheckpoints
import CairnCore
import CairnFormats
import CairnInference
import CairnModels
import Foundation

extension ModelDescription: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case version, kind, descriptor, delg, preprocessing, size, fit, scales, scaleAggregation, training
    }

    private enum Kind: String, Codable {
        case descriptor, delg
    }

    private enum PreprocessingKeys: String, CodingKey, CaseIterable {
        case channelOrder, range, mean, deviation, input
    }

    private enum TrainingKeys: String, CodingKey, CaseIterable {
        case recipe, epoch, metric, validation, seed, version
    }

    /// Reads a description; only training's facts, scales and fit may be left out. Unknown keys and versions are refused.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let version = try values.decode(Int.self, forKey: .version)
        guard version == Self.currentVersion else {
            throw ModelLibraryError(
                .unsupported,
                "it is of version \(version), and this Cairn reads version \(Self.currentVersion)")
        }
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a model’s description")
        let network: Network
        switch try values.decode(Kind.self, forKey: .kind) {
        case .descriptor:
            network = .descriptor(try values.decode(DescriptorNetworkConfiguration.self, forKey: .descriptor))
            try Self.refuse(.delg, in: values)
        case .delg:
            network = .delg(try values.decode(DELGConfiguration.self, forKey: .delg))
            try Self.refuse(.descriptor, in: values)
        }
        try values.superDecoder(forKey: .preprocessing).rejectUnknownKeys(
            PreprocessingKeys.self, of: "preprocessing")
        if values.contains(.training) {
            try values.superDecoder(forKey: .training).rejectUnknownKeys(TrainingKeys.self, of: "training")
        }
        self.init(
            network: network, preprocessing: try values.decode(ImagePreprocessing.self, forKey: .preprocessing),
            size: try values.decode(Int.self, forKey: .size),
            fit: try values.decodeIfPresent(PhotoFit.self, forKey: .fit) ?? .longSide,
            scales: try values.decodeIfPresent(ScaleSet.self, forKey: .scales) ?? .single,
            scaleAggregation: try values.decodeIfPresent(ScaleAggregation.self, forKey: .scaleAggregation) ?? .average,
            training: try values.decodeIfPresent(Training.self, forKey: .training) ?? Training())
    }

    private static func refuse(_ key: CodingKeys, in values: KeyedDecodingContainer<CodingKeys>) throws {
        guard !values.contains(key) else {
            throw ModelLibraryError(.invalidInput, "it has the setting “\(key.stringValue)”, which is of another kind")
        }
    }

    /// Writes everything.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(Self.currentVersion, forKey: .version)
        switch network {
        case .descriptor(let configuration):
            try values.encode(Kind.descriptor, forKey: .kind)
            try values.encode(configuration, forKey: .descriptor)
        case .delg(let configuration):
            try values.encode(Kind.delg, forKey: .kind)
            try values.encode(configuration, forKey: .delg)
        }
        try values.encode(preprocessing, forKey: .preprocessing)
        try values.encode(size, forKey: .size)
        try values.encode(fit, forKey: .fit)
        try values.encode(scales, forKey: .scales)
        try values.encode(scaleAggregation, forKey: .scaleAggregation)
        try values.encode(training, forKey: .training)
    }

    /// As JSON with sorted keys: equal descriptions give equal text.
    public var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// Reads JSON as `json` gives it. Throws `ModelLibraryError` with what is wrong, in one sentence.
    public init(json: String) throws {
        guard json.utf8.count <= 1 << 20 else {
            throw ModelLibraryError(.limitExceeded, "the model’s description is longer than a mebibyte")
        }
        do {
            self = try JSONDecoder().decode(ModelDescription.self, from: Data(json.utf8))
            try validate()
        } catch let error as any CairnError {
            throw ModelLibraryError(error.kind, "the model’s description cannot be taken: \(error.message)")
        } catch let error as DecodingError {
            throw ModelLibraryError(
                .invalidInput, "the model’s description cannot be taken: \(Self.sentence(error))", cause: error)
        }
    }

    /// The description that a checkpoint carries; `nil` where it has none. Throws `ModelLibraryError` for one that cannot be read.
    public init?(of checkpoint: Checkpoint) throws {
        guard let text = checkpoint.metadata[Self.metadataKey] else { return nil }
        do {
            try self.init(json: text)
        } catch let error as ModelLibraryError {
            throw ModelLibraryError(error.kind, "\(checkpoint.path): \(error.message)", cause: error.cause)
        }
    }

    /// Writes a model as a `.safetensors` file that says what it is. The file appears when it is complete.
    ///
    /// - Parameters:
    ///   - tensors: The parameters by name, as the network asks for them; a classifier of training is left out by the caller.
    ///   - path: The file.
    /// - Throws: `ModelLibraryError` where parameters are missing, too many or of another shape; `FormatError` where it cannot be
    ///   written.
    public func write(tensors: [(name: String, array: NumericArray)], to path: String) throws {
        try validate()
        let asked = Dictionary(
            try specs().map { ($0.name, $0.shape.dimensions) }, uniquingKeysWith: { first, _ in first })
        let given = Dictionary(tensors.map { ($0.name, $0.array.shape) }, uniquingKeysWith: { first, _ in first })
        let wrong =
            asked.keys.filter { given[$0] != asked[$0] } + given.keys.filter { asked[$0] == nil }
        guard wrong.isEmpty else {
            throw ModelLibraryError(
                .invalidArgument,
                "the parameters are not those of \(architecture): \(wrong.sorted().prefix(8).joined(separator: ", "))")
        }
        try SafetensorsFile.write(tensors, metadata: ["format": "pt", Self.metadataKey: try json], to: path)
    }

    private static func sentence(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\(place(context.codingPath)) is of another type than it should be"
        case .dataCorrupted(let context):
            let name = place(context.codingPath)
            return name.isEmpty ? "it is not JSON" : "\(name) has a value that is not known"
        @unknown default: return "it is not JSON of the kind that is read"
        }
    }
}
