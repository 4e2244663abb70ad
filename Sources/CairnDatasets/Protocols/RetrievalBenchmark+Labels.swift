import CairnMetrics

extension RetrievalBenchmark {
    /// A benchmark of labels: what bears the query's label is right. No label is right for nothing, and nothing for it.
    init<Label: Hashable>(
        name: String, scoring: RetrievalProtocol, gallery: [Image], labels: [Label?], queries: [Image],
        queryLabels: [Label?]
    ) {
        let rows = Self.rows(byLabel: labels)
        self.init(
            name: name, scoring: scoring, gallery: gallery, queries: queries.map { Query(image: $0) },
            settings: [
                Setting(
                    judgments: queryLabels.map { label in
                        QueryJudgment(positives: label.flatMap { rows[$0] } ?? [])
                    })
            ])
    }

    /// A benchmark that leaves one out: every image of a label that others bear too is a query, and is itself junk.
    init<Label: Hashable>(name: String, scoring: RetrievalProtocol, gallery: [Image], labels: [Label?]) {
        let rows = Self.rows(byLabel: labels)
        var queries: [Query] = []
        var judgments: [QueryJudgment?] = []
        for (row, label) in labels.enumerated() {
            guard let label, let same = rows[label], same.count >= 2 else { continue }
            queries.append(Query(image: gallery[row], galleryRow: row))
            // The query stays among the positives, so that a label's queries share one list; being junk too, it does not count.
            judgments.append(QueryJudgment(positives: same, junk: [Int32(row)]))
        }
        self.init(
            name: name, scoring: scoring, gallery: gallery, queries: queries, settings: [Setting(judgments: judgments)])
    }

    /// Rows that bear each label, in order.
    static func rows<Label: Hashable>(byLabel labels: some Sequence<Label?>) -> [Label: [Int32]] {
        var rows: [Label: [Int32]] = [:]
        for (row, label) in labels.enumerated() {
            if let label { rows[label, default: []].append(Int32(row)) }
        }
        return rows
    }
}
