import CairnMetrics

extension FolderDataset {
    /// The same as a benchmark: rows are `images`, identifiers are paths below the root, each query is itself junk, kinds are kept.
    public func benchmark() -> RetrievalBenchmark {
        func image(_ path: String) -> RetrievalBenchmark.Image {
            let isBelow = path.hasPrefix(root + "/")
            return .init(id: isBelow ? String(path.dropFirst(root.count + 1)) : path, path: path)
        }
        let rowOfPath = Dictionary(
            zip(images.map(\.path), images.indices), uniquingKeysWith: { first, _ in first })
        let rows = RetrievalBenchmark.rows(byLabel: images.lazy.map { $0.className })
        return RetrievalBenchmark(
            name: BenchmarkLayout.folders.rawValue, scoring: .standard, gallery: images.map { image($0.path) },
            queries: queries.map {
                .init(image: image($0.path), kind: $0.kind, galleryRow: rowOfPath[$0.path])
            },
            settings: [
                .init(
                    judgments: queries.map { query in
                        // A class's queries share one list of positives; the query is junk too, which wins.
                        QueryJudgment(
                            positives: rows[query.className] ?? [],
                            junk: rowOfPath[query.path].map { [Int32($0)] } ?? [])
                    })
            ])
    }
}
