import CairnRecipes
import CairnRecognition
import Foundation
import Testing

struct RecipeDefaultTests {
    @Test("losses have their papers' numbers")
    func losses() {
        #expect(TrainingLoss(standard: .arcFace).margin == 0.3 && TrainingLoss(standard: .arcFace).scale == 30)
        #expect(TrainingLoss(standard: .curricularFace).margin == 0.4)
        #expect(TrainingLoss(standard: .contrastive).margin == 0.7)
        #expect(TrainingLoss(standard: .triplet).margin == 0.1)
        #expect(TrainingLoss(standard: .subcenterArcFace).subcenters == 3)
        #expect(TrainingLoss(standard: .adaCos).scaleRule == .fixed)
        #expect(TrainingLoss(standard: .softmax).margin == nil && TrainingLoss(standard: .softmax).labelSmoothing == 0)
    }

    @Test("DELG weighs 1 : 1 : 10 and stops both gradients")
    func delg() {
        let losses = DELGLosses()
        #expect([losses.globalWeight, losses.attentionWeight, losses.reconstructionWeight] == [1, 1, 10])
        #expect(losses.stopsAttentionGradient && losses.stopsReconstructionGradient)
    }

    @Test("both Adams have other defaults than SGD, and clipping of NFNets another threshold")
    func optimizers() throws {
        let adam = try OptimizerSettings(yaml: YAMLDocument(text: "kind: adamw", name: "o").root)
        #expect(adam.momentum == nil && adam.beta1 == 0.9 && adam.learningRate == 0.001)
        #expect(OptimizerSettings().momentum == 0.9 && OptimizerSettings().beta1 == nil)
        let clipping = try GradientClipping(yaml: YAMLDocument(text: "kind: adaptive", name: "c").root)
        #expect(clipping.threshold == 0.01)
    }

    @Test("short forms are what they stand for")
    func shortForms() throws {
        let recipe = try Sample.recipe("head: whitening", "head: {kind: whitening}")
        #expect(recipe == (try Sample.recipe("", "")))
        #expect(recipe.models[1].pooling == .gem && recipe.models[1].scales == [1])
        #expect(recipe.training?.stages[1].losses == [TrainingLoss(standard: .softmax)])
        #expect(recipe.descriptor?.ensemble.map(\.weight) == [1, 2])
        #expect(recipe.training?.stages[0].sizes.map(\.epochs) == [2])
    }

    @Test("a preset of recognition is changed by settings alone")
    func recognition() throws {
        let recipe = try Sample.recipe(
            "preset: suppressed", "preset: suppressed\n  settings: {votePower: 4, votePool: 9}")
        #expect(recipe.recognition?.configuration.votePower == 4 && recipe.recognition?.configuration.votePool == 9)
        #expect(recipe.recognition?.configuration.geometry == RecognizerConfiguration.Geometry.none)
        #expect(recipe.recognition?.boosting == nil)
    }

    @Test("the text of a recipe tells every part with its source")
    func text() throws {
        let text = RecipeText(try Sample.recipe("", "")).description
        for piece in [
            "sample: A sample", "Follows: Nobody 2020: Nothing", "1. Photos", "Cleaning “tight”", "Model “a”",
            "gem with p = 3, learned", "Training stage “second”", "arcFace, margin 0.3, scale 30",
            "global, attention, reconstruction weigh 1 : 1 : 10", "a + 2 × b, one behind the other",
            "whitening pca to 100 dimensions", "Re-ranking: alphaqe:n=5,alpha=3", "→ source: written for these tests",
            "augmentation “hard” from epoch 2: cutout (50 %)",
        ] {
            #expect(text.contains(piece), "\(piece)")
        }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 130 })
    }
}

struct RecipeJSONTests {
    @Test("JSON has every default, and no setting that its kind does not have")
    func defaults() throws {
        let recipe = try Sample.recipe("", "")
        let text = String(decoding: try recipe.json(), as: UTF8.self)
        for piece in ["\"subcenters\"", "\"milestones\"", "\"bins\""] { #expect(!text.contains(piece), "\(piece)") }
        for piece in [
            "\"learnsScale\" : false", "\"labelSmoothing\" : 0", "\"precision\" : \"f32\"",
            "\"protocol\" : \"gldv2-retrieval\"",
        ] {
            #expect(text.contains(piece), "\(piece)")
        }
        #expect(try JSONDecoder().decode(Recipe.self, from: recipe.json()) == recipe)
    }

    @Test("a recipe that was changed in memory is checked by its paths")
    func check() throws {
        var recipe = try Sample.recipe("", "")
        recipe.models[0].backbone = "resnet19"
        #expect(refusal { try recipe.check() }.hasPrefix("sample, models.0.backbone: there is no backbone “resnet19”"))
    }
}
