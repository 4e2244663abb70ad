import CairnCheckpoints
import CairnFormats
import CairnModels
import CairnNN
import CairnRecipes
import CairnTorch
import Foundation
import Testing

@testable import CairnTraining

@Suite("Weights that networks begin with") struct StartingWeightsTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "cairn-start-\(UUID().uuidString)")

    /// A published checkpoint of the backbone: its names, numbers of their own, and a classifier of 1,000 classes.
    private func write(
        _ model: RecipeModel, dropping dropped: Set<String> = [], reshaping: Set<String> = [],
        adding added: [String] = ["fc.weight", "fc.bias"]
    ) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var tensors: [(name: String, array: NumericArray)] = []
        for spec in try TrainableNetwork.specs(of: model)
        where !spec.name.isBehindBackbone && !dropped.contains(spec.name) {
            let shape = spec.shape.dimensions
            let count = spec.shape.elementCount
            tensors.append(
                (
                    spec.name,
                    NumericArray(
                        values(of: spec.name, count), shape: reshaping.contains(spec.name) ? shape + [1] : shape)
                ))
            if spec.name.hasSuffix("running_mean") {
                tensors.append(
                    (
                        spec.name.replacing("running_mean", with: "num_batches_tracked"),
                        NumericArray([Int64(7)], shape: [])
                    ))
            }
        }
        for name in added {
            tensors.append(
                (
                    name,
                    NumericArray([Float](repeating: 0, count: 1_000), shape: name == "fc.bias" ? [1_000] : [1_000, 1])
                ))
        }
        let file = folder.appendingPathComponent("\(UUID().uuidString).safetensors").path
        try SafetensorsFile.write(tensors, to: file)
        return file
    }

    private func values(of name: String, _ count: Int) -> [Float] {
        let seed = Float(name.utf8.reduce(0) { ($0 * 31 + Int($1)) % 997 })
        return (0..<count).map { 0.5 + 0.4 * sin(seed + Float($0 % 1_000)) }
    }

    private func parameters(_ model: RecipeModel, _ file: String?, seed: UInt64 = 5) throws -> TorchParameters {
        let parameters = try StartingWeights(file: file).parameters(of: model, seed: seed, device: .cpu)
        _ = try TrainableNetwork(model: model, parameters: parameters)
        return parameters
    }

    @Test(
        "A published checkpoint fills the backbone with its numbers, what is behind it has random ones, and its head is left"
    )
    func publishedCheckpoint() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = try SmallRecipe.make().models[0]
        let begun = try parameters(model, write(model))
        let random = try parameters(model, nil)
        for entry in begun.entries {
            let found = try entry.tensor.floats()
            if entry.spec.name.isBehindBackbone {
                let other = try #require(random.tensor(named: entry.spec.name))
                #expect(try found == other.floats(), "\(entry.spec.name)")
            } else {
                #expect(found == values(of: entry.spec.name, found.count), "\(entry.spec.name)")
            }
        }
        #expect(begun.entries.contains { $0.spec.name == "conv1.weight" })
        #expect(begun.entries.contains { $0.spec.name.hasPrefix("head.") })
        #expect(!begun.entries.contains { $0.spec.name.hasPrefix("fc.") })
    }

    @Test("DELG's local half begins with random numbers beside a published backbone")
    func delg() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = try SmallRecipe.make([
            "models.0.head=whitening", "models.0.delg={localDimensions: 8, attentionChannels: 16}",
        ]).models[0]
        let begun = try parameters(model, write(model))
        let weight = try #require(begun.tensor(named: "layer4.0.conv1.weight"))
        let found = try weight.floats()
        #expect(found == values(of: "layer4.0.conv1.weight", found.count))
        let attention = try #require(begun.tensor(named: "local.attention.conv1.weight"))
        #expect(try attention.floats().contains { $0 != 0 })
    }

    @Test("What is missing, unused or of another shape is named")
    func misfits() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = try SmallRecipe.make().models[0]
        func failure(_ file: String) -> String {
            do { _ = try parameters(model, file) } catch { return "\(error)" }
            return "no error"
        }
        #expect(try failure(write(model, dropping: ["layer2.0.bn1.weight"])).contains("layer2.0.bn1.weight"))
        #expect(try failure(write(model, reshaping: ["conv1.weight"])).contains("conv1.weight"))
        #expect(try failure(write(model, adding: ["layer9.extra"])).contains("layer9.extra"))
        let none = folder.appendingPathComponent("none.safetensors").path
        #expect(failure(none).contains("none.safetensors"))
        let text = folder.appendingPathComponent("text.safetensors")
        try Data("no tensors at all, only words".utf8).write(to: text)
        #expect(failure(text.path).contains("text.safetensors"))
        // A checkpoint of another network is told by its names.
        let other = try SmallRecipe.make(["models.0.backbone=resnet50"]).models[0]
        #expect(try failure(write(other)) != "no error")
    }

    @Test("A run asks for the weights that its recipe begins with, and for files that fit, before it makes a folder")
    func check() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let recipe = try SmallRecipe.make(["training.stages.0.start=pretrained"])
        let training = try #require(recipe.training)
        var options = TrainingOptions(data: "/")
        let error = #expect(throws: TrainingError.self) {
            try StartingWeights.check(recipe.models[0], of: training, options: options)
        }
        #expect(
            error?.message.contains("--weights net=FILE") == true && error?.message.contains("--from-scratch") == true)
        options.startsFromScratch = true
        try StartingWeights.check(recipe.models[0], of: training, options: options)
        options.weights["net"] = try write(recipe.models[0], dropping: ["bn1.bias"])
        #expect(throws: CheckpointError.self) {
            try StartingWeights.check(recipe.models[0], of: training, options: options)
        }
        options.weights["net"] = try write(recipe.models[0])
        try StartingWeights.check(recipe.models[0], of: training, options: options)
        let random = try SmallRecipe.make()
        try StartingWeights.check(
            random.models[0], of: try #require(random.training), options: TrainingOptions(data: "/"))
    }
}

extension RunSuites {
    @Suite("Runs that begin with a model") struct FineTuningTests {
        @Test("A model that a run has exported is where another run goes on, head and all")
        func exportedModel() async throws {
            let photos = try SmallPhotos(classes: 3, heldOut: 2, photos: 3)
            let (first, second) = (SmallRun(), SmallRun())
            defer {
                photos.remove()
                first.remove()
                second.remove()
            }
            let quick = ["training.stages.0.batchSize=4", "training.stages.0.epochs=1"]
            try await first.train(SmallRecipe.make(quick), photos)
            let file = first.folder.appendingPathComponent("mine.safetensors").path
            _ = try TrainedModelExport(run: first.folder, isLast: true).write(to: file)
            // A rate of almost nothing: what comes out is what went in, but for running means.
            let recipe = try SmallRecipe.make(
                quick + [
                    "training.stages.0.start=pretrained",
                    "training.stages.0.optimizer={kind: sgd, learningRate: 1e-12}",
                    "training.stages.0.frozen=[batchNorm]",
                ])
            try await second.train(recipe, photos) { $0.weights = ["net": file] }
            let (before, after) = try (
                Checkpoint(contentsOf: file), Checkpoint(contentsOf: second.file("last.safetensors").path)
            )
            #expect(before.names.sorted() == after.names.sorted())
            for name in before.names {
                let values = try (before.array(named: name).floats(), after.array(named: name).floats())
                let difference = zip(values.0, values.1).map { abs($0 - $1) }.max() ?? 0
                #expect(difference < 1e-6, "\(name)")
            }
        }
    }
}
