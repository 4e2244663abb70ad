import CairnDatasets
import CairnMetrics

/// Predictions for Google Landmarks v2 scored by the published solutions: over all queries that are not ignored, and over the public
/// and the private ones where there are both.
public enum LandmarkScores {
    /// mAP@100 of ranked answers. Throws `DatasetError` for an answer to a photo that is no query.
    public static func retrieval(
        _ predictions: LandmarkRetrievalPredictions, solution: LandmarkRetrievalSolution
    ) throws -> ProtocolReport {
        var answers: [LandmarkImageID: [LandmarkImageID]] = [:]
        for usage in LandmarkUsage.scored {
            answers.merge(try predictions.answers(to: usage, of: solution)) { first, _ in first }
        }
        return report("gldv2-retrieval", solution.queries, usage: \.usage) { queries in
            let lists = queries.map { query in
                RelevanceList(ranking: answers[query.image] ?? [], positives: Set(query.positives))
            }
            return ProtocolReport.Setting(
                name: nil, figures: RetrievalProtocol.googleLandmarks.figures(lists),
                queries: lists.count(where: \.hasPositives), withoutPositives: lists.count { !$0.hasPositives })
        }
    }

    /// GAP of labels. Throws `DatasetError` for an answer to a photo that is no query.
    public static func recognition(
        _ predictions: LandmarkRecognitionPredictions, solution: LandmarkRecognitionSolution
    ) throws -> ProtocolReport {
        var answers: [LandmarkImageID: LandmarkRecognitionPredictions.Answer] = [:]
        for usage in LandmarkUsage.scored {
            answers.merge(try predictions.answers(to: usage, of: solution)) { first, _ in first }
        }
        return try report("gldv2-recognition", solution.queries, usage: \.usage) { queries in
            let truth = Dictionary(
                uniqueKeysWithValues: queries.map { ($0.image.description, Set($0.landmarks.map(Int.init))) })
            let given = queries.compactMap { answers[$0.image] }
            let scores = try GoogleLandmarksRecognition(
                solution: truth,
                predictions: Dictionary(
                    uniqueKeysWithValues: given.map {
                        ($0.query.description, .init(landmark: Int($0.landmark), score: $0.score))
                    }))
            return ProtocolReport.Setting(
                name: nil,
                figures: [MetricFigure(name: "GAP", value: scores.globalAveragePrecision.value)],
                queries: scores.globalAveragePrecision.landmarkQueries,
                withoutPositives: scores.queriesWithoutLandmark)
        }
    }

    private static func report<Query>(
        _ name: String, _ queries: [Query], usage: (Query) -> LandmarkUsage,
        score: ([Query]) throws -> ProtocolReport.Setting
    ) rethrows -> ProtocolReport {
        let scored = queries.filter { usage($0) != .ignored }
        var settings = [try score(scored)]
        let parts = LandmarkUsage.scored.map { part in (part, scored.filter { usage($0) == part }) }
        if parts.allSatisfy({ !$0.1.isEmpty }) {
            for (part, queries) in parts {
                var setting = try score(queries)
                setting.name = part.rawValue.lowercased()
                settings.append(setting)
            }
        }
        return ProtocolReport(benchmark: name, settings: settings)
    }
}

extension LandmarkUsage {
    /// The parts that count.
    static let scored: [LandmarkUsage] = [.public, .private]
}
