import CairnCheckpoints
import CairnRecipes
import Foundation
import Testing

@testable import CairnTraining

extension RunSuites {
    @Suite("What recipes may ask for") struct RecipeVariantTests {
        /// A variant of the small recipe, by what is changed in its stage.
        struct Variant: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let overrides: [String]

            init(_ name: String, model: [String] = [], _ stage: String...) {
                testDescription = name
                overrides = model.map { "models.0.\($0)" } + stage.map { "training.stages.0.\($0)" }
            }
        }

        private static let variants: [Variant] = [
            Variant(
                "contrastive, mined each epoch", "losses=[contrastive]", "sampler=tuples", "batchSize=3",
                "mining={queries: 9, pool: 20, negatives: 2}", "epochs=2"),
            Variant(
                "triplet, mined every other epoch, the hardest match", "losses=[triplet]", "sampler=tuples",
                "batchSize=3",
                "mining={queries: 9, pool: 20, negatives: 2, every: 2, positives: hardest}", "epochs=3"),
            Variant(
                "batch-hard triplet and listwise AP", "losses=[batchHardTriplet, {kind: listwiseAP, weight: 0.5}]",
                "sampler={kind: classesByPhotos, classes: 4, photos: 2}"),
            Variant("CutMix in one stream", "mixing=cutmix", "losses=[cosineSoftmax]"),
            Variant(
                "aspect groups", "sizes=[{size: 32, shape: aspectGroups}]",
                "sampler={kind: shuffled, groupsByAspect: true}"),
            Variant("long side", "sizes=[{size: 40, shape: longSide}]", "augmentation=[]"),
            Variant(
                "progressive sizes",
                "sizes=[{size: 32, epochs: 1, batchSize: 12}, {size: 48, epochs: 1, batchSize: 6}]",
                "epochs=2", "schedule={kind: cosine, warmupEpochs: 0.5}"),
            Variant("frozen normalisation", "frozen=[batchNorm]", "optimizer={kind: adamw, learningRate: 0.0005}"),
            Variant("frozen backbone", "frozen=[backbone]"),
            Variant("adaptive clipping", "clipping={kind: adaptive}", "optimizer.learningRate=0.01"),
            Variant("bfloat16", "precision=bf16"),
            Variant(
                "DELG", model: ["head=whitening", "delg={localDimensions: 8, attentionChannels: 16}"], "delg={}",
                "mixing=cornerCutmix"),
            Variant(
                "DELG without stops", model: ["head=whitening", "delg={localDimensions: 8, attentionChannels: 16}"],
                "delg={stopsAttentionGradient: false, stopsReconstructionGradient: false}",
                "optimizer.learningRate=0.005"),
            Variant(
                "subcentres, smoothing, class weights",
                "losses=[{kind: subcenterArcFace, scale: 16, labelSmoothing: 0.1, classWeights: inverseSquareRoot}]",
                "sampler=classBalanced"),
            Variant(
                "dynamic AdaCos and a softmax",
                "losses=[{kind: adaCos, scaleRule: dynamic}, {kind: softmax, weight: 0.5}]"),
        ]

        @Test("ends with numbers, and goes on after a stop with the bits of a run that had none", arguments: variants)
        func variant(_ variant: Variant) async throws {
            let photos = try SmallPhotos(classes: 6, heldOut: 2, photos: 4)
            let (whole, parted) = (SmallRun(), SmallRun())
            defer {
                photos.remove()
                whole.remove()
                parted.remove()
            }
            let epochs = variant.overrides.contains { $0.contains(".epochs=") } ? [] : ["training.stages.0.epochs=1"]
            let recipe = try SmallRecipe.make(epochs + variant.overrides)
            try await whole.train(recipe, photos)
            let losses = try whole.losses()
            #expect(losses.count >= 2 && losses.allSatisfy { $0.isFinite })
            // Once in the first epoch, and once between two minings where there are some.
            let stops = recipe.training?.stages[0].epochs == 3 ? [1, losses.count / 2] : [1]
            try await parted.train(recipe, photos, stoppingAfter: stops)
            #expect(try parted.losses() == losses)
            #expect(try whole.model() == parted.model())
        }

        @Test("What is frozen does not change")
        func frozen() async throws {
            let photos = try SmallPhotos(classes: 3, heldOut: 2, photos: 3)
            defer { photos.remove() }
            for (part, prefix) in [("batchNorm", "bn1."), ("backbone", "layer1.")] {
                let run = SmallRun()
                defer { run.remove() }
                let recipe = try SmallRecipe.make([
                    "training.stages.0.frozen=[\(part)]", "training.stages.0.batchSize=4",
                ])
                try await run.train(recipe, photos)
                let begun = try StartingWeights(file: nil).parameters(
                    of: recipe.models[0], seed: Seeds(root: 3).weights(of: "net"), device: .cpu)
                _ = try TrainableNetwork(model: recipe.models[0], parameters: begun)
                let ended = try Checkpoint(contentsOf: run.file("last.safetensors").path)
                for (name, tensor) in begun.named where name.hasPrefix(prefix) {
                    let (before, after) = try (tensor.floats(), ended.array(named: name).floats())
                    #expect(before == after, "\(name)")
                }
                let head = try #require(begun.named.first { $0.name.hasPrefix("head.") && $0.name.hasSuffix("weight") })
                let before = try head.tensor.floats()
                let after: [Float] = try ended.array(named: head.name).floats()
                #expect(before != after)
            }
        }

        @Test(
            "Two stages: labels are cleaned by the first's network, classes begin anew, the backbone goes on; a stop changes nothing"
        )
        func twoStages() async throws {
            let photos = try SmallPhotos(classes: 4, heldOut: 2, photos: 5)
            let (whole, parted) = (SmallRun(), SmallRun())
            defer {
                photos.remove()
                whole.remove()
                parted.remove()
            }
            let stage = { (name: String, rest: String) in
                "{name: \(name), losses: [{kind: arcFace, scale: 16, margin: 0.1}], sizes: [32], epochs: 2, batchSize: 5, movingAverage: 0.5, optimizer: {kind: sgd, learningRate: 0.02, momentum: 0.9}, source: tests, \(rest)}"
            }
            let recipe = try SmallRecipe.make([
                "cleaning=[{name: clean, method: clusters, afterStage: first, eps: 0.5, minSamples: 2, tailEps: 0.9, source: tests}]",
                "training.stages=[\(stage("first", "start: random")), \(stage("second", "data: clean"))]",
            ])
            try await whole.train(recipe, photos)
            let events = try whole.events()
            let classes = events.compactMap { if case .stageStarted(let stage) = $0 { stage.classes } else { nil } }
            #expect(classes.count == 2 && classes[0] == 4)
            #expect(
                FileManager.default.fileExists(atPath: whole.folder.appendingPathComponent("cleaning/clean.csv").path))
            let losses = try whole.losses()
            #expect(losses.allSatisfy { $0.isFinite })
            let first =
                events.compactMap { event in
                    if case .step(let step) = event, step.stage == 0 { step.globalStep } else { nil }
                }.max() ?? 0
            // Within each stage, and at the seam.
            try await parted.train(recipe, photos, stoppingAfter: [3, first - 3, 1])
            #expect(try parted.losses() == losses)
            #expect(try whole.model() == parted.model())
            let lists = try [whole, parted].map {
                try Data(contentsOf: $0.folder.appendingPathComponent("cleaning/clean.csv"))
            }
            #expect(lists[0] == lists[1])
        }
    }
}
