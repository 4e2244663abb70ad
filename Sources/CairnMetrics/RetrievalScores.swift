/// The figures of a whole evaluation, and the same figures for each kind of query.
///
/// Encoded flat: the figures of all queries at the top, those of each kind in `by_kind`.
public struct RetrievalScores: Hashable, Sendable, Codable {
    /// Figures over all queries.
    public var overall: RetrievalFigures

    /// Figures over the queries of each kind; queries without a kind appear in `overall` alone.
    public var byKind: [String: RetrievalFigures]

    /// Scores queries, each with its kind where it has one.
    public init(_ queries: [(list: RelevanceList, kind: String?)]) {
        overall = RetrievalFigures(queries.map(\.list))
        var groups: [String: [RelevanceList]] = [:]
        for query in queries {
            guard let kind = query.kind else { continue }
            groups[kind, default: []].append(query.list)
        }
        byKind = groups.mapValues { RetrievalFigures($0) }
    }

    /// Reads the flat form.
    public init(from decoder: any Decoder) throws {
        overall = try RetrievalFigures(from: decoder)
        byKind = try decoder.container(keyedBy: CodingKeys.self).decode(
            [String: RetrievalFigures].self, forKey: .byKind)
    }

    /// Writes the flat form.
    public func encode(to encoder: any Encoder) throws {
        try overall.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(byKind, forKey: .byKind)
    }

    private enum CodingKeys: String, CodingKey {
        case byKind = "by_kind"
    }
}
