import CairnAlgebra

/// Two-stage discriminative re-ranking: rows that seem to show the same as the query move ahead, and those that the search
/// missed are inserted.
///
/// Yokoo, Ozaki, Simo-Serra, Iizuka: Two-stage Discriminative Re-ranking for Large-scale Landmark Retrieval (arXiv 2003.11211),
/// with the authors' code for its numbers: a label is given to the query and to each row by soft voting, the sum of
/// similarities over the 3 nearest labelled samples; its confidence is that sum by 3.
/// - Sort step: of the query's top 100, rows of its label come first; otherwise the order stays.
/// - Insert step: behind them come the other rows of that label whose confidence and the query's sum to more than 0.6, most
///   confident first.
///
/// The labelled rows of the gallery are the labelled set. Deviation: there it is a set of its own; here a labelled row keeps its
/// label, and only its confidence is voted, itself among the voters. Rows that only moved keep their scores, and rows that are
/// inserted have their similarity.
public struct DiscriminativeReranking: RerankingMethod {
    /// `discriminative`.
    public static let name = "discriminative"
    /// What it does.
    public static let summary = "rows of the query’s label, by soft voting, come first; needs labels"

    /// Rows that are sorted.
    public var n = 100
    /// Labelled rows that vote.
    public var k = 3
    /// Confidences of row and query together above which a row is inserted.
    public var threshold = 0.6

    /// The defaults.
    public init() {}

    /// Throws for counts below 1.
    public func validate() throws {
        try requireCount(n, "n")
        try requireCount(k, "k")
        try requireNumber(threshold, "threshold", in: -2...2)
    }

    /// Gives every row a label.
    public func prepare(
        _ gallery: RerankingGallery, environment: RerankingEnvironment
    ) async throws -> any PreparedMethod {
        guard let labels = gallery.labels, labels.contains(where: { $0 != nil }) else {
            throw RerankError(
                .invalidArgument,
                "\(Self.name) needs labels of the gallery, and there are none; give them, or leave the method out")
        }
        // Labels as numbers, in the order of their first rows.
        var numbers: [String: Int] = [:]
        let known = labels.map { label in
            label.map { name in
                numbers[name]
                    ?? {
                        numbers[name] = numbers.count
                        return numbers.count - 1
                    }()
            }
        }
        let labelled = known.indices.filter { known[$0] != nil }
        let voters = LabelVoters(
            descriptors: try gallery.descriptors.rows(at: labelled), labels: labelled.compactMap { known[$0] }, k: k)
        let votes = try voters.votes(for: gallery.descriptors, decided: known, threads: environment.threads)
        var members = [[Int]](repeating: [], count: numbers.count)
        for (row, vote) in votes.enumerated() { members[vote.label].append(row) }
        for label in members.indices {
            members[label].sort { (votes[$0].confidence, $1) > (votes[$1].confidence, $0) }
        }
        return Prepared(gallery: gallery, settings: self, voters: voters, votes: votes, members: members)
    }

    private struct Prepared: PreparedMethod {
        let gallery: RerankingGallery
        let settings: DiscriminativeReranking
        let voters: LabelVoters
        let votes: [LabelVoters.Vote]
        /// The rows of each label, most confident first.
        let members: [[Int]]

        func apply(to state: inout RerankingState) async throws {
            let nothing = [Int?](repeating: nil, count: state.queries.count)
            let asked = try voters.votes(for: state.queries, decided: nothing, threads: state.environment.threads)
            let heads = try state.rankings(depth: settings.n)
            var ranked: [Ranking] = []
            for (query, head) in heads.enumerated() {
                let vote = asked[query]
                let same = head.rows.indices.filter { votes[Int(head.rows[$0])].label == vote.label }
                let others = head.rows.indices.filter { votes[Int(head.rows[$0])].label != vote.label }
                let present = Set(same.map { Int(head.rows[$0]) })
                let inserted = members[vote.label].filter {
                    !present.contains($0)
                        && Double(votes[$0].confidence) + Double(vote.confidence) > settings.threshold
                }
                ranked.append(
                    Ranking(
                        rows: same.map { head.rows[$0] } + inserted.map(Int32.init) + others.map { head.rows[$0] },
                        scores: same.map { head.scores[$0] }
                            + inserted.map { innerProduct(state.queries[query], gallery.descriptors[$0]) }
                            + others.map { head.scores[$0] }))
            }
            try state.rank(ranked)
        }
    }
}
