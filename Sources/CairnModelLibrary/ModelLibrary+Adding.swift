import CairnCheckpoints
import CairnCore
import CairnFeatures
import CairnImaging
import CairnInference
import CairnModels
import CairnNN
import CairnONNX
import Foundation

extension ModelLibrary {
    /// Adds a model: checks the file against its architecture, runs it once, and copies it into the library.
    ///
    /// - Throws: A `CairnError` that says what does not fit; nothing is left behind then.
    public func add(_ addition: ModelAddition, runtime: ModelRuntime) throws -> ModelRecord {
        try install(addition.name) { folder in
            guard FileManager.default.fileExists(atPath: addition.file) else {
                throw ModelLibraryError(.notFound, "there is no file \(addition.file)")
            }
            let isONNX = addition.file.lowercased().hasSuffix(".onnx")
            let suffix =
                isONNX ? "onnx" : (addition.file.lowercased().hasSuffix(".safetensors") ? "safetensors" : "pth")
            let file = "model.\(suffix)"
            do {
                try FileManager.default.copyItem(atPath: addition.file, toPath: folder + "/" + file)
            } catch {
                throw ModelLibraryError.unwritable("\(addition.file) cannot be copied", error)
            }
            var record = ModelRecord(name: addition.name, kind: .global, dimensions: 0)
            record.file = file
            record.fileDigest = try ContentDigest.ofFile(folder + "/" + file)
            record.fileBytes =
                (try FileManager.default.attributesOfItem(atPath: folder + "/" + file)[.size] as? Int) ?? 0
            record.longSide = addition.longSide ?? ModelAddition.longSide
            record.fit = addition.fit == .longSide ? nil : addition.fit
            record.preprocessing = addition.preprocessing ?? .imageNet
            record.scales = addition.scales ?? .single
            record.scaleAggregation = addition.scaleAggregation ?? .average
            record.origin = addition.origin
            record.licence = addition.licence
            record.ignoresHead = addition.ignoresHead
            record.namePrefix = addition.namePrefix
            record.added = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded())
            do {
                if isONNX {
                    try describeONNX(&record, addition, folder: folder)
                } else {
                    try describeCheckpoint(&record, addition, folder: folder)
                }
                try probe(&record, folder: folder, runtime: runtime)
            } catch let error as CheckpointError {
                // The user knows the file by its own name.
                throw ModelLibraryError(
                    error.kind, error.message.replacing(folder + "/" + file, with: addition.file), cause: error.cause)
            }
            return record
        }
    }

    /// Makes one model of several, whose descriptors are put one behind another.
    public func addEnsemble(
        _ name: String, of members: [(name: String, weight: Double)], origin: String? = nil
    ) throws -> ModelRecord {
        try install(name) { _ in
            guard members.count > 1 else {
                throw ModelLibraryError(.invalidArgument, "an ensemble is made of two models at least")
            }
            guard members.allSatisfy({ $0.weight > 0 && $0.weight.isFinite }) else {
                throw ModelLibraryError(.invalidArgument, "the weights of an ensemble are above 0")
            }
            var record = ModelRecord(name: name, kind: .ensemble, dimensions: 0)
            for member in members {
                let known = try self.record(named: member.name)
                guard known.kind == .global || known.kind == .ensemble else {
                    throw ModelLibraryError(
                        .invalidArgument, "\(member.name) \(known.kind.deed); an ensemble is made of global models")
                }
                record.members.append(
                    .init(name: member.name, weight: member.weight, digest: try known.digest))
                record.dimensions += known.dimensions
                record.parameterCount += known.parameterCount
                record.multiplyAdds += known.multiplyAdds
                record.longSide = max(record.members.count == 1 ? 0 : record.longSide, known.longSide)
            }
            record.origin = origin
            record.added = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded())
            return record
        }
    }

    // MARK: Steps

    private func describeCheckpoint(_ record: inout ModelRecord, _ addition: ModelAddition, folder: String) throws {
        let checkpoint = try Checkpoint(contentsOf: folder + "/" + (record.file ?? ""))
        record.format = .checkpoint
        let description: ModelDescription?
        do {
            description = try ModelDescription(of: checkpoint)
        } catch let error as ModelLibraryError {
            throw ModelLibraryError(
                error.kind, error.message.replacing(checkpoint.path, with: addition.file), cause: error.cause)
        }
        if let description { return try describe(&record, description, addition, checkpoint) }
        let name = try addition.architecture ?? architecture(of: checkpoint, addition)
        record.architecture = name
        record.delg = addition.delg
        let family = record.localFamily
        guard family?.delg != nil || addition.delg == nil else {
            throw ModelLibraryError(.invalidArgument, "\(name) is no DELG and has no sizes of its parts")
        }
        if let matcher = MatcherArchitecture(rawValue: name) {
            try describe(&record, matcher, checkpoint)
        } else if let family, addition.kind != .global {
            try describe(&record, family, addition, checkpoint)
        } else {
            let delg = family?.delg
            record.network = DescriptorNetworkConfiguration(
                architecture: delg?.architecture ?? name, pooling: addition.pooling ?? delg?.pooling ?? .gem,
                head: delg == nil ? addition.head ?? HeadConfiguration() : .whitening,
                dimensions: addition.dimensions ?? delg?.dimensions)
            _ = try Self.parameters(of: record, in: checkpoint)
        }
    }

    /// A checkpoint that says itself what it is.
    private func describe(
        _ record: inout ModelRecord, _ description: ModelDescription, _ addition: ModelAddition,
        _ checkpoint: Checkpoint
    ) throws {
        try addition.requireAgreement(with: description)
        record.architecture = description.architecture
        record.delg = description.delg
        record.training = description.training
        record.preprocessing = description.preprocessing
        record.longSide = addition.longSide ?? description.size
        let fit = addition.fit ?? description.fit
        record.fit = fit == .longSide ? nil : fit
        record.scales = addition.scales ?? description.scales
        record.scaleAggregation = addition.scaleAggregation ?? description.scaleAggregation
        guard addition.kind == .local else {
            record.network = description.descriptorNetwork
            _ = try Self.parameters(of: record, in: checkpoint)
            return
        }
        guard let delg = description.delg else {
            throw ModelLibraryError(
                .invalidArgument, "\(addition.file) describes whole photos and has no local half; leave out --local")
        }
        var local = addition
        local.longSide = record.longSide
        try describe(&record, .delg(delg), local, checkpoint)
    }

    private func describe(
        _ record: inout ModelRecord, _ family: LocalArchitecture.Family, _ addition: ModelAddition,
        _ checkpoint: Checkpoint
    ) throws {
        record.kind = .local
        if family.delg == nil { record.preprocessing = nil }
        record.keypoints = try family.keypoints(addition)
        _ = try checkpoint.parameters(
            for: family.specs(), configuration: Self.loading(record, specs: family.specs(), checkpoint))
    }

    private func describe(
        _ record: inout ModelRecord, _ matcher: MatcherArchitecture, _ checkpoint: Checkpoint
    ) throws {
        let family = matcher.family(names: checkpoint.names, namePrefix: record.namePrefix)
        record.kind = .matcher
        record.preprocessing = nil
        record.dimensions = family.entries
        record.parameterCount = try family.parameterCount()
        if case .loftr = family { record.longSide = DetectorFreeConfiguration.loftr.longSide }
        _ = try checkpoint.parameters(
            for: family.specs(), configuration: MatcherArchitecture.loading(stripping: record.namePrefix))
    }

    private func describeONNX(_ record: inout ModelRecord, _ addition: ModelAddition, folder: String) throws {
        guard addition.architecture == nil else {
            throw ModelLibraryError(
                .invalidArgument, "\(addition.file) has its own graph; --architecture is for checkpoints")
        }
        let model: ONNXModel
        do {
            model = try ONNXModel(contentsOf: folder + "/" + (record.file ?? ""))
        } catch let error as ONNXError {
            throw ModelLibraryError(
                error.kind, "\(addition.file) is not an ONNX file, or a damaged one", cause: error.cause)
        }
        record.format = .onnx
        record.parameterCount = model.parameterCount
        guard model.inputs.count == 1, let image = model.inputs.first, image.dimensions.count == 4 else {
            let seen = model.inputs.map { "\($0.name) \(Self.text($0.dimensions))" }.joined(separator: ", ")
            throw ModelLibraryError(
                .unsupported, "\(addition.file) takes \(seen); Cairn runs models that take one image, [1, 3, H, W]")
        }
        let ports = model.outputs.map { NetworkPort(name: $0.name, dimensions: $0.dimensions) }
        let keypointKind = addition.output == nil ? try? KeypointModelKind(recognizing: ports) : nil
        if let keypointKind, addition.kind != .global {
            record.kind = .local
            record.preprocessing = nil
            var keypoints = KeypointConfiguration.standard(for: keypointKind)
            if let maximum = addition.maximumKeypoints { keypoints.maximumKeypoints = maximum }
            keypoints.longSide = addition.longSide ?? ModelAddition.longSide
            try keypoints.validate()
            record.keypoints = keypoints
            return
        }
        if addition.kind == .local { _ = try KeypointModelKind(recognizing: ports) }
        let output = addition.output ?? ports.first?.name ?? ""
        guard ports.contains(where: { $0.name == output }) else {
            throw ModelLibraryError(
                .invalidArgument,
                "\(addition.file) has no output \(output); it has \(ports.map(\.description).joined(separator: ", "))")
        }
        record.output = output
        // A vector needs no pooling.
        let rank = ports.first { $0.name == output }?.dimensions.count
        record.pooling = rank.map { $0 <= 2 } == true ? nil : addition.pooling ?? .gem
        if let height = image.dimensions[2], let width = image.dimensions[3] {
            guard (addition.fit ?? .longSide) == .longSide else {
                throw ModelLibraryError(
                    .invalidArgument, "\(addition.file) takes images of \(height)x\(width) alone; leave the fit out")
            }
            record.fixedSize = .init(height: height, width: width)
        }
    }

    /// Runs the model once on a rendered image: what cannot run is not added, and the answer tells the dimensions.
    private func probe(_ record: inout ModelRecord, folder: String, runtime: ModelRuntime) throws {
        let size = ImageSize(width: 256, height: 192)
        let pixels = (0..<size.pixelCount * 3).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 768 &* 17) }
        let photo = ExtractionPhoto(RGBImage(size: size, pixels: pixels))
        switch record.kind {
        case .local:
            let extractor = try localModel(record, folder: folder, runtime: runtime)
            _ = try extractor.features(of: photo)
            record.dimensions = extractor.dimensions
        case .matcher:
            try matcher(record, folder: folder, runtime: runtime).probe(photo.rgb(longSide: size.longSide))
        case .global, .ensemble:
            let network = try globalNetwork(record, folder: folder, runtime: runtime)
            let model = try GlobalModel(record: record, source: .network(network), whitening: nil)
            record.dimensions = try model.unwhitened(photo).count
        }
        if let network = record.network {
            let size = ImageSize(width: record.longSide, height: record.longSide * 3 / 4)
            let count = try OperationCount.of(inputs: [[1, 3, size.height, size.width]]) { parameters in
                let built = try DescriptorNetwork(parameters, configuration: network, imageSize: size)
                return { _ = try built($0[0]) }
            }
            record.parameterCount = count.parameters
            record.multiplyAdds = count.multiplyAdds
        } else if let local = record.localFamily, let keypoints = record.keypoints {
            let count = try local.operationCount(keypoints)
            record.parameterCount = count.parameters
            record.multiplyAdds = count.multiplyAdds
        }
    }

    /// The architecture whose names and shapes are those of the checkpoint.
    private func architecture(of checkpoint: Checkpoint, _ addition: ModelAddition) throws -> String {
        var found: [String] = []
        for architecture in Architecture.all {
            var record = ModelRecord(name: "", kind: .global, dimensions: 0)
            record.network = DescriptorNetworkConfiguration(
                architecture: architecture.name, pooling: addition.pooling ?? .gem,
                head: addition.head ?? HeadConfiguration(),
                dimensions: addition.dimensions)
            record.ignoresHead = true
            record.namePrefix = addition.namePrefix
            if (try? Self.parameters(of: record, in: checkpoint)) != nil { found.append(architecture.name) }
        }
        for local in LocalArchitecture.allCases {
            let specs = try local.family.specs()
            let match = try CheckpointMatch(
                checkpoint, with: specs,
                configuration: Self.loading(
                    ModelRecord(name: "", kind: .local, dimensions: 0), specs: specs, checkpoint))
            if match.isComplete { found.append(local.rawValue) }
        }
        let matchers = try MatcherArchitecture.fitting(checkpoint, namePrefix: addition.namePrefix).map(\.rawValue)
        guard found.count + matchers.count < 2 || matchers.isEmpty else {
            throw ModelLibraryError(
                .invalidArgument,
                "\(addition.file) could be \((found + matchers).joined(separator: " or ")): say which with --architecture"
            )
        }
        guard let only = found.first ?? matchers.first else {
            throw ModelLibraryError(
                .invalidArgument,
                "\(addition.file) fits no architecture as it is; name one with --architecture and see what does not fit"
            )
        }
        return only
    }

    /// The network's parameters out of a checkpoint; every name has its partner, or it is an error that lists them.
    static func parameters(of record: ModelRecord, in checkpoint: Checkpoint) throws -> CheckpointParameters {
        guard let network = record.network else {
            throw ModelLibraryError(.corrupted, "the record of \(record.name) has no network; add the model again")
        }
        let side = try Architecture.named(network.architecture).trainingSize
        let specs = try DescriptorGraph.specs(network, size: ImageSize(width: side, height: side))
        return try checkpoint.parameters(for: specs, configuration: loading(record, specs: specs, checkpoint))
    }

    /// How a record says that its checkpoint is to be read.
    static func loading(
        _ record: ModelRecord, specs: [ParameterSpec], _ checkpoint: Checkpoint
    ) throws -> LoadingConfiguration {
        var configuration = LoadingConfiguration.strict
        if let prefix = record.namePrefix { configuration.strippedPrefixes = [prefix] }
        guard let network = record.network else {
            // A learned exponent is of the global half.
            if record.localFamily?.delg != nil, !specs.contains(where: { $0.name == "pool.p" }) {
                configuration.ignoredNames = ["pool.p"]
            }
            return configuration
        }
        let architecture = try Architecture.named(network.architecture)
        configuration.ignoredNames = architecture.ignoredNames
        if record.localFamily?.delg != nil {
            // The other half of the same checkpoint.
            configuration.ignoredNames.append("local.*")
        }
        if case .swinTransformer = architecture.definition {
            configuration.renamed = SwinCheckpointNames.translation(of: checkpoint.names) ?? [:]
        }
        if record.ignoresHead {
            // A head of Cairn's own may share the classifier's prefix: what the network asks for is never ignored.
            let asked = Set(specs.map(\.name))
            configuration.ignoredNames += checkpoint.names.map { name in
                record.namePrefix.flatMap { name.hasPrefix($0) ? String(name.dropFirst($0.count)) : nil } ?? name
            }.filter { name in
                !asked.contains(name) && architecture.classifierPrefixes.contains { name.hasPrefix($0) }
            }
        }
        return configuration
    }

    private static func text(_ dimensions: [Int?]) -> String {
        "[" + dimensions.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
    }
}
