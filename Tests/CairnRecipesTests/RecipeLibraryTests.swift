import CairnRecipes
import Foundation
import Testing

/// The twelve solutions that ship.
private let shipped = [
    "delg", "digix-2020", "glr2021-gold", "glrec2020-1st", "glrec2020-3rd", "glret2018-1st", "glret2018-6th",
    "glret2019-1st", "glret2020-1st", "glret2020-3rd", "local-guidance-global-expansion", "radenovic-gem",
]

struct RecipeLibraryTests {
    @Test("the twelve recipes ship, and no other")
    func names() throws {
        #expect(try RecipeLibrary.names() == shipped)
    }

    @Test("a shipped recipe reads, is whole, and bears its file's name", arguments: shipped)
    func reads(name: String) throws {
        let recipe = try RecipeLibrary.recipe(name)
        #expect(recipe.name == name)
        #expect(!recipe.documents.isEmpty)
        try recipe.check()
    }

    @Test("a shipped recipe survives its own rehearsal, and is small then", arguments: shipped)
    func rehearses(name: String) throws {
        let recipe = try RecipeLibrary.recipe(name, rehearsing: true)
        #expect(recipe.data.layout == .folders)
        for model in recipe.models {
            #expect(["resnet18", "efficientnet_b0"].contains(model.backbone))
            #expect(model.input.size <= 96)
        }
        for stage in recipe.training?.stages ?? [] {
            #expect(stage.sizes.allSatisfy { $0.size <= 96 })
            #expect(stage.batchSize <= 8)
        }
        try recipe.check()
    }

    @Test("a recipe survives JSON", arguments: shipped)
    func json(name: String) throws {
        let recipe = try RecipeLibrary.recipe(name)
        let data = try JSONEncoder().encode(recipe)
        #expect(try JSONDecoder().decode(Recipe.self, from: data) == recipe)
    }

    @Test("every section of every recipe says where it is from", arguments: shipped)
    func sources(name: String) throws {
        let recipe = try RecipeLibrary.recipe(name)
        let steps = RecipeText(recipe).steps
        #expect(steps.count >= 6)
        for step in steps { #expect(step.source.count >= 10, "\(step.title)") }
    }

    @Test("an unknown name is answered with the names, and with the nearest")
    func unknownName() {
        #expect {
            try RecipeLibrary.recipe("delgg")
        } throws: { error in
            let error = error as? RecipeError
            return error?.kind == .notFound && error?.message.contains("did you mean “delg”?") == true
        }
    }

    @Test("a path that does not exist says so")
    func missingFile() {
        #expect {
            try RecipeLibrary.recipe("/nowhere/mine.yaml")
        } throws: { ($0 as? RecipeError)?.kind == .notFound }
    }

    @Test("a user's own file is read by its path")
    func ownFile() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).yaml")
        try Data(Sample.text.utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        #expect(try RecipeLibrary.recipe(url.path).name == "sample")
    }
}

struct ShippedNumbersTests {
    @Test("DELG: weights 1 : 1 : 10 with both gradients stopped, margin 0.1, three scales, the top hundred verified")
    func delg() throws {
        let recipe = try RecipeLibrary.recipe("delg")
        let stage = try #require(recipe.training?.stages.first)
        #expect(stage.delg == DELGLosses())
        #expect(stage.losses[0].margin == 0.1 && stage.losses[0].learnsScale == true)
        #expect(recipe.models[0].scales.count == 3)
        #expect(recipe.local?.count == 1000 && recipe.local?.scales.count == 7)
        #expect(recipe.reranking?.specification == "verify:n=100")
    }

    @Test("2021: 8, 8, 8 and 4 epochs at 448 to 736, CurricularFace 30 and 0.4, the 8th power over the top five")
    func gold2021() throws {
        let recipe = try RecipeLibrary.recipe("glr2021-gold")
        let stage = try #require(recipe.training?.stages.first)
        #expect(stage.sizes.map(\.size) == [448, 512, 640, 736])
        #expect(stage.sizes.map(\.epochs) == [8, 8, 8, 4] && stage.epochs == 28)
        #expect(stage.losses[0].kind == .curricularFace && stage.losses[0].scale == 30 && stage.losses[0].margin == 0.4)
        #expect(recipe.recognition?.configuration.votePower == 8 && recipe.recognition?.configuration.voteCount == 5)
        #expect(recipe.recognition?.configuration.boosted == true)
    }

    @Test(
        "2020's third: two stages on the clean list and the clusters, ArcFace 0.3 and 30, Corner-CutMix in two streams")
    func third2020() throws {
        let recipe = try RecipeLibrary.recipe("glret2020-3rd")
        let training = try #require(recipe.training)
        let clean = training.stages(of: "resnet152").filter { $0.data == "clean" }.map(\.epochs).reduce(0, +)
        #expect(clean == 24)
        let last = try #require(training.stages(of: "resnet200-none").first ?? training.stages(of: "resnest200").last)
        #expect(last.epochs == 6 && last.data == "cluster")
        #expect(
            last.mixing?.kind == .cornerCutmix && last.mixing?.twoStreams == true && last.mixing?.labelWeight == 0.5)
        #expect(last.losses[0].margin == 0.3 && last.losses[0].scale == 30)
    }

    @Test("six times 512 and eight times 512 dimensions are what the review counts")
    func ensembles() throws {
        let first2019 = try RecipeLibrary.recipe("glret2019-1st")
        #expect(first2019.models.compactMap(\.dimensions).reduce(0, +) == 3072)
        let third2020 = try RecipeLibrary.recipe("glrec2020-3rd")
        #expect(third2020.models.compactMap(\.dimensions).reduce(0, +) == 4096)
        #expect(third2020.descriptor?.whitening?.dimensions == 1024)
    }
}
