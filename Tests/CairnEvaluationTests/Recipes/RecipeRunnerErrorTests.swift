import CairnCore
import CairnDatasets
import CairnModelLibrary
import CairnRecipes
import Foundation
import Testing

@testable import CairnEvaluation

@Suite("What a run of a recipe refuses", .serialized)
final class RecipeRunnerErrorTests: Sendable {
    /// Where runs of a test go.
    private let folder = RecipeTown.temporaryFolder("refused")

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func runner(
        _ recipe: Recipe, data: URL? = nil, output: URL? = nil, untrained: Bool = true, models: [String: String] = [:],
        library: ModelLibrary? = nil
    ) async throws -> RecipeRunner {
        var configuration = try await RecipeTown.configuration(
            output: output ?? folder, untrained: untrained, models: models,
            library: library)
        if let data { configuration.data = data }
        return try RecipeRunner(recipe, configuration: configuration)
    }

    private static func error(_ work: () async throws -> Void) async -> String {
        do {
            try await work()
            return "no error"
        } catch { return sentence(error) }
    }

    @Test("models that are not named are listed by role, with how to add them")
    func missing() async throws {
        let recipe = try RecipeLibrary.recipe("glret2020-3rd")
        let text = await Self.error { _ = try await self.runner(recipe, untrained: false) }
        for model in recipe.models {
            #expect(text.contains("\(model.name): \(model.backbone)"))
            #expect(text.contains("--model \(model.name)=\(model.name)"))
        }
        #expect(text.contains("cairn models add FILE --name"))
        #expect(text.contains("training"))
        let stray = await Self.error {
            _ = try await self.runner(
                RecipeTown.recipe(RecipeTown.globalRecipe), untrained: false, models: ["nett": "x"])
        }
        #expect(stray.contains("no model “nett”") && stray.contains("net"))
        let both = await Self.error {
            _ = try await self.runner(RecipeTown.recipe(RecipeTown.globalRecipe), models: ["net": "x"])
        }
        #expect(both.contains("random weights"))
    }

    @Test("a library's model runs in its role, and one that is another network is refused with every difference")
    func mismatch() async throws {
        let folder = RecipeTown.temporaryFolder("library")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let library = ModelLibrary(path: folder.appendingPathComponent("models").path)
        let recipe = try RecipeTown.recipe(RecipeTown.globalRecipe)
        let file = folder.appendingPathComponent("net.safetensors").path
        try UntrainedCheckpoint.write(.descriptor(recipe.models[0].network), seed: 3, to: file)
        var addition = ModelAddition(file: file, name: "mine")
        (addition.architecture, addition.head, addition.dimensions) = ("resnet18", recipe.models[0].head, 16)
        let record = try library.add(addition, runtime: RecipeTown.runtime.get())

        let output = folder.appendingPathComponent("run")
        let runner = try await self.runner(
            recipe, output: output, untrained: false, models: ["net": "mine"], library: library)
        let report = try await runner.run()
        #expect(report.models.map(\.model) == ["mine"] && !report.isUntrained)
        #expect(try library.record(named: "mine") == record, "the user's model is as it was")

        let other = try RecipeTown.recipe(
            RecipeTown.globalRecipe, "models.net.backbone=resnet34", "models.net.pooling=gap",
            "models.net.dimensions=32", "models.net.input={size: 96, normalization: unit}")
        let text = await Self.error {
            _ = try await self.runner(other, untrained: false, models: ["net": "mine"], library: library)
        }
        for part in [
            "resnet18, not resnet34", "gem of p = 3.0, not gap", "16 dimensions, not 32", "unit normalisation",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        let unknown = await Self.error {
            _ = try await self.runner(recipe, untrained: false, models: ["net": "nobody"], library: library)
        }
        #expect(unknown.contains("there is no model nobody"))
    }

    @Test("photos that are not there, in no layout, or too few are refused before any work")
    func photos() async throws {
        let folder = RecipeTown.temporaryFolder("photos")
        defer { try? FileManager.default.removeItem(at: folder) }
        let recipe = try RecipeTown.recipe(RecipeTown.localRecipe)
        func run(_ data: URL) async -> String {
            await Self.error { _ = try await self.runner(recipe, data: data).run() }
        }
        #expect(await run(folder).contains("there is no folder"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        #expect(await run(folder).contains("is empty"))
        try Data("hello".utf8).write(to: folder.appendingPathComponent("notes.txt"))
        #expect(await run(folder).contains("in no layout that is known"))
        let single = folder.appendingPathComponent("one")
        try FileManager.default.createDirectory(at: single, withIntermediateDirectories: true)
        try Data([0]).write(to: single.appendingPathComponent("a.jpg"))
        #expect(await run(folder).contains("a class needs two photos"))
        try Data([0]).write(to: single.appendingPathComponent("b.jpg"))
        let unusable = await run(folder)
        #expect(unusable.contains("none of 2 photos is usable"), "\(unusable)")
    }

    @Test("a folder with other things in it is no place for a run, and is left alone")
    func output() async throws {
        let folder = RecipeTown.temporaryFolder("output")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: folder.appendingPathComponent("thesis.txt"))
        let recipe = try RecipeTown.recipe(RecipeTown.localRecipe)
        let text = await Self.error { _ = try await self.runner(recipe, output: folder).run() }
        #expect(text.contains("no run of a recipe"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["thesis.txt"])
    }

    @Test("labels that a recipe needs and photos lack are an error that says so")
    func labels() async throws {
        let folder = RecipeTown.temporaryFolder("labels")
        defer { try? FileManager.default.removeItem(at: folder) }
        // Queries apart from the gallery: its labels would give the answers away, so there are none.
        let town = try await RecipeTown.folder.value
        let photos = try FolderDataset(root: town).images
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let rows = photos.dropFirst(2).map { "\($0.path),\($0.className ?? "")" }
        try Data((["image,label"] + rows).joined(separator: "\n").utf8).write(
            to: folder.appendingPathComponent("gallery.csv"))
        try Data("image,label\n\(photos[0].path),\(photos[0].className ?? "")\n".utf8).write(
            to: folder.appendingPathComponent("queries.csv"))
        let recipe = try RecipeTown.recipe(
            RecipeTown.localRecipe, "data.train={}",
            "recognition={gallery: train, preset: softVoting, source: test}")
        let text = await Self.error { _ = try await self.runner(recipe, data: folder).run() }
        #expect(text.contains("has a label"), "\(text)")
    }
}
