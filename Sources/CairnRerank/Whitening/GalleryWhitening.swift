import CairnAlgebra

/// PCA whitening, learned on the gallery and applied to gallery and queries, with fewer dimensions if wanted.
///
/// Jégou, Chum: Negative evidences and co-occurences in image retrieval: the benefit of PCA and whitening (ECCV 2012): the
/// mean is taken off, components are divided by a power of their variance, and rows brought to unit length. A model's own whitening,
/// learned on other photos, belongs to the model; this one is for descriptors that came without.
///
/// Needs a few more rows than dimensions, unless there is shrinkage. Regions and their whitening are left as they are.
public struct GalleryWhitening: RerankingMethod {
    /// `whiten`.
    public static let name = "whiten"
    /// What it does.
    public static let summary = "PCA whitening learned on the gallery, to `dimensions` (0: as many as there are)"

    /// Components that are kept, those of largest variance; 0 keeps all.
    public var dimensions = 0
    /// The power of a variance that a component is divided by: 0.5 whitens, 0 only rotates.
    public var power = 0.5
    /// How far variances are moved towards their mean, from 0 to 1.
    public var shrinkage = 0.0

    /// The defaults.
    public init() {}

    /// Throws for numbers outside their ranges.
    public func validate() throws {
        try requireCount(dimensions, "dimensions", atLeast: 0)
        try requireNumber(power, "power", in: 0...1)
        try requireNumber(shrinkage, "shrinkage", in: 0...1)
    }

    /// Learns, and whitens the gallery. Cubic in the dimensions, linear in rows. Throws `AlgebraError` when rows vary in fewer
    /// directions than are asked for.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        let settings = PCAWhitening(
            outputDimensions: dimensions == 0 ? nil : dimensions, power: power, shrinkage: shrinkage)
        let whitening = try settings.learn(from: gallery.descriptors, modelDigest: "")
        let whitened = try RerankingGallery(
            descriptors: whitening.apply(to: gallery.descriptors), regions: gallery.regions, labels: gallery.labels)
        return Whitened(gallery: whitened, whitening: whitening)
    }

    private struct Whitened: PreparedMethod {
        let gallery: RerankingGallery
        let whitening: Whitening

        func apply(to state: inout RerankingState) async throws {
            state.queries = try whitening.apply(to: state.queries)
        }
    }
}
