/// Local features, their matching and verification; what re-ranking by geometry uses.
public struct RecipeLocal: Codable, Sendable, Hashable {
    /// What is found and described.
    public enum Features: String, Codable, Sendable, Hashable, YAMLChoice {
        /// RootSIFT at differences of Gaussians.
        case rootsift
        /// RootSIFT at Hessian-affine regions.
        case hessianAffineRootsift = "hessian-affine-rootsift"
        /// The local half of a DELG model of the recipe.
        case delg
        /// SuperPoint.
        case superpoint
        /// ALIKED.
        case aliked
        /// None: the matcher finds its own correspondences, as LoFTR does.
        case none
    }

    /// How features of two photos become correspondences.
    public enum Matching: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Nearest descriptors that are each other's nearest and pass the ratio test.
        case nearest
        /// SuperGlue, on SuperPoint.
        case superglue
        /// LightGlue, on SuperPoint or ALIKED.
        case lightglue
        /// LoFTR, without features.
        case loftr
    }

    /// What geometry asks of correspondences.
    public enum GeometricModel: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Planes, or a turning camera.
        case homography
        /// Planes far away.
        case affine
        /// Rigid scenes.
        case fundamental
    }

    /// What is found and described; RootSIFT.
    public var features = Features.rootsift
    /// The recipe's model that gives DELG's local features; the first with a local half.
    public var model: String?
    /// Keypoints of a photo at most; 1,000.
    public var count = 1000
    /// Pixels of the long side of photos; 1,024.
    public var longSide = 1024
    /// Sizes at which features are found, as multiples of `longSide`; 1 alone.
    public var scales: [Double] = [1]
    /// How features become correspondences; by nearest descriptors.
    public var matching = Matching.nearest
    /// `nearest`: the ratio test's bound, Lowe 2004; 0.8. At 1 there is no test.
    public var ratio = 0.8
    /// `nearest`: both must be each other's nearest; yes.
    public var mutual = true
    /// What geometry asks of correspondences; a homography.
    public var geometry = GeometricModel.homography
    /// Pixels within which a correspondence agrees with the model; 8.
    public var tolerance = 8.0
    /// Samples that RANSAC draws at most; 2,000.
    public var iterations = 2000
    /// Which document says so.
    public var source: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case features, model, count, longSide, scales, matching, ratio, mutual, geometry, tolerance, iterations, source
    }
}

extension RecipeLocal: YAMLDecodable {
    /// Reads the section.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.features, into: &features)
        try fields.read(.model, into: &model)
        try fields.read(.count, into: &count, .within(1...100_000))
        try fields.read(.longSide, into: &longSide, .within(16...8192))
        try fields.read(.scales, into: &scales, each: .above(0, upTo: 4))
        guard (1...8).contains(scales.count) else {
            throw fields.error(.scales, "features are found at 1 to 8 scales, not \(scales.count)")
        }
        try fields.read(.matching, into: &matching)
        for key in [CodingKeys.ratio, .mutual] where matching != .nearest && fields[key] != nil {
            throw fields.error(
                key, "\(matching.rawValue) has no setting “\(key.stringValue)”; leave it out, or match by nearest")
        }
        try fields.read(.ratio, into: &ratio, .above(0, upTo: 1))
        try fields.read(.mutual, into: &mutual)
        try fields.read(.geometry, into: &geometry)
        try fields.read(.tolerance, into: &tolerance, .above(0, upTo: 100))
        try fields.read(.iterations, into: &iterations, .within(1...1_000_000))
        source = try fields.required(.source)
        try checkMatching(fields)
    }

    private func checkMatching(_ fields: YAMLFields<CodingKeys>) throws {
        let suitable: [Features] =
            switch matching {
            case .nearest: [.rootsift, .hessianAffineRootsift, .delg, .superpoint, .aliked]
            case .superglue: [.superpoint]
            case .lightglue: [.superpoint, .aliked]
            case .loftr: [.none]
            }
        guard suitable.contains(features) else {
            throw fields.error(
                .matching,
                "\(matching.rawValue) does not match the features \(features.rawValue); it takes "
                    + suitable.map(\.rawValue).joined(separator: ", "))
        }
        guard model == nil || features == .delg else {
            throw fields.error(.model, "features \(features.rawValue) are of no model of the recipe; leave “model” out")
        }
    }
}
