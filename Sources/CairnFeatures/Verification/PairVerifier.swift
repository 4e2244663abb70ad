import CairnCore
import CairnGeometry

/// Decides what two photos have in common: matching, geometric verification, and a second matching under the model found.
public struct PairVerifier: Sendable {
    /// How photos are compared.
    public let configuration: PairVerificationConfiguration

    private let matcher: DescriptorMatcher
    private let verifier: GeometricVerifier
    private let guided: GuidedMatcher

    /// Makes a verifier. Throws `GeometryError` when the configuration makes no sense.
    public init(configuration: PairVerificationConfiguration = .standard) throws {
        self.configuration = configuration
        matcher = DescriptorMatcher(configuration: configuration.matching)
        verifier = try GeometricVerifier(configuration: configuration.verification)
        guided = GuidedMatcher(configuration: configuration.guidance)
    }

    /// The photo that is compared with many: its descriptors are packed once.
    public struct Query: Sendable {
        let features: LocalFeatures
        let geometry: KeypointGeometry
        let packed: PackedDescriptors

        /// Size of the image in which the keypoints were found.
        public var imageSize: ImageSize { features.imageSize }

        /// Prepares a photo's features.
        public init(_ features: LocalFeatures) {
            self.features = features
            geometry = KeypointGeometry(features)
            packed = PackedDescriptors(features)
        }
    }

    /// What a comparison gave, with or without a model.
    public struct Outcome: Sendable {
        /// Matches before verification.
        public let matchCount: Int
        /// `nil` when the photos have nothing in common that verifies.
        public let evidence: PairEvidence?
    }

    /// Compares a query with a stored record.
    ///
    /// Deterministic. Throws `GeometryError` when a record holds positions that are no numbers, and `FeatureError` when the two
    /// are not of one kind. Keypoints without scale and direction give no hypotheses from one pair alone.
    /// Complexity: O(keypoints of the one * keypoints of the other).
    public func verify(
        _ query: Query, with candidate: LocalFeaturesView, workspace: inout MatchWorkspace
    ) throws -> Outcome {
        let features = query.features
        guard candidate.dimensions == features.dimensions, candidate.quantization == features.quantization else {
            throw FeatureError(
                .invalidArgument,
                "descriptors of \(features.dimensions) bytes cannot be compared with others of \(candidate.dimensions); extract both photos' features in the same way"
            )
        }
        let matches = matcher.match(query: query.packed, candidate: candidate.descriptors, workspace: &workspace)
        // Too few for any model: the common case in a large collection, so nothing else is decoded.
        guard matches.count >= configuration.verification.minimumInliers else {
            return Outcome(matchCount: matches.count, evidence: nil)
        }
        let geometry = KeypointGeometry(candidate)
        let correspondences = query.geometry.correspondences(of: matches, with: geometry)
        guard
            let model = try verifier.verify(
                correspondences, sourceSize: query.imageSize, targetSize: candidate.imageSize)
        else { return Outcome(matchCount: matches.count, evidence: nil) }

        var inliers = model.inliers.map { matches[$0] }
        var lines = model.inliers.map { correspondences[$0] }
        if configuration.isGuided && model.kind != .fundamental {
            let again = features.descriptors.withUnsafeBytes {
                guided.match(
                    query: query.geometry, descriptors: $0, candidate: geometry, descriptors: candidate.descriptors,
                    model: model.matrix, dimensions: features.dimensions, quantization: features.quantization)
            }
            let places = query.geometry.correspondences(of: again, with: geometry)
            let agreeing = try verifier.inliers(
                of: model, among: places, sourceSize: query.imageSize, targetSize: candidate.imageSize)
            if agreeing.count > inliers.count {
                inliers = agreeing.map { again[$0] }
                lines = agreeing.map { places[$0] }
            }
        }
        return Outcome(
            matchCount: matches.count,
            evidence: PairEvidence(matchCount: matches.count, model: model, inliers: inliers, lines: lines))
    }

    /// Compares two photos once.
    public func verify(_ query: LocalFeatures, with candidate: LocalFeatures) throws -> Outcome {
        var workspace = MatchWorkspace()
        return try candidate.encoded().withUnsafeBytes {
            try verify(Query(query), with: LocalFeaturesView(record: $0), workspace: &workspace)
        }
    }
}
