import CairnDatasets
import CairnImaging
import CairnMetrics
import CairnRecipes
import Foundation

extension RecipeRun {
    /// Figures, the report in both forms, and the ranked sheet.
    func score(
        _ photos: RecipePhotos, _ searched: RecipeRankings, _ reranked: RecipeRankings?, _ key: inout RecipeRunKey,
        _ report: inout RecipeReport
    ) async throws {
        try key.add(recipe.metrics)
        key.add(text: "\(configuration.sheetQueries)")
        let last = reranked ?? searched
        report.figures = try await perform(.metrics, key: key.text, files: ["ranked.html"], into: &report) {
            let before = scorer(photos, searched)
            let after = reranked.map { scorer(photos, $0) }
            let figures = self.figures(before, after)
            try store.write(sheet(photos, last, after ?? before), to: "ranked.html")
            let words = figures.map { figure in
                let name = [figure.setting, figure.name].compactMap(\.self).joined(separator: " ")
                return "\(name) \(String(format: "%.4f", figure.reranked ?? figure.searched))"
            }
            return Outcome(result: figures, summary: words.joined(separator: ", "))
        }
        try store.write(try report.json(), to: "report.json")
        try store.write(report.markdown, to: "report.md")
    }

    private func scorer(_ photos: RecipePhotos, _ found: RecipeRankings) -> BenchmarkScorer {
        var scorer = BenchmarkScorer(photos.benchmark)
        for (query, ranking) in found.rankings.enumerated() { scorer.add(ranking, ofQuery: query) }
        return scorer
    }

    /// The recipe's figures, setting by setting.
    private func figures(_ before: BenchmarkScorer, _ after: BenchmarkScorer?) -> [RecipeReport.Figure] {
        before.benchmark.settings.enumerated().flatMap { number, setting in
            recipe.metrics.metrics.map { metric in
                RecipeReport.Figure(
                    name: metric.name, setting: setting.name,
                    searched: metric.mean(before.lists[number].compactMap(\.self)),
                    reranked: after.map { metric.mean($0.lists[number].compactMap(\.self)) })
            }
        }
    }

    private func sheet(_ photos: RecipePhotos, _ found: RecipeRankings, _ scorer: BenchmarkScorer) throws -> String {
        let benchmark = photos.benchmark
        let number = benchmark.settings.firstIndex { $0.name == "medium" } ?? 0
        guard benchmark.settings.indices.contains(number) else { return "" }
        let queries = try RetrievalEvaluation(benchmark, setting: benchmark.settings[number]).queries
        let gallery = try benchmark.galleryPaths()
        let outcomes = queries.indices.compactMap { query -> RetrievalEvaluation.Outcome? in
            guard let list = scorer.lists[number][query] else { return nil }
            let answer = RankedAnswer(
                paths: found.rankings[query].map { gallery[Int($0)] }, extraction: .zero, search: .zero)
            return RetrievalEvaluation.Outcome(query: queries[query], answer: answer, relevance: list)
        }
        let result = RetrievalEvaluation.Result(
            report: EvaluationReport(
                scores: RetrievalScores(outcomes.map { (list: $0.relevance, kind: $0.query.kind) }),
                timings: found.timings), outcomes: outcomes)
        let limit: EvaluationSheet.Limit =
            outcomes.count > configuration.sheetQueries
            ? .sample(configuration.sheetQueries, seed: configuration.seed) : .all
        let title = configuration.isUntrained ? "\(recipe.title) — random weights, a rehearsal" : recipe.title
        let sheet = EvaluationSheet(
            result, title: title, scoring: scorer.benchmark.scoring, setting: scorer.benchmark.settings[number].name,
            limit: limit,
            photoSize: { path in try? ImageDecoder().metadata(contentsOf: path).size },
            thumbnail: { path in try? SheetImage(photo: path) })
        return sheet.render()
    }
}
