/// How the index is searched before anything is re-ranked.
public struct RecipeSearch: Codable, Sendable, Hashable {
    /// How global descriptors are searched.
    public enum Global: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Every one is compared.
        case exact
        /// A graph of neighbours.
        case graph
        /// Cells of a k-means clustering.
        case invertedFile = "inverted-file"
    }

    /// How local descriptors are searched.
    public enum Local: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Not at all.
        case none
        /// Each of the query's features votes for the photo of its nearest one, found in the nearest cells of a vocabulary.
        case voting
        /// Aggregated selective match kernels: Tolias, Avrithis and Jégou 2016.
        case asmk
    }

    /// How global descriptors are searched; exactly.
    public var global = Global.exact
    /// How local descriptors are searched; not at all.
    public var local = Local.none
    /// Centres of the vocabulary of local descriptors; 512.
    public var centers = 512
    /// Centres that a local descriptor is compared in; 20.
    public var probes = 20
    /// The most results of a query; 100.
    public var depth = 100
    /// Which document says so.
    public var source: String

    enum CodingKeys: String, CodingKey, CaseIterable { case global, local, centers, probes, depth, source }
}

extension RecipeSearch: YAMLDecodable {
    /// Reads the section.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.global, into: &global)
        try fields.read(.local, into: &local)
        if local == .none {
            try fields.allow(only: [.global, .local, .depth, .source], of: "a search without local descriptors")
        }
        try fields.read(.centers, into: &centers, .within(1...1_048_576))
        try fields.read(.probes, into: &probes, .count)
        guard probes <= centers else {
            throw fields.error(.probes, "\(probes) of \(centers) centres cannot be compared; ask for at most as many")
        }
        try fields.read(.depth, into: &depth, .within(1...1_000_000))
        source = try fields.required(.source)
    }
}
