import CairnAlgebra

/// Diffusion over the regions of images: the whole of Iscen et al., "Efficient diffusion on region manifolds" (CVPR 2017).
///
/// The graph joins the regional descriptors of all images. A query has several regions: each gives its `kq` nearest gallery
/// regions, and `y` adds up their similarities' powers (section 3.2). An image's score pools those of its regions (section 3.4):
/// - `pooling=gmp`, the default as it is what the paper's results are made with: generalised max pooling, which gives regions
///   that resemble each other less weight. The weights of an image with regions `V` are `(V Vᵀ + I)^-1 1`;
/// - `pooling=sum`: all regions alike.
///
/// Images that are not reached follow as they were ranked before. A method of its own, as its settings and its memory are other
/// than those of `Diffusion`. A deviation: the authors' program adds up similarities over the query's regions, keeps the
/// `kq` largest sums and raises these to γ; here each similarity is raised, as the paper has it.
///
/// Needs regional descriptors of gallery and queries. Memory: `8 k` bytes a region for neighbours, up to as much for the graph.
public struct RegionalDiffusion: RerankingMethod {
    /// How the scores of an image's regions become one.
    public enum Pooling: String, Sendable, Codable, CaseIterable {
        /// Generalised max pooling.
        case gmp
        /// The sum.
        case sum
    }

    /// Neighbours of each region, of which the reciprocal ones are kept.
    public var k = 200
    /// The nearest regions of each of the query's, where diffusion begins.
    public var kq = 200
    /// How far diffusion goes: the α of `(I - αS) f = y`, between 0 and 1.
    public var alpha = 0.99
    /// The exponent of similarities.
    public var gamma = 3.0
    /// Steps of conjugate gradients, at most.
    public var iterations = 20
    /// Ends the steps when the residual's norm falls below this part of `y`'s.
    public var tolerance = 1e-6
    /// How the scores of an image's regions become one.
    public var pooling = Pooling.gmp

    /// Its name in a specification.
    public static let name = "regionaldiffusion"
    /// What it does, in a line.
    public static let summary = "Random walk on the graph of reciprocal nearest regions (Iscen et al. 2017)"

    /// The paper's settings for regional descriptors.
    public init() {}

    var solver: DiffusionSettings {
        DiffusionSettings(k: k, kq: kq, alpha: alpha, gamma: gamma, iterations: iterations, tolerance: tolerance)
    }

    /// Throws `RerankError` (`invalidArgument`), naming the setting, when it makes no sense.
    public func validate() throws {
        try solver.validate(method: Self.name)
    }

    /// Throws `RerankError` (`invalidArgument`) for a gallery without regional descriptors.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        try validate()
        guard let regions = gallery.regions else {
            throw RerankError(
                .invalidArgument,
                "\(Self.name) needs regional descriptors, and the gallery has none; use “\(Diffusion.name)” for one an image"
            )
        }
        guard regions.descriptors.count >= 2 else {
            return PreparedRegionalDiffusion(
                gallery: gallery, regions: regions, settings: solver, graph: nil, weights: [])
        }
        let neighbors = try RerankingGallery(descriptors: regions.descriptors).neighbors(k, environment: environment)
        var graph = AffinityGraph(neighbors, k: k, gamma: gamma, threads: environment.threads)
        graph.normalize(alpha: alpha)
        let weights =
            switch pooling {
            case .sum: [Float](repeating: 1, count: regions.descriptors.count)
            case .gmp: GeneralizedMaxPooling.weights(regions, threads: environment.threads)
            }
        return PreparedRegionalDiffusion(
            gallery: gallery, regions: regions, settings: solver, graph: graph, weights: weights)
    }
}

/// Diffusion over a gallery of regions whose graph is built.
struct PreparedRegionalDiffusion: PreparedMethod {
    let gallery: RerankingGallery
    let regions: RegionalDescriptors
    let settings: DiffusionSettings
    /// Normalised with α; `nil` where there are not two regions.
    let graph: AffinityGraph?
    /// Of each region in its image's score.
    let weights: [Float]

    func apply(to state: inout RerankingState) async throws {
        guard let queryRegions = state.queryRegions else {
            throw RerankError(
                .invalidArgument,
                "\(RegionalDiffusion.name) needs regional descriptors of the queries; extract them as for the gallery")
        }
        guard let graph else { return }
        guard queryRegions.descriptors.dimensions == regions.descriptors.dimensions,
            queryRegions.count == state.queries.count
        else {
            throw RerankError(
                .invalidArgument,
                "there are regions of \(queryRegions.count) queries with \(queryRegions.descriptors.dimensions) dimensions for "
                    + "\(state.queries.count) queries, and the gallery's regions have \(regions.descriptors.dimensions)"
            )
        }
        let nearest = try NearestRows.search(
            queries: queryRegions.descriptors, in: regions.descriptors, k: settings.kq,
            threads: state.environment.threads)
        let seeds = (0..<queryRegions.count).map { query in
            (0..<queryRegions.regionsPerImage).flatMap { region in
                let (rows, scores) = nearest.neighbors(of: query * queryRegions.regionsPerImage + region)
                return PreparedDiffusion.seeds(rows: rows, scores: scores, gamma: settings.gamma)
            }
        }
        let limit = state.limit
        let heads = PreparedDiffusion.diffuse(
            seeds, over: graph, settings: settings, threads: state.environment.threads
        ) {
            pooled($0, lane: $1, limit: limit)
        }
        try state.rank(heads)
    }

    private func pooled(_ solution: DiffusionBlock, lane: Int, limit: Int) -> Ranking {
        let scores = solution.scores(lane: lane)
        var top = TopRows(limit: limit)
        for image in 0..<regions.count {
            var score = 0.0
            for region in image * regions.regionsPerImage..<(image + 1) * regions.regionsPerImage {
                score += Double(weights[region]) * Double(scores[region])
            }
            if score > 0 { top.offer(Int32(truncatingIfNeeded: image), Float(score)) }
        }
        return top.take()
    }
}
