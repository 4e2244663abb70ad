import CairnFeatures

/// How a collection is searched. Nothing here changes what is stored.
public struct SearchConfiguration: Codable, Sendable, Hashable {
    /// Which evidence the search goes by; `nil` is the best that the collection has: both kinds fused, else what there is.
    public var strategy: SearchStrategy?

    /// Images that the inverted file proposes and geometry verifies; 0 leaves verification out altogether.
    public var shortlist = 100

    /// Images that global descriptors propose and geometry verifies.
    public var globalShortlist = 100

    /// What each global model's similarity counts, by the model's name; 1 where nothing is said. The similarity of two images is
    /// the weighted mean of the models' cosines.
    public var globalWeights: [String: Float] = [:]

    /// Methods that re-rank the images by their global descriptors, as `RerankingSpecification` reads them; empty for none.
    ///
    /// The strategy `global` goes by what they give. The others take their shortlist from it, and their order where nothing
    /// verifies.
    public var reranking = ""

    /// Images in a row, in the order of the shortlist, after which verification is given up when none of them had anything
    /// in common with the query.
    public var patience = 40

    /// How two photos are compared; `nil` is what suits the collection's local features.
    public var pairs: PairVerificationConfiguration?

    /// Inliers from which an image counts as showing what the query shows.
    ///
    /// Unrelated photos reach 7 or 8 by chance (Philbin et al., CVPR 2007, take 20 of an affine model; Chum et al.,
    /// ICCV 2007, 20; both before a second, guided matching).
    public var verifiedInliers = 10

    /// Verified images from which the search goes on to images that show the thing from further aside; 0 ends it at once.
    public var expansionSources = 3

    /// Images that are verified against each of these.
    public var expansionShortlist = 20

    /// What an image found by way of another is worth: this part of the weaker of the two steps.
    public var expansionWeight: Float = 0.5

    /// Threads; 0 stands for one a core. Results do not depend on it.
    public var threads = 0

    /// The defaults.
    public init() {}

    /// 100 images verified, three of them expanded.
    public static let standard = SearchConfiguration()

    /// Inverted file or global descriptors alone: what takes a few milliseconds, and is right less often.
    public static let unverified: SearchConfiguration = {
        var configuration = SearchConfiguration()
        configuration.shortlist = 0
        return configuration
    }()

    /// One round of verification, without expansion.
    public static let verifiedOnce: SearchConfiguration = {
        var configuration = SearchConfiguration()
        configuration.expansionSources = 0
        return configuration
    }()

    /// Threads as a number.
    var threadCount: Int { threads == 0 ? Machine.coreCount : threads }

    func validate() throws {
        guard shortlist >= 0, globalShortlist >= 0, globalWeights.values.allSatisfy({ $0 >= 0 && $0.isFinite }),
            patience >= 1, verifiedInliers >= 4, expansionSources >= 0, expansionShortlist >= 0,
            (0...1).contains(expansionWeight), threads >= 0
        else {
            throw CollectionError(
                .invalidArgument,
                "a search needs shortlist ≥ 0, globalShortlist ≥ 0, weights ≥ 0, patience ≥ 1, verifiedInliers ≥ 4, expansionSources ≥ 0, expansionShortlist ≥ 0, 0 ≤ expansionWeight ≤ 1 and threads ≥ 0, not \(self)"
            )
        }
    }
}
