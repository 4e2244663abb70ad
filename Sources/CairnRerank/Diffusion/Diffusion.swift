import CairnAlgebra

/// Diffusion: a random walk on the gallery's graph of reciprocal nearest neighbours, begun at the query's nearest rows.
///
/// Iscen, Tolias, Avrithis, Furon and Chum, "Efficient diffusion on region manifolds" (CVPR 2017), for one descriptor an image:
/// the graph of section 3.1 (`AffinityGraph`), `y` of `max(s, 0)^γ` at the query's `kq` nearest rows (section 3.2; several
/// regions: `RegionalDiffusion`), and conjugate gradients for `(I - αS) f = y` (section 3.3), which need not converge: 20
/// steps. The score of a row is its `f`. Rows that diffusion does not reach (`f` not above 0) follow by similarity.
///
/// Three forms, by `truncation` and `offline`:
/// - the whole graph, for each query. Queries are solved for 16 at a time;
/// - `truncation=n`: within the `n` rows most similar to the query, whose affinities are normalised among themselves
///   (section 4.2, "truncation"; the form for millions of rows);
/// - `truncation=n,offline=true`: Yang, Hinami, Matsui, Ly and Satoh, "Efficient image retrieval via decoupling diffusion into
///   online and offline processing" (AAAI 2019): for each gallery row, a column of `(I - αS)^-1` within its own `n` nearest rows
///   is solved for beforehand, with the normalisation of the whole graph; a query adds up `kq` columns. That takes up to
///   `8 n` bytes a gallery row, and as much for the neighbours.
///
/// A deviation: `k` counts other rows, where the authors' programs count the row itself.
public struct Diffusion: RerankingMethod {
    /// Neighbours of each gallery row, of which the reciprocal ones are kept.
    public var k = 50
    /// The query's nearest rows, where diffusion begins.
    public var kq = 5
    /// How far diffusion goes: the α of `(I - αS) f = y`, between 0 and 1.
    public var alpha = 0.99
    /// The exponent of similarities.
    public var gamma = 3.0
    /// Steps of conjugate gradients, at most.
    public var iterations = 20
    /// Ends the steps when the residual's norm falls below this part of `y`'s.
    public var tolerance = 1e-6
    /// Rows to stay within; 0 for the whole gallery.
    public var truncation = 0
    /// Whether to diffuse from every gallery row beforehand; needs a truncation.
    public var offline = false

    /// Its name in a specification.
    public static let name = "diffusion"
    /// What it does, in a line.
    public static let summary = "Random walk on the graph of reciprocal nearest neighbours (Iscen et al. 2017)"

    /// The paper's settings for global descriptors.
    public init() {}

    /// Throws `RerankError` (`invalidArgument`), naming the setting, when it makes no sense.
    public func validate() throws {
        try solver.validate(method: Self.name)
        guard truncation >= 0 else {
            throw RerankError(.invalidArgument, "\(Self.name): truncation must be 0 (none) or more, not \(truncation)")
        }
        guard !offline || truncation > 0 else {
            throw RerankError(
                .invalidArgument, "\(Self.name): offline=true needs a truncation, such as truncation=1000")
        }
    }

    var solver: DiffusionSettings {
        DiffusionSettings(k: k, kq: kq, alpha: alpha, gamma: gamma, iterations: iterations, tolerance: tolerance)
    }

    /// Builds what depends on the gallery alone.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        try validate()
        // Nothing to diffuse over: the order by similarity is the answer.
        guard gallery.count >= 2 else { return PreparedDiffusion(gallery: gallery, settings: solver, form: .none) }
        // Offline, the sub-graph of a row needs more neighbours than the graph: one search finds both.
        let neighbors = try gallery.neighbors(offline ? max(k, truncation - 1) : k, environment: environment)
        var graph = AffinityGraph(neighbors, k: k, gamma: gamma, threads: environment.threads)
        let form: PreparedDiffusion.Form
        if offline {
            graph.normalize(alpha: alpha)
            form = .offline(
                OfflineDiffusion(
                    graph: graph, neighbors: neighbors, truncation: truncation, settings: solver,
                    environment: environment))
        } else if truncation > 0 {
            form = .truncated(graph, rows: truncation)
        } else {
            graph.normalize(alpha: alpha)
            form = .whole(graph)
        }
        return PreparedDiffusion(gallery: gallery, settings: solver, form: form)
    }
}

/// What every form of diffusion is set by.
struct DiffusionSettings: Sendable, Equatable {
    let k: Int
    let kq: Int
    let alpha: Double
    let gamma: Double
    let iterations: Int
    let tolerance: Double

    /// Throws `RerankError` naming the setting that makes no sense.
    func validate(method: String) throws {
        for (name, value) in [("k", k), ("kq", kq), ("iterations", iterations)] where value < 1 {
            throw RerankError(.invalidArgument, "\(method): \(name) must be at least 1, not \(value)")
        }
        guard alpha > 0, alpha < 1 else {
            throw RerankError(.invalidArgument, "\(method): alpha must lie between 0 and 1, not \(alpha)")
        }
        guard gamma > 0, gamma.isFinite else {
            throw RerankError(.invalidArgument, "\(method): gamma must be above 0, not \(gamma)")
        }
        guard tolerance >= 0, tolerance < 1 else {
            throw RerankError(.invalidArgument, "\(method): tolerance must be from 0 to below 1, not \(tolerance)")
        }
    }
}
