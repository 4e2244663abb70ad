import Cairn
import CairnDatasets
import CairnModelLibrary
import CairnRecipes
import CairnRecognition
import Foundation

extension RecipeRun {
    /// Runs all steps.
    func run(on photos: RecipePhotos) async throws -> RecipeReport {
        var report = RecipeReport(
            recipe: recipe.name, title: recipe.title, isUntrained: configuration.isUntrained,
            data: configuration.data.path, layout: photos.layout.rawValue,
            galleryCount: photos.benchmark.gallery.count, queryCount: photos.benchmark.queries.count, models: [])
        report.reported = recipe.metrics.reported.map { .init(figure: $0.figure, value: $0.value, on: $0.on) }

        var key = RecipeRunKey()
        try photos.add(to: &key)
        try await data(photos, key.text, &report)

        let models = try await models(photos, &key, &report)
        report.models = models.roles.map { .init(role: $0.role, model: $0.model, dimensions: $0.dimensions) }

        if !recipe.cleaning.isEmpty {
            var own = key
            try own.add(recipe.local)
            try own.add(recipe.cleaning)
            for step in recipe.cleaning {
                guard let name = step.file, let list = GoogleLandmarks(root: configuration.data).file(name) else {
                    continue
                }
                own.add(text: FileStamp.text(of: list.path))
            }
            let cleaning = try await clean(photos, models, own.text, &report)
            report.cleaning = cleaning.steps.map {
                .init(
                    name: $0.name, method: $0.method, photos: $0.photos, labels: $0.labels, kept: $0.kept,
                    classes: $0.classes)
            }
        }

        let indexer = RecipeIndexer(
            recipe: recipe, photos: photos, models: models, library: library, runtime: runtime,
            path: store.url(RecipeIndexer.folder).path, options: options)
        try indexer.add(to: &key)
        try await index(indexer, key.text, &report)
        let searcher = RecipeSearcher(
            recipe: recipe, photos: photos, gallery: try indexer.gallery(), library: library, runtime: runtime,
            threads: configuration.threads)

        try key.add(recipe.local)
        try key.add(recipe.search)
        // What is re-ranked later decides the search's strategy and shortlist, and where its ranks are kept.
        var own = key
        var searching = try searcher.configuration(.search)
        searching.threads = 0
        try own.add(searching)
        own.add(text: recipe.reranking == nil ? "alone" : "re-ranked later")
        let searched = try await search(searcher, own.text, &report)
        try key.add(recipe.reranking)
        let reranked = try await rerank(searcher, searched, key.text, &report)
        report.rerankedQueries = reranked?.changed
        report.timings = (reranked ?? searched).timings

        let recognitions = try await recognize(searcher, photos, &key, &report)
        report.recognition = recognitions?.figures

        try await score(photos, searched, reranked, &key, &report)
        return report
    }

    // MARK: One by one

    private func data(_ photos: RecipePhotos, _ key: String, _ report: inout RecipeReport) async throws {
        _ = try await perform(.data, key: key, files: ["photos.csv"], into: &report) {
            try store.write(photos.table, to: "photos.csv")
            let benchmark = photos.benchmark
            let others = photos.nonLandmarkCount
            let summary = [
                "\(benchmark.gallery.count) photos", photos.classCount > 0 ? "\(photos.classCount) classes" : nil,
                others > 0 ? "\(others) of nothing" : nil, "\(benchmark.queries.count) queries",
            ]
            return Outcome(
                result: benchmark.queries.count, summary: summary.compactMap(\.self).joined(separator: ", "),
                notes: photos.notes)
        }
    }

    private func models(
        _ photos: RecipePhotos, _ key: inout RecipeRunKey, _ report: inout RecipeReport
    ) async throws -> RecipeModels {
        var own = RecipeRunKey()
        let learns = recipe.descriptor?.whitening != nil || recipe.models.contains { $0.whitening != nil }
        if learns { own.add(text: key.text) }
        try own.add(recipe.models)
        try own.add(recipe.descriptor)
        for role in RecipeRole.roles(of: recipe) { own.add(text: "\(role.name) \(role.requirement)") }
        if let local = recipe.local, [.delg, .superpoint, .aliked].contains(local.features) { try own.add(local) }
        try own.add(configuration.models)
        for (_, name) in configuration.models.sorted(by: { $0.key < $1.key }) {
            own.add(text: try configuration.library.record(named: name).digest)
        }
        own.add(text: "\(configuration.isUntrained) \(configuration.seed) \(configuration.shrinkage ?? -1)")
        let models = try await perform(
            .models, key: own.text, folders: RecipeRole.roles(of: recipe).isEmpty ? [] : [RecipeModels.folder],
            into: &report
        ) {
            var notes = configuration.isUntrained ? ["The networks have random weights: figures mean nothing."] : []
            if let sentence = RecipeReport.trainingSentence(recipe) { notes.append(sentence) }
            guard !RecipeRole.roles(of: recipe).isEmpty else {
                return Outcome(result: RecipeModels(), summary: "none is needed: RootSIFT alone")
            }
            let maker = RecipeModelMaker(
                recipe: recipe, configuration: configuration, library: library, runtime: try runtime(),
                scratch: store.url("steps"))
            let models = try maker.make(photos: photos, notes: &notes) { advance(.models, $0, $1) }
            let names = models.roles.map { "\($0.role) (\($0.model ?? "untrained"))" }.joined(separator: ", ")
            return Outcome(
                result: models,
                summary: names + (models.global == nil ? "" : "; \(models.dimensions) dimensions in all"), notes: notes)
        }
        for digest in models.digests { key.add(text: digest) }
        return models
    }

    private func clean(
        _ photos: RecipePhotos, _ models: RecipeModels, _ key: String, _ report: inout RecipeReport
    ) async throws -> RecipeCleaning {
        try await perform(
            .cleaning, key: key, files: ["cleaned.csv"], folders: [RecipeCleaner.folder], into: &report
        ) {
            let cleaner = RecipeCleaner(
                recipe: recipe, photos: photos, models: models, library: library, runtime: runtime, store: store,
                data: configuration.data, options: options)
            var notes: [String] = []
            let cleaning = try await cleaner.clean(notes: &notes) { self.advance(.cleaning, $0, $1) }
            let words = cleaning.steps.map {
                "\($0.name): \($0.kept) of \($0.photos) photos, \($0.labels) labels → \($0.classes) classes"
            }
            return Outcome(result: cleaning, summary: words.joined(separator: "; "), notes: notes)
        }
    }

    private func index(_ indexer: RecipeIndexer, _ key: String, _ report: inout RecipeReport) async throws {
        _ = try await perform(.index, key: key, folders: [RecipeIndexer.folder], into: &report) {
            var notes: [String] = []
            let index = try await indexer.index(notes: &notes) { self.advance(.index, $0, $1) }
            return Outcome(
                result: index, summary: "\(index.images) photos by \(index.extractors.joined(separator: " and "))",
                notes: notes)
        }
    }

    private func search(
        _ searcher: RecipeSearcher, _ key: String, _ report: inout RecipeReport
    ) async throws -> RecipeRankings {
        // Where nothing is re-ranked, this is the ranking that counts.
        let names = recipe.reranking == nil ? ["ranks.npy", "submission.csv"] : ["ranks-searched.npy"]
        return try await perform(.search, key: key, files: Array(names.prefix(1)), into: &report) {
            let total = searcher.photos.benchmark.queries.count
            let found = try await searcher.run(.search) { advance(.search, $0, total) }
            try found.write(to: store.url(names[0]).path, depth: recipe.search.depth)
            let notes = names.count > 1 ? submit(found, searcher.photos) : []
            let strategy = try searcher.configuration(.search).strategy?.rawValue ?? ""
            return Outcome(
                result: found,
                summary: "\(total) queries by \(strategy), \(milliseconds(found.timings.search.median)) ms each",
                notes: notes)
        }
    }

    private func rerank(
        _ searcher: RecipeSearcher, _ searched: RecipeRankings, _ key: String, _ report: inout RecipeReport
    ) async throws -> RecipeRankings? {
        guard let reranking = recipe.reranking else { return nil }
        return try await perform(.reranking, key: key, files: ["ranks.npy"], into: &report) {
            let total = searcher.photos.benchmark.queries.count
            let found = try await searcher.run(.reranking, before: searched) { advance(.reranking, $0, total) }
            try found.write(to: store.url("ranks.npy").path, depth: recipe.search.depth)
            return Outcome(
                result: found,
                summary:
                    "\(reranking.specification): \(found.changed ?? 0) of \(total) queries have another order, \(milliseconds(found.timings.search.median)) ms each",
                notes: submit(found, searcher.photos))
        }
    }

    private func recognize(
        _ searcher: RecipeSearcher, _ photos: RecipePhotos, _ key: inout RecipeRunKey, _ report: inout RecipeReport
    ) async throws -> RecipeRecognitions? {
        guard let recognition = recipe.recognition else { return nil }
        try key.add(recognition)
        key.add(text: "\(configuration.falseAcceptRate)")
        return try await perform(.recognition, key: key.text, files: ["predictions.csv"], into: &report) {
            let recognizer = RecipeRecognizer(
                recognition: recognition, photos: photos, search: try RecognitionSearch(searcher.searcher(.reranking)),
                falseAcceptRate: configuration.falseAcceptRate)
            var notes: [String] = []
            let found = try await recognizer.recognize(notes: &notes) { advance(.recognition, $0, $1) }
            try store.write(found.table, to: "predictions.csv")
            return Outcome(result: found, summary: found.figures.sentence, notes: notes)
        }
    }

    /// Writes the contests' form of rankings; a name that it cannot hold is a note, not the end of the run.
    private func submit(_ found: RecipeRankings, _ photos: RecipePhotos) -> [String] {
        do {
            try store.write(Submission.retrieval(found.rankings, of: photos.benchmark), to: "submission.csv")
            return []
        } catch {
            return ["There is no submission.csv: \((error as? EvaluationError)?.message ?? "\(error)")."]
        }
    }

    private func milliseconds(_ value: Double) -> String { String(format: "%.1f", value) }
}

extension RecipePhotos {
    /// `part,row,image,label`: gallery rows and queries as `ranks.npy` numbers them; no label for what is not known, `-` for no landmark.
    var table: String {
        func line(_ part: String, _ row: Int, _ image: String, _ truth: Truth?) -> String {
            let label = truth.map { $0.label ?? "-" } ?? ""
            return "\(part),\(row),\(image.csvCell),\(label.csvCell)\n"
        }
        var text = "part,row,image,label\n"
        for (row, (image, truth)) in zip(benchmark.gallery, gallery).enumerated() {
            text += line("gallery", row, image.path ?? image.id, truth)
        }
        for (row, (query, truth)) in zip(benchmark.queries, queries).enumerated() {
            text += line("query", row, query.image.path ?? query.image.id, truth)
        }
        return text
    }
}
