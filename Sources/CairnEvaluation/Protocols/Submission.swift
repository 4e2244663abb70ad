import CairnDatasets

/// Answers in the form in which the contests on Google Landmarks took them.
public enum Submission {
    /// Images that a ranked answer may have.
    public static let retrievalDepth = 100

    /// `id,images`: a line a query, the names of its first images between spaces.
    ///
    /// - Parameters:
    ///   - rankings: Gallery rows for each query, best first; the query itself is left out where it is junk.
    ///   - benchmark: Whose queries and gallery they are.
    /// - Throws: `EvaluationError` for a name with a comma, a quote or a space, which such a file cannot hold.
    public static func retrieval(_ rankings: [[Int32]], of benchmark: RetrievalBenchmark) throws -> String {
        precondition(rankings.count == benchmark.queries.count, "\(rankings.count) rankings")
        var text = "id,images\n"
        for ((query, own), ranking) in zip(zip(benchmark.queries, benchmark.ownJunkRows), rankings) {
            let rows = own.map { own in ranking.filter { $0 != Int32(own) } } ?? ranking
            let names = try rows.prefix(retrievalDepth).map { try plain(benchmark.gallery[Int($0)].id) }
            text += "\(try plain(query.image.id)),\(names.joined(separator: " "))\n"
        }
        return text
    }

    /// `id,landmarks`: a line a query, a landmark and its score between spaces; nothing behind the comma where there is no answer.
    public static func recognition(
        _ predictions: LandmarkRecognitionPredictions, queries: [LandmarkImageID]
    ) -> String {
        let answers = Dictionary(predictions.answers.map { ($0.query, $0) }, uniquingKeysWith: { first, _ in first })
        return queries.reduce(into: "id,landmarks\n") { text, query in
            let cell = answers[query].map { "\($0.landmark) \($0.score)" } ?? ""
            text += "\(query),\(cell)\n"
        }
    }

    private static func plain(_ name: String) throws -> String {
        guard !name.isEmpty, !name.contains(where: { " ,\"\n\r".contains($0) }) else {
            throw EvaluationError(
                .invalidInput,
                "“\(name)” has a space, a comma or a quote in it, and a submission parts names by such; rename the image"
            )
        }
        return name
    }
}
