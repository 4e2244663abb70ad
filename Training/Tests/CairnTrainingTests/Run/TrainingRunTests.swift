import CairnCheckpoints
import CairnModelLibrary
import CairnRecipes
import CairnTorch
import Foundation
import Testing

@testable import CairnTraining

extension RunSuites {
    @Suite("A run from a folder of photos to a model")
    struct TrainingRunTests {
        private func train(
            _ recipe: Recipe, _ photos: SmallPhotos, in folder: URL,
            _ change: (inout TrainingOptions) -> Void = { _ in }
        ) async throws {
            Torch.threads = 1
            var options = TrainingOptions(data: photos.directory.path)
            options.logEvery = 1
            change(&options)
            try await TrainingRun(beginning: recipe, options: options, in: folder).train(on: .cpu)
        }

        private func scratch() -> URL {
            FileManager.default.temporaryDirectory.appendingPathComponent("cairn-run-\(UUID().uuidString)")
        }

        private func losses(in folder: URL) throws -> [Double] {
            try TrainingLog.read(folder.appendingPathComponent("net/log.jsonl").path).compactMap {
                if case .step(let step) = $0 { step.loss } else { nil }
            }
        }

        @Test("learns, validates, and leaves a model, a log, a report and samples")
        func completes() async throws {
            let photos = try SmallPhotos()
            defer { photos.remove() }
            let folder = scratch()
            defer { try? FileManager.default.removeItem(at: folder) }
            try await train(SmallRecipe.make(["training.stages.0.epochs=6"]), photos, in: folder)
            let home = folder.appendingPathComponent("net")
            for name in [
                "best.safetensors", "last.safetensors", "state.safetensors", "report.html", "samples.jpg", "log.jsonl",
            ] {
                #expect(FileManager.default.fileExists(atPath: home.appendingPathComponent(name).path), "\(name)")
            }
            let losses = try losses(in: folder)
            #expect(losses.count == 6 * 4)
            #expect(losses.suffix(4).reduce(0, +) < losses.prefix(4).reduce(0, +))
            let events = try TrainingLog.read(home.appendingPathComponent("log.jsonl").path)
            let figures = events.compactMap { event -> Double? in
                if case .epoch(let epoch) = event { epoch.validation["mAP@100"] } else { nil }
            }
            #expect(figures.count == 6)
            #expect(figures.allSatisfy { $0 > 0 && $0 <= 1 })
            let description = try #require(
                try ModelDescription(of: Checkpoint(contentsOf: home.appendingPathComponent("best.safetensors").path)))
            #expect(description.architecture == "resnet18")
            #expect(description.training.validation == figures.max())
        }

        @Test("goes on after a stop within an epoch with the same bits as a run that was not ended")
        func resumesExactly() async throws {
            let photos = try SmallPhotos()
            defer { photos.remove() }
            let overrides = [
                "training.stages.0.movingAverage=0.9", "training.stages.0.accumulation=2",
                "training.stages.0.batchSize=4",
                "training.stages.0.optimizer={kind: adamw, learningRate: 0.001}",
                "training.stages.0.mixing={kind: cornerCutmix}", "models.0.head={kind: bn-dropout-fc-bn, dropout: 0.5}",
                "training.stages.0.losses=[{kind: curricularFace, scale: 16}]",
            ]
            let recipe = try SmallRecipe.make(overrides)
            let (whole, parted) = (scratch(), scratch())
            defer { for folder in [whole, parted] { try? FileManager.default.removeItem(at: folder) } }
            try await train(recipe, photos, in: whole)
            // Ended after three changes of the weights, within the first epoch, and once more in the second.
            await #expect(throws: CancellationError.self) {
                try await train(recipe, photos, in: parted) { $0.stopAfter = 3 }
            }
            await #expect(throws: CancellationError.self) {
                try await TrainingRun(resuming: parted) { $0.stopAfter = 3 }.train(on: .cpu)
            }
            try await TrainingRun(resuming: parted) { $0.stopAfter = nil }.train(on: .cpu)
            #expect(try losses(in: whole) == losses(in: parted))
            let models = try [whole, parted].map {
                try Data(contentsOf: $0.appendingPathComponent("net/last.safetensors"))
            }
            #expect(models[0] == models[1])
        }

        @Test("ends on a loss that is no number, with the batch saved, and keeps the last checkpoint")
        func stopsOnNaN() async throws {
            let photos = try SmallPhotos()
            defer { photos.remove() }
            let folder = scratch()
            defer { try? FileManager.default.removeItem(at: folder) }
            let recipe = try SmallRecipe.make([
                "training.stages.0.optimizer.learningRate=100", "training.stages.0.losses=[softmax]",
                "training.stages.0.epochs=8", "training.stages.0.frozen=[batchNorm]",
            ])
            await #expect(throws: TrainingError.self) { try await train(recipe, photos, in: folder) }
            let home = folder.appendingPathComponent("net")
            for name in ["failed-batch.json", "failed-batch.safetensors", "state.safetensors"] {
                #expect(FileManager.default.fileExists(atPath: home.appendingPathComponent(name).path), "\(name)")
            }
            let events = try TrainingLog.read(home.appendingPathComponent("log.jsonl").path)
            guard case .stopped(let record) = events.last else {
                Issue.record("the log does not end with the reason")
                return
            }
            #expect(record.reason.contains("nan") || record.reason.contains("inf"))
        }

        @Test("refuses folders in use, unknown models, missing weights and photos of one class, each in a sentence")
        func refuses() async throws {
            let photos = try SmallPhotos(classes: 2, heldOut: 2, photos: 3)
            defer { photos.remove() }
            let folder = scratch()
            defer { try? FileManager.default.removeItem(at: folder) }
            try await train(
                SmallRecipe.make(["training.stages.0.epochs=1", "training.stages.0.batchSize=4"]), photos, in: folder)
            let recipe = try SmallRecipe.make()
            var options = TrainingOptions(data: photos.directory.path)
            #expect(throws: TrainingError.self) { try TrainingRun(beginning: recipe, options: options, in: folder) }
            options.models = ["other"]
            #expect(throws: TrainingError.self) { try TrainingRun(beginning: recipe, options: options, in: scratch()) }
            let pretrained = try SmallRecipe.make(["training.stages.0.start=pretrained"])
            let other = scratch()
            defer { try? FileManager.default.removeItem(at: other) }
            await #expect(throws: TrainingError.self) { try await train(pretrained, photos, in: other) }
            #expect(throws: TrainingError.self) { try TrainingRun(resuming: other.appendingPathComponent("none")) }
        }
    }
}
