import CairnAlgebra
import CairnFeatures
import CairnModelLibrary
import CairnModels
import CairnRecipes
import Foundation

/// The models that a run goes by, in a library of the run's own.
struct RecipeModels: Sendable, Codable {
    /// A role and who has it.
    struct Role: Sendable, Codable, Hashable {
        /// The recipe's name of it, and its name in the run's library.
        var role: String
        /// Its name in the user's library; `nil` for random weights.
        var model: String?
        /// Entries of its descriptors.
        var dimensions: Int
    }

    /// Who has which role.
    var roles: [Role] = []
    /// The model of the final descriptor; `nil` without any.
    var global: String?
    /// The network of keypoints; `nil` for RootSIFT or none.
    var local: String?
    /// Entries of the final descriptor.
    var dimensions = 0
    /// Digests of the final descriptor's model and of the network of keypoints.
    var digests: [String] = []

    /// The folder of the run's library in its output.
    static let folder = "models"
}

/// Brings a recipe's networks into a library of the run's own, with the recipe's sizes, whitenings and ensemble; models of the user's
/// library stay as they are.
struct RecipeModelMaker {
    let recipe: Recipe
    let configuration: RecipeRunConfiguration
    let library: ModelLibrary
    let runtime: ModelRuntime
    /// A folder for files that go as soon as they are in the library.
    let scratch: URL

    /// Makes what is not there yet.
    ///
    /// - Parameters:
    ///   - photos: What whitenings are learned on.
    ///   - progress: Gets the number of models that are ready, and how many there are.
    func make(
        photos: RecipePhotos, notes: inout [String], progress: (_ done: Int, _ total: Int) -> Void
    ) throws -> RecipeModels {
        var models = RecipeModels()
        let roles = RecipeRole.roles(of: recipe)
        let total = roles.count + (members.count > 1 ? 1 : 0)
        for (number, role) in roles.enumerated() {
            try Task.checkCancellation()
            progress(number, total)
            let record: ModelRecord
            switch role.kind {
            case .global(let model): record = try global(model, number, photos, &notes)
            case .local(let features):
                record = try keypoints(role, number, file: features == .superpoint ? .superPoint : .aliked)
                models.local = record.name
            case .matcher(let matching, let features): record = try matcher(role, number, matching, features)
            }
            models.roles.append(
                .init(role: role.name, model: configuration.models[role.name], dimensions: record.dimensions))
        }
        if recipe.local?.features == .delg { models.local = try delgLocal().name }
        models.global = try ensemble(photos, &notes)
        if let name = models.global {
            let record = try library.record(named: name)
            models.dimensions = record.dimensions
            models.digests.append(try record.digest)
        }
        for role in models.roles { models.digests.append(try library.record(named: role.role).digest) }
        if let name = models.local { models.digests.append(try library.record(named: name).digest) }
        progress(total, total)
        return models
    }

    // MARK: One network

    private func global(
        _ model: RecipeModel, _ number: Int, _ photos: RecipePhotos, _ notes: inout [String]
    ) throws -> ModelRecord {
        var record: ModelRecord
        if let known = try existing(model.name) {
            record = known
        } else {
            record = try added(model.name) { addition in
                addition.preprocessing = model.input.normalization.preprocessing
                addition.pooling = model.pooling
                addition.head = model.head
                addition.dimensions = model.dimensions
                addition.architecture = model.backbone
                addition.kind = .global
                if configuration.isUntrained {
                    addition.file = try untrained(.descriptor(model.network), number)
                } else {
                    try take(&addition, model.name)
                }
                addition.longSide = model.input.size
                addition.fit = model.input.fit.modelFit
                addition.scales = try ScaleSet(model.scales)
                addition.scaleAggregation = model.scaleAggregation.aggregation(model.pooling)
            }
        }
        if let whitening = model.whitening, record.whitening == nil {
            record = try whitened(record, whitening, photos, &notes)
        }
        return record
    }

    private func keypoints(_ role: RecipeRole, _ number: Int, file: UntrainedCheckpoint.Network) throws -> ModelRecord {
        if let known = try existing(role.name) { return known }
        return try added(role.name) { addition in
            addition.kind = .local
            if configuration.isUntrained {
                addition.file = try untrained(file, number)
                if case .aliked = file {
                    addition.architecture = "aliked-n16"
                } else {
                    addition.architecture = "superpoint"
                }
            } else {
                try take(&addition, role.name)
            }
            addition.longSide = recipe.local?.longSide ?? addition.longSide
            addition.maximumKeypoints = recipe.local?.count
        }
    }

    /// DELG's local half, out of the checkpoint that has its global one.
    private func delgLocal() throws -> ModelRecord {
        let chosen = recipe.local?.model
        let delg = recipe.models.first { chosen == nil ? $0.delg != nil : $0.name == chosen }
        guard let delg else {
            throw EvaluationError(.invalidArgument, "\(recipe.name) has no DELG model to take local features of")
        }
        let name = "\(delg.name)-local"
        if let record = try existing(name) { return record }
        return try added(name) { addition in
            if configuration.isUntrained {
                let settings = delg.delg ?? DELGSettings()
                let network = DELGConfiguration(
                    architecture: delg.backbone, pooling: delg.pooling,
                    dimensions: delg.dimensions ?? DELGConfiguration.resNet50.dimensions,
                    localDimensions: settings.localDimensions, attentionChannels: settings.attentionChannels)
                addition.architecture = "delg-\(network.architecture)"
                addition.delg = network
                addition.file = try untrained(.delg(network), recipe.models.count)
            } else {
                try take(&addition, delg.name)
            }
            addition.kind = .local
            addition.longSide = recipe.local?.longSide ?? addition.longSide
            addition.maximumKeypoints = recipe.local?.count
        }
    }

    private func matcher(
        _ role: RecipeRole, _ number: Int, _ matching: RecipeLocal.Matching, _ features: RecipeLocal.Features
    ) throws -> ModelRecord {
        if let known = try existing(role.name) { return known }
        return try added(role.name) { addition in
            addition.kind = .matcher
            guard configuration.isUntrained else { return try take(&addition, role.name) }
            switch matching {
            case .lightglue:
                addition.architecture = "lightglue-\(features.rawValue)"
                addition.file = try untrained(.lightGlue(features == .aliked ? .aliked : .superPoint), number)
            case .superglue, .nearest:
                addition.architecture = "superglue"
                addition.file = try untrained(.superGlue, number)
            case .loftr:
                addition.architecture = "loftr"
                addition.file = try untrained(.loftr, number)
            }
        }
    }

    // MARK: The library

    private func existing(_ name: String) throws -> ModelRecord? {
        let isThere = FileManager.default.fileExists(atPath: "\(library.path)/\(name)/model.json")
        return isThere ? try library.record(named: name) : nil
    }

    private func added(_ name: String, _ describe: (inout ModelAddition) throws -> Void) throws -> ModelRecord {
        var addition = ModelAddition(file: "", name: name)
        try describe(&addition)
        defer { if configuration.isUntrained { try? FileManager.default.removeItem(atPath: addition.file) } }
        return try library.add(addition, runtime: runtime)
    }

    private func untrained(_ network: UntrainedCheckpoint.Network, _ number: Int) throws -> String {
        let path = scratch.appendingPathComponent("untrained-\(number).safetensors").path
        try UntrainedCheckpoint.write(network, seed: configuration.seed &+ UInt64(number), to: path)
        return path
    }

    /// Fills an addition with a model of the user's library: its weights, and what they want done to photos.
    private func take(_ addition: inout ModelAddition, _ role: String) throws {
        let record = try configuration.library.record(named: configuration.models[role] ?? role)
        addition.file = "\(configuration.library.path)/\(record.name)/\(record.file ?? "")"
        addition.architecture = record.architecture
        addition.delg = record.delg
        addition.namePrefix = record.namePrefix
        addition.ignoresHead = record.ignoresHead
        addition.output = record.output
        addition.origin = record.origin
        addition.licence = record.licence
        if let network = record.network {
            addition.pooling = network.pooling
            addition.head = network.head
            addition.dimensions = network.dimensions
        } else if let pooling = record.pooling {
            addition.pooling = pooling
        }
        if let preprocessing = record.preprocessing { addition.preprocessing = preprocessing }
    }

    // MARK: The descriptor

    private var members: [(name: String, weight: Double)] {
        let named = recipe.descriptor?.ensemble ?? []
        return named.isEmpty ? recipe.models.map { ($0.name, 1) } : named.map { ($0.model, $0.weight) }
    }

    private func ensemble(_ photos: RecipePhotos, _ notes: inout [String]) throws -> String? {
        guard let first = members.first else { return nil }
        var record = try library.record(named: first.name)
        if members.count > 1 {
            let name = recipe.models.contains { $0.name == "ensemble" } ? "ensemble-of-all" : "ensemble"
            record =
                try existing(name)
                ?? library.addEnsemble(name, of: members)
        }
        if let whitening = recipe.descriptor?.whitening {
            guard members.count > 1 || recipe.models.first(where: { $0.name == first.name })?.whitening == nil else {
                throw EvaluationError(
                    .unsupported,
                    "\(first.name) is whitened alone, and again as the whole descriptor; leave one of the two out")
            }
            if record.whitening == nil { record = try whitened(record, whitening, photos, &notes) }
        }
        return record.name
    }

    private func whitened(
        _ record: ModelRecord, _ whitening: RecipeWhitening, _ photos: RecipePhotos, _ notes: inout [String]
    ) throws -> ModelRecord {
        let learner = RecipeWhiteningLearner(
            whitening: whitening, shrinkage: configuration.shrinkage, name: record.name)
        let learned = try learner.learn(
            with: library.globalModel(named: record.name, runtime: runtime),
            digest: library.unwhitenedDigest(of: record), photos: photos, notes: &notes)
        return try library.setWhitening(learned, of: record.name)
    }
}

extension RecipeModel.ScaleAggregationKind {
    /// The library's word for it; `gem` has the pooling's exponent.
    fileprivate func aggregation(_ pooling: PoolingConfiguration) -> ScaleAggregation {
        var aggregation = ScaleAggregation()
        switch self {
        case .average: aggregation.method = .average
        case .sum: aggregation.method = .sum
        case .gem:
            aggregation.method = .generalizedMean
            aggregation.exponent = .init(pooling.exponent)
        }
        return aggregation
    }
}
