import CairnAlgebra
import CairnCheckpoints
import CairnCore
import CairnFeatures
import CairnInference
import CairnModels
import Foundation

extension ModelLibrary {
    /// A global model or ensemble, ready to run. Throws a `CairnError` when it is missing, damaged, or local.
    public func globalModel(named name: String, runtime: ModelRuntime) throws -> GlobalModel {
        let record = try record(named: name)
        let whitening = try record.whitening.map { note in
            let whitening = try Whitening(contentsOf: folder(of: name) + "/" + whiteningFile(digest: note.digest))
            guard whitening.digest == note.digest else {
                throw ModelLibraryError(
                    .corrupted, "the whitening of \(name) is not the one that its record names; learn it again")
            }
            return whitening
        }
        switch record.kind {
        case .local, .matcher:
            throw ModelLibraryError(.invalidArgument, "\(name) \(record.kind.deed); a global model is needed here")
        case .global:
            let network = try globalNetwork(record, folder: folder(of: name), runtime: runtime)
            return try GlobalModel(record: record, source: .network(network), whitening: whitening)
        case .ensemble:
            let members = try record.members.map { member in
                let model = try globalModel(named: member.name, runtime: runtime)
                guard model.digest == member.digest else {
                    throw ModelLibraryError(
                        .conflict,
                        "\(member.name) is another model than when the ensemble \(name) was made; make the ensemble again"
                    )
                }
                return model
            }
            let ensemble = EnsembleNetwork(members: members, weights: record.members.map(\.weight))
            return try GlobalModel(record: record, source: .ensemble(ensemble), whitening: whitening)
        }
    }

    /// A local model, ready to run. Throws a `CairnError` when it is missing, damaged, or of another kind.
    public func localModel(named name: String, runtime: ModelRuntime) throws -> LearnedFeatureExtractor {
        let record = try record(named: name)
        guard record.kind == .local else {
            throw ModelLibraryError(.invalidArgument, "\(name) \(record.kind.deed); a local model is needed here")
        }
        return try localModel(record, folder: folder(of: name), runtime: runtime)
    }

    /// A matching network, ready to run. Throws a `CairnError` when it is missing, damaged, or of another kind.
    public func matcher(named name: String, runtime: ModelRuntime) throws -> MatcherModel {
        let record = try record(named: name)
        guard record.kind == .matcher else {
            throw ModelLibraryError(
                .invalidArgument, "\(name) \(record.kind.deed); a matcher such as LightGlue is needed here")
        }
        return try matcher(record, folder: folder(of: name), runtime: runtime)
    }

    /// The model's graph as an ONNX file: image in, normalised, and descriptor of unit length out.
    ///
    /// - Parameters:
    ///   - name: A model with a file of its own.
    ///   - size: Size of the images, where the graph depends on it; `nil` for the side that the network was trained at.
    public func onnx(of name: String, size: ImageSize? = nil) throws -> Data {
        let record = try record(named: name)
        let path = try verifiedFile(of: record, folder: folder(of: name))
        if record.format == .onnx { return try Data(contentsOf: URL(fileURLWithPath: path)) }
        if record.kind == .local, let family = record.localFamily, let delg = family.delg {
            let checkpoint = try Checkpoint(contentsOf: path)
            let storage = try checkpoint.parameters(
                for: family.specs(), configuration: Self.loading(record, specs: family.specs(), checkpoint))
            return try ModelExport.onnx(
                delg: delg, parameters: storage, metadata: ["cairn.model": name, "cairn.digest": try record.digest])
        }
        guard let network = record.network else {
            throw ModelLibraryError(
                .unsupported, "\(name) has no graph in one piece; only global models, DELG and ONNX files are exported")
        }
        let side = try Architecture.named(network.architecture).trainingSize
        let parameters = try Self.parameters(of: record, in: Checkpoint(contentsOf: path))
        return try DescriptorGraph.onnx(
            network, storage: parameters, size: size ?? ImageSize(width: side, height: side),
            metadata: ["cairn.model": name, "cairn.digest": try record.digest])
    }

    /// Names of keypoint networks whose checkpoints load, with their papers.
    public static var localArchitectures: [(name: String, source: String)] {
        LocalArchitecture.allCases.map { ($0.rawValue, $0.source) }
    }

    /// Names of matching networks whose checkpoints load, with their papers.
    public static var matcherArchitectures: [(name: String, source: String)] {
        MatcherArchitecture.allCases.map { ($0.rawValue, $0.source) }
    }

    // MARK: Making

    func globalNetwork(_ record: ModelRecord, folder: String, runtime: ModelRuntime) throws -> any GlobalNetwork {
        let path = try verifiedFile(of: record, folder: folder)
        let preprocessing = record.preprocessing ?? .imageNet
        if let network = record.network {
            let parameters = try Self.parameters(of: record, in: Checkpoint(contentsOf: path))
            return try CheckpointNetwork(
                name: record.name, configuration: network, storage: parameters, preprocessing: preprocessing,
                runtime: runtime)
        }
        return try ForeignNetwork(
            contentsOf: path, output: record.output ?? "", pooling: record.pooling ?? .gem,
            preprocessing: preprocessing, runtime: runtime)
    }

    func localModel(
        _ record: ModelRecord, folder: String, runtime: ModelRuntime
    ) throws -> LearnedFeatureExtractor {
        let path = try verifiedFile(of: record, folder: folder)
        return try LocalModelFactory(record: record, file: path, runtime: runtime).extractor()
    }

    func matcher(_ record: ModelRecord, folder: String, runtime: ModelRuntime) throws -> MatcherModel {
        guard let architecture = record.architecture.flatMap(MatcherArchitecture.init) else {
            throw ModelLibraryError(
                .unsupported,
                "\(record.name) is of the architecture \(record.architecture ?? "?"), which matches nothing")
        }
        let checkpoint = try Checkpoint(contentsOf: verifiedFile(of: record, folder: folder))
        let factory = MatcherFactory(name: record.name, runtime: runtime)
        return MatcherModel(
            record: record,
            network: try factory.matcher(architecture, checkpoint: checkpoint, namePrefix: record.namePrefix))
    }

    /// The model's file. Throws when its size is not what was added: the digest is of it, and is not computed on every start.
    private func verifiedFile(of record: ModelRecord, folder: String) throws -> String {
        guard let file = record.file else {
            throw ModelLibraryError(
                .invalidArgument, "\(record.name) is made of other models and has no file of its own")
        }
        let path = folder + "/" + file
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        guard size == record.fileBytes else {
            throw ModelLibraryError(
                .corrupted, "\(path) is not the file that was added; remove the model and add it again")
        }
        return path
    }
}

/// Models of the library under the names by which collections know them.
public struct LibraryExtractors: ExtractorProvider {
    private let library: ModelLibrary
    private let runtime: @Sendable () throws -> ModelRuntime

    /// Makes a provider; the runtime is made when the first model is.
    public init(library: ModelLibrary, runtime: @escaping @Sendable () throws -> ModelRuntime) {
        self.library = library
        self.runtime = runtime
    }

    /// The local model of the record's name.
    public func localExtractor(for record: ExtractorRecord) throws -> any LocalFeatureExtractor {
        try found(record)
        return try library.localModel(named: record.name, runtime: runtime())
    }

    /// The global model of the record's name.
    public func globalExtractor(for record: ExtractorRecord) throws -> any GlobalDescriptorExtractor {
        try found(record)
        return try library.globalModel(named: record.name, runtime: runtime())
    }

    private func found(_ record: ExtractorRecord) throws {
        do {
            _ = try library.record(named: record.name)
        } catch let error as ModelLibraryError where error.kind == .notFound {
            throw NoModels.missing(record)
        }
    }
}
