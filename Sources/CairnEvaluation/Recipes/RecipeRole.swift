import CairnInference
import CairnModelLibrary
import CairnModels
import CairnNN
import CairnRecipes
import CairnRerank

/// A network that a recipe needs, under the name by which a run asks for it.
struct RecipeRole: Sendable {
    /// What kind of network it is.
    enum Kind: Sendable {
        /// One that describes whole photos.
        case global(RecipeModel)
        /// One that finds keypoints.
        case local(RecipeLocal.Features)
        /// One that matches.
        case matcher(RecipeLocal.Matching, RecipeLocal.Features)
    }

    /// The recipe's name of the model; for a network that matches, or one of keypoints, the name by which a step of re-ranking asks for
    /// it, or `local`.
    let name: String
    /// What it is.
    let kind: Kind

    /// The name of a network of keypoints that no step of re-ranking names.
    static let local = "local"

    /// All that a recipe needs, in its order.
    static func roles(of recipe: Recipe) -> [RecipeRole] {
        var roles = recipe.models.map { RecipeRole(name: $0.name, kind: .global($0)) }
        guard let local = recipe.local else { return roles }
        let matching = (try? recipe.reranking?.pipeline().methods.compactMap { $0 as? LearnedMatchReranking }) ?? []
        let isLearned = local.features == .superpoint || local.features == .aliked
        if isLearned { roles.append(RecipeRole(name: keypoints(of: recipe), kind: .local(local.features))) }
        for method in matching where !roles.contains(where: { $0.name == method.model }) {
            roles.append(RecipeRole(name: method.model, kind: .matcher(local.matching, local.features)))
        }
        return roles
    }

    /// What the network of keypoints is called, where the recipe needs one beside its models.
    static func keypoints(of recipe: Recipe) -> String {
        let methods = (try? recipe.reranking?.pipeline().methods) ?? []
        return methods.lazy.compactMap { ($0 as? LearnedMatchReranking)?.keypoints }.first { !$0.isEmpty } ?? local
    }

    /// What it must be, in a few words.
    var requirement: String {
        switch kind {
        case .global(let model):
            let words = [
                model.delg == nil ? model.backbone : "DELG on \(model.backbone)", model.pooling.words,
                model.head.kind == .none ? "no head" : "head \(model.head.kind.rawValue)",
                model.dimensions.map { "\($0) dimensions" },
            ]
            return words.compactMap(\.self).joined(separator: ", ")
        case .local(let features): return features.rawValue
        case .matcher(let matching, let features):
            return matching == .loftr ? matching.rawValue : "\(matching.rawValue) for \(features.rawValue)"
        }
    }

    /// Options of `cairn models add` that make such a model of a checkpoint.
    var addingOptions: String {
        switch kind {
        case .global(let model):
            var words = ["--architecture \(architecture(of: model))", "--pooling \(model.pooling.kind.rawValue)"]
            if model.pooling.learnsExponent { words.append("--learned-exponent") }
            if model.head.kind != .none { words.append("--head \(model.head.kind.rawValue)") }
            if let dimensions = model.dimensions { words.append("--dimensions \(dimensions)") }
            if model.delg != nil { words.append("--global") }
            return words.joined(separator: " ")
        case .local(.aliked): return "--architecture aliked-n16"
        case .local(let features): return "--architecture \(features.rawValue)"
        case .matcher(.lightglue, let features): return "--architecture lightglue-\(features.rawValue)"
        case .matcher(let matching, _): return "--architecture \(matching.rawValue)"
        }
    }

    private func architecture(of model: RecipeModel) -> String {
        model.delg == nil ? model.backbone : "delg-\(model.backbone)"
    }

    /// Throws `EvaluationError` where a model of the library is not what the recipe says, with every difference.
    func check(_ record: ModelRecord) throws {
        let differences =
            switch kind {
            case .global(let model): Self.differences(record, from: model)
            case .local(let features):
                record.kind != .local
                    ? ["it finds no keypoints"]
                    : record.architecture.map { $0.hasPrefix(features.rawValue) } ?? true
                        ? [] : ["it is \(record.architecture ?? ""), not \(features.rawValue)"]
            case .matcher(let matching, _):
                record.kind != .matcher
                    ? ["it matches nothing"]
                    : record.architecture.map { $0.hasPrefix(matching.rawValue) } ?? true
                        ? [] : ["it is \(record.architecture ?? ""), not \(matching.rawValue)"]
            }
        guard differences.isEmpty else {
            throw EvaluationError(
                .invalidArgument,
                "the model \(record.name) is not the recipe’s \(name) (\(requirement)): \(differences.joined(separator: "; ")). Give another one, or change the recipe with --set"
            )
        }
    }

    private static func differences(_ record: ModelRecord, from model: RecipeModel) -> [String] {
        guard record.kind == .global else {
            return [
                record.kind == .ensemble ? "it is an ensemble; name its members" : "it does not describe whole photos"
            ]
        }
        var found: [String] = []
        let expected = model.dimensions ?? Self.channels(of: model.backbone)
        if let network = record.network {
            if network.architecture != model.backbone {
                found.append("its backbone is \(network.architecture), not \(model.backbone)")
            }
            if network.pooling.words != model.pooling.words {
                found.append("its pooling is \(network.pooling.words), not \(model.pooling.words)")
            }
            if network.head.kind != model.head.kind {
                found.append("its head is \(network.head.kind.rawValue), not \(model.head.kind.rawValue)")
            }
            let own = network.dimensions ?? Self.channels(of: network.architecture)
            if let own, let expected, own != expected { found.append("it has \(own) dimensions, not \(expected)") }
        } else if record.whitening == nil, let expected, record.dimensions != expected {
            found.append("it has \(record.dimensions) dimensions, not \(expected)")
        }
        if model.delg != nil, record.format == .checkpoint, record.architecture?.hasPrefix("delg-") != true {
            found.append("its checkpoint has no local half")
        }
        if let preprocessing = record.preprocessing, preprocessing != model.input.normalization.preprocessing {
            found.append("it does not want \(model.input.normalization.rawValue) normalisation")
        }
        return found
    }

    private static func channels(of backbone: String) -> Int? {
        try? Architecture.named(backbone).makeBackbone(Parameters<ShapeTensor>(ShapeParameters())).channels
    }
}

extension PoolingConfiguration {
    /// Its kind, with the exponent where it has one that is fixed.
    var words: String {
        switch kind {
        case .generalizedMean, .regionalGeneralizedMean:
            learnsExponent ? "\(kind.rawValue) of learned p" : "\(kind.rawValue) of p = \(exponent)"
        case .average, .maximum, .regionalMaximum: kind.rawValue
        }
    }
}

extension RecipeModelInput.Normalization {
    /// The model library's word for it.
    var preprocessing: ImagePreprocessing {
        switch self {
        case .imagenet: .imageNet
        case .half: .inception
        case .unit: .unit
        }
    }
}

extension RecipeModelInput.Fit {
    /// The model library's word for it.
    var modelFit: PhotoFit {
        switch self {
        case .longSide: .longSide
        case .shortSide: .shortSide
        case .square: .square
        }
    }
}
