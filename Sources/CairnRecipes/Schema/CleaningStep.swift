/// One way of cleaning labels; what is left has a name, by which stages of training ask for it.
public struct CleaningStep: Codable, Sendable, Hashable {
    /// How labels are cleaned.
    public enum Method: String, Codable, Sendable, Hashable, YAMLChoice {
        /// DBSCAN on each class's descriptors: clusters become classes, noise is clustered again with a looser radius.
        case clusters
        /// A photo is kept when enough nearest neighbours of its class verify geometrically.
        case verifiedNeighbors
        /// A list that somebody published, such as `train_clean.csv`.
        case list
    }

    /// What stages call the result.
    public var name: String
    /// How labels are cleaned.
    public var method: Method
    /// What is cleaned: `train`, or the name of a step before.
    public var from = "train"
    /// The model whose descriptors are clustered or searched; the recipe's first.
    public var model: String?
    /// The stage of training after which that model describes photos; `nil` for the weights that it begins with.
    public var afterStage: String?
    /// `clusters`: the cosine distance within which photos are neighbours, above 0 and at most 2; 0.3.
    public var eps: Double?
    /// `clusters`: photos within `eps`, itself included, that make the core of a cluster; 3.
    public var minSamples: Int?
    /// `clusters`: the looser distance for noise; 0.4. As `eps` and with as many samples, noise stays noise.
    public var tailEps: Double?
    /// `clusters`: the density for noise; 2.
    public var tailMinSamples: Int?
    /// `verifiedNeighbors`: the most neighbours that are compared; 100.
    public var neighbors: Int?
    /// `verifiedNeighbors`: inliers that verify a pair; 30.
    public var minimumInliers: Int?
    /// `verifiedNeighbors`: verified pairs that keep a photo; 3.
    public var minimumVerified: Int?
    /// `clusters`, `verifiedNeighbors`: a class of fewer photos is dropped; 2.
    public var minimumClassSize: Int?
    /// `list`: the file, beside the data.
    public var file: String?
    /// How many photos the document has left.
    public var imageCount: Int?
    /// How many classes the document has left.
    public var classCount: Int?
    /// Which document says so.
    public var source: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, method, from, model, afterStage, eps, minSamples, tailEps, tailMinSamples, neighbors, minimumInliers
        case minimumVerified, minimumClassSize, file, imageCount, classCount, source
    }
}

extension CleaningStep: YAMLDecodable {
    /// Reads a step.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        name = try fields.required(.name)
        method = try fields.required(.method)
        let common: [CodingKeys] = [.name, .method, .from, .imageCount, .classCount, .source]
        let described: [CodingKeys] = [.model, .afterStage, .minimumClassSize]
        switch method {
        case .clusters:
            try fields.allow(
                only: common + described + [.eps, .minSamples, .tailEps, .tailMinSamples], of: "the cleaning “clusters”"
            )
            (eps, minSamples, tailEps, tailMinSamples, minimumClassSize) = (0.3, 3, 0.4, 2, 2)
        case .verifiedNeighbors:
            try fields.allow(
                only: common + described + [.neighbors, .minimumInliers, .minimumVerified],
                of: "the cleaning “verifiedNeighbors”")
            (neighbors, minimumInliers, minimumVerified, minimumClassSize) = (100, 30, 3, 2)
        case .list:
            try fields.allow(only: common + [.file], of: "the cleaning “list”")
            file = try fields.required(.file) as String
        }
        try fields.read(.from, into: &from)
        try fields.read(.model, into: &model)
        try fields.read(.afterStage, into: &afterStage)
        try fields.read(.eps, into: &eps, .above(0, upTo: 2))
        try fields.read(.minSamples, into: &minSamples, .count)
        try fields.read(.tailEps, into: &tailEps, .above(0, upTo: 2))
        try fields.read(.tailMinSamples, into: &tailMinSamples, .count)
        try fields.read(.neighbors, into: &neighbors, .count)
        try fields.read(.minimumInliers, into: &minimumInliers, .count)
        try fields.read(.minimumVerified, into: &minimumVerified, .count)
        try fields.read(.minimumClassSize, into: &minimumClassSize, .count)
        try fields.read(.imageCount, into: &imageCount, .count)
        try fields.read(.classCount, into: &classCount, .count)
        source = try fields.required(.source)
        if let eps, let tailEps, tailEps < eps {
            throw fields.error(
                .tailEps,
                "the looser distance “tailEps” is \(tailEps), below “eps” \(eps); noise is clustered with a wider one")
        }
        if let neighbors, let minimumVerified, minimumVerified > neighbors {
            throw fields.error(
                .minimumVerified,
                "\(minimumVerified) pairs cannot verify among \(neighbors) neighbours; compare more, or ask for fewer")
        }
    }
}
