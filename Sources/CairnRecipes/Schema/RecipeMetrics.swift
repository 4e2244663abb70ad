/// What the recipe is judged by.
public struct RecipeMetrics: Codable, Sendable, Hashable {
    /// The conventions of an evaluation, by the names of the command line.
    public enum ScoringProtocol: String, Codable, Sendable, Hashable, YAMLChoice {
        /// mAP@100 of Google Landmarks v2.
        case gldv2Retrieval = "gldv2-retrieval"
        /// GAP of Google Landmarks v2.
        case gldv2Recognition = "gldv2-recognition"
        /// Revisited Oxford.
        case roxford5k
        /// Revisited Paris.
        case rparis6k
        /// Oxford5k.
        case oxford5k
        /// Paris6k.
        case paris6k
        /// Acc@1 and mAP@10 of the DIGIX challenge.
        case digix
        /// The N-S score.
        case ukbench
        /// mAP without the query.
        case holidays
        /// Any labelled photos, by the ordinary definitions.
        case standard
    }

    /// A figure that the document reports.
    public struct Reported: Codable, Sendable, Hashable {
        /// Which figure: mAP@100.
        public var figure: String
        /// Its value, from 0 to 1; N-S scores to 4.
        public var value: Double
        /// On which photos, with what.
        public var on: String

        enum CodingKeys: String, CodingKey, CaseIterable { case figure, value, on }
    }

    /// By which conventions.
    public var scoring: ScoringProtocol
    /// Figures, such as mAP@100, mP@10, recall@4, Acc@1, CMC@5, GAP; the protocol's own where it is empty.
    public var figures: [String] = []
    /// What the document reports, for comparison.
    public var reported: [Reported] = []
    /// Which document says so.
    public var source: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case scoring = "protocol"
        case figures, reported, source
    }
}

extension RecipeMetrics: YAMLDecodable {
    /// Reads the section.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        scoring = try fields.required(.scoring)
        if let list = fields[.figures] {
            figures = try list.items().map { item in
                let name = try item.text()
                guard Self.isFigure(name) else {
                    throw item.mismatch("a figure: mAP, mAP@k, mP@k, recall@k, Acc@1, CMC@k, GAP or N-S")
                }
                return name
            }
        }
        try fields.read(.reported, into: &reported)
        source = try fields.required(.source)
    }

    private static func isFigure(_ name: String) -> Bool {
        let parts = name.split(separator: "@", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return ["mAP", "GAP", "N-S"].contains(name)
        case 2:
            guard let depth = Int(parts[1]), (1...1_000_000).contains(depth) else { return false }
            return ["mAP", "mP", "recall", "Acc", "CMC"].contains(parts[0])
        default: return false
        }
    }
}

extension RecipeMetrics.Reported: YAMLDecodable {
    /// Reads a figure.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        figure = try fields.required(.figure)
        value = try fields.required(.value)
        on = try fields.required(.on)
    }
}
