import CairnRerank

/// One way of searching: what describes photos, and how they are ranked.
///
/// Either photos are looked at (`models` and what follows), or ready descriptors are compared (`features`).
public struct AblationVariant: Sendable, Hashable, Codable {
    /// Which evidence goes into a ranking.
    public enum Strategy: String, Sendable, Hashable, Codable, YAMLChoice {
        /// Global descriptors alone.
        case global
        /// Local features alone.
        case local
        /// A shortlist of global descriptors, verified by local features.
        case globalVerified = "global+verify"
        /// Both.
        case fused
    }

    /// What finds keypoints for RootSIFT.
    public enum Detector: String, Sendable, Hashable, Codable, YAMLChoice {
        /// Affine-adapted extrema of the Hessian's determinant.
        case hessianAffine = "hessian-affine"
        /// Extrema of differences of Gaussians.
        case sift
    }

    /// How the inverted file scores.
    public enum Scoring: String, Sendable, Hashable, Codable, YAMLChoice {
        /// Aggregated match kernels.
        case asmk
        /// Votes of nearest descriptors.
        case voting
    }

    /// What the report calls it.
    public var name = ""
    /// A few words more.
    public var note: String?
    /// Models that describe photos, at most one of them of keypoints.
    public var models = ["rootsift"]
    /// See `Detector`.
    public var detector: Detector?
    /// See `Scoring`.
    public var scoring: Scoring?
    /// Keypoints a photo, at most; `nil` for the model's own number.
    public var keypoints: Int?
    /// `nil` for the best that the models allow.
    public var strategy: Strategy?
    /// Whether geometry verifies at all.
    public var verifies = true
    /// Images that geometry verifies.
    public var shortlist = 100
    /// Verified images from which the search goes on.
    public var expand = 3
    /// Methods of re-ranking; empty for none.
    public var rerank = ""
    /// Ready descriptors of the gallery, or of gallery and queries (`.safetensors`).
    public var features: String?
    /// Ready descriptors of the queries.
    public var queryFeatures: String?

    /// The defaults.
    public init() {}

    enum Keys: String, CodingKey, CaseIterable {
        case name, note, models, detector, scoring, keypoints, strategy
        case verifies = "verify"
        case shortlist, expand, rerank, features
        case queryFeatures = "query_features"
    }

    /// Reads a mapping.
    ///
    /// - Parameter defaults: What holds where nothing is said; `nil` for the defaults themselves, which have no name.
    init(yaml: YAMLNode, defaults: AblationVariant?) throws {
        let fields = try yaml.fields(Keys.self)
        self = defaults ?? AblationVariant()
        if defaults == nil {
            if fields[.name] != nil { throw fields.error(.name, "defaults have no name; names are for variants") }
        } else {
            name = try fields.required(.name)
        }
        try fields.read(.note, into: &note)
        try fields.read(.models, into: &models)
        try fields.read(.detector, into: &detector)
        try fields.read(.scoring, into: &scoring)
        try fields.read(.keypoints, into: &keypoints, .within(1...100_000))
        try fields.read(.strategy, into: &strategy)
        try fields.read(.verifies, into: &verifies)
        try fields.read(.shortlist, into: &shortlist, .within(1...1_000_000))
        try fields.read(.expand, into: &expand, .within(0...1_000))
        try fields.read(.rerank, into: &rerank)
        try fields.read(.features, into: &features)
        try fields.read(.queryFeatures, into: &queryFeatures)
        if features != nil {
            let others: [Keys] = [.models, .detector, .scoring, .keypoints, .strategy, .verifies, .shortlist, .expand]
            if let key = others.first(where: { fields[$0] != nil }) {
                throw fields.error(
                    key,
                    "“\(key.stringValue)” is for photos, and this variant compares ready descriptors; leave one of them out"
                )
            }
        }
        guard !name.isEmpty || defaults == nil else {
            throw fields.error(.name, "a variant needs a name that is not empty")
        }
        guard !models.isEmpty else { throw fields.error(.models, "a variant needs at least one model") }
        if !rerank.isEmpty {
            do {
                let pipeline = try RerankingSpecification.parse(rerank)
                if features != nil, let method = pipeline.methodsThatNeedPhotos.first {
                    throw fields.error(
                        .rerank,
                        "\(method) compares photos, and ready descriptors have none; leave it out, or name models"
                    )
                }
            } catch let error as RerankError {
                throw fields.error(.rerank, error.message, cause: error)
            }
        }
        if features == nil, queryFeatures != nil {
            throw fields.error(.queryFeatures, "query_features need features of the gallery beside them")
        }
    }

    /// The settings that the report shows beside the name.
    public var settings: [(key: String, value: String)] {
        if let features {
            return [("features", features)] + (rerank.isEmpty ? [] : [("rerank", rerank)])
        }
        var shown = [("models", models.joined(separator: " + "))]
        if let detector { shown.append(("detector", detector.rawValue)) }
        if let scoring { shown.append(("scoring", scoring.rawValue)) }
        if let keypoints { shown.append(("keypoints", "\(keypoints)")) }
        if let strategy { shown.append(("strategy", strategy.rawValue)) }
        if !verifies {
            shown.append(("verify", "no"))
        } else {
            if shortlist != AblationVariant().shortlist { shown.append(("shortlist", "\(shortlist)")) }
            if expand != AblationVariant().expand { shown.append(("expand", "\(expand)")) }
        }
        if !rerank.isEmpty { shown.append(("rerank", rerank)) }
        return shown
    }
}
