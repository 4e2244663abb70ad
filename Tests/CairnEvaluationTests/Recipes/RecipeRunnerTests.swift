import CairnDatasets
import CairnEvaluation
import CairnFormats
import CairnModelLibrary
import CairnRecipes
import Foundation
import Synchronization
import Testing

@Suite("Running recipes", .serialized)
struct RecipeRunnerTests {
    @Test(
        "every recipe runs from end to end as its rehearsal, and again without doing anything twice", arguments: names)
    func rehearsal(name: String) async throws {
        let queries = 8
        let recipe = try RecipeLibrary.recipe(name, rehearsing: true, overrides: ["data.test.limit=\(queries)"])
        let output = RecipeTown.temporaryFolder(name)
        defer { try? FileManager.default.removeItem(at: output) }
        let runner = try RecipeRunner(recipe, configuration: await RecipeTown.configuration(output: output))
        let told = Told()
        let report = try await runner.run { told.add($0) }

        #expect(report.steps.map(\.step) == runner.steps)
        #expect(told.started == runner.steps)
        #expect(report.steps.allSatisfy { !$0.isReused && !$0.summary.isEmpty })
        #expect(report.isUntrained)
        #expect(report.models.map(\.role) == recipe.models.map(\.name))
        let photos = RecipeTown.landmarks * RecipeTown.views + RecipeTown.others
        #expect((report.galleryCount, report.queryCount) == (photos, queries))

        let ranks = try NPYFile.read(contentsOf: output.appendingPathComponent("ranks.npy").path)
        #expect(ranks.shape == [queries, recipe.search.depth])
        let rows = try ranks.integers()
        for query in 0..<queries {
            let ranking = rows[query * recipe.search.depth..<(query + 1) * recipe.search.depth].filter { $0 >= 0 }
            // All but the query itself, each once.
            #expect(ranking.count == min(recipe.search.depth, photos - 1) && Set(ranking).count == ranking.count)
            #expect(ranking.allSatisfy { $0 < photos })
        }
        #expect(!report.figures.isEmpty)
        for figure in report.figures {
            #expect((0...1).contains(figure.searched) && (0...1).contains(figure.reranked ?? 0), "\(figure)")
            #expect((figure.reranked != nil) == (recipe.reranking != nil))
        }
        for file in ["photos.csv", "report.json", "report.md", "ranked.html", "submission.csv"] {
            #expect(FileManager.default.fileExists(atPath: output.appendingPathComponent(file).path), "\(file)")
        }
        if recipe.reranking != nil { #expect((report.rerankedQueries ?? 0) > 0) }
        try check(cleaningOf: recipe, report, output)
        try check(recognitionOf: recipe, report, output)

        let again = try await runner.run()
        #expect(again.steps.allSatisfy { $0.isReused })
        #expect(again.figures == report.figures && again.recognition == report.recognition)
    }

    static let names = (try? RecipeLibrary.names()) ?? []

    @Test("all twelve recipes are there")
    func count() { #expect(Self.names.count == 12) }

    private func check(cleaningOf recipe: Recipe, _ report: RecipeReport, _ output: URL) throws {
        #expect(report.cleaning.map(\.name) == recipe.cleaning.map(\.name))
        guard let last = report.cleaning.last else { return }
        let table = try CSVTable(contentsOf: output.appendingPathComponent("cleaned.csv"))
        #expect(table.header == ["image", "label"])
        #expect(table.records.count == last.kept)
        #expect(Set(table.records.map { $0.fields[1] }).count == last.classes)
        #expect(last.kept > 0 && last.classes > 0)
    }

    private func check(recognitionOf recipe: Recipe, _ report: RecipeReport, _ output: URL) throws {
        #expect((report.recognition != nil) == (recipe.recognition != nil))
        guard let figures = report.recognition else { return }
        #expect((0...1).contains(figures.globalAveragePrecision))
        #expect(figures.landmarkQueries == RecipeTown.landmarks * RecipeTown.views)
        #expect(figures.nonLandmarkQueries == RecipeTown.others)
        let table = try CSVTable(contentsOf: output.appendingPathComponent("predictions.csv"))
        #expect(table.header == ["id", "landmarks"])
        #expect(table.records.count == RecipeTown.landmarks * RecipeTown.views + RecipeTown.others)
        #expect(table.records.allSatisfy { $0.fields[1].split(separator: " ").count == 2 })
    }

    @Test("RootSIFT alone finds the town's landmarks, and verification finds more of them than words do")
    func local() async throws {
        let output = RecipeTown.temporaryFolder("local")
        defer { try? FileManager.default.removeItem(at: output) }
        let recipe = try RecipeTown.recipe(RecipeTown.localRecipe)
        let runner = try RecipeRunner(
            recipe, configuration: await RecipeTown.configuration(output: output, untrained: false))
        let report = try await runner.run()
        let figures = Dictionary(uniqueKeysWithValues: report.figures.map { ($0.name, $0) })
        let map = try #require(figures["mAP"])
        let verified = try #require(map.reranked)
        // By chance 3 right ones among 29 give about 0.18.
        #expect(verified > 0.6)
        #expect(verified >= map.searched - 0.02)
        #expect(figures["mP@1"]?.reranked == figures["Acc@1"]?.reranked)
        #expect(report.models.isEmpty && !report.isUntrained)
    }

    @Test("a run that was ended between two steps, or cancelled, goes on where it was")
    func resumes() async throws {
        let recipe = try RecipeTown.recipe(RecipeTown.globalRecipe)
        let whole = RecipeTown.temporaryFolder("whole")
        let broken = RecipeTown.temporaryFolder("broken")
        defer { for folder in [whole, broken] { try? FileManager.default.removeItem(at: folder) } }
        let expected = try await RecipeRunner(recipe, configuration: await RecipeTown.configuration(output: whole))
            .run()
        let runner = try RecipeRunner(recipe, configuration: await RecipeTown.configuration(output: broken))
        for end in runner.steps.dropFirst() {
            await #expect(throws: Stop.self) {
                _ = try await runner.run { if case .started(end, _, _) = $0 { throw Stop() } }
            }
        }
        let runs = Mutex<Task<RecipeReport, any Error>?>(nil)
        let cancelled = Task {
            try await runner.run {
                if case .finished(let step) = $0, step.step == .search { runs.withLock { $0?.cancel() } }
            }
        }
        runs.withLock { $0 = cancelled }
        _ = await cancelled.result
        let report = try await runner.run()
        #expect(report.figures == expected.figures)
        #expect(report.steps.dropLast().allSatisfy { $0.isReused })
    }

    @Test("another setting does again what it changes, and no more")
    func changes() async throws {
        let output = RecipeTown.temporaryFolder("changes")
        defer { try? FileManager.default.removeItem(at: output) }
        let configuration = try await RecipeTown.configuration(output: output)
        _ = try await RecipeRunner(RecipeTown.recipe(RecipeTown.globalRecipe), configuration: configuration).run()
        func redone(_ overrides: String...) async throws -> [RecipeStep] {
            var document = try YAMLDocument(text: RecipeTown.globalRecipe, name: "test.yaml")
            for override in overrides { try document.set(assignment: override) }
            let recipe = try Recipe(document: document)
            return try await RecipeRunner(recipe, configuration: configuration).run().steps.filter { !$0.isReused }
                .map(\.step)
        }
        #expect(try await redone("metrics.figures=[mAP@10]") == [.metrics])
        #expect(try await redone("reranking.steps.0.method=alphaqe:n=5") == [.reranking, .metrics])
        #expect(try await redone("search.depth=7") == [.search, .reranking, .metrics])
        #expect(
            try await redone("models.net.dimensions=12", "descriptor.whitening.dimensions=9")
                == [.models, .index, .search, .reranking, .metrics])
    }
}

private struct Stop: Error {}

/// What a run told.
private final class Told: Sendable {
    private let steps = Mutex<[RecipeStep]>([])
    var started: [RecipeStep] { steps.withLock { $0 } }

    func add(_ progress: RecipeProgress) {
        if case .started(let step, _, _) = progress { steps.withLock { $0.append(step) } }
    }
}
