import CairnCheckpoints
import CairnCore
import CairnFormats
import CairnRecipes
import Foundation
import Testing

@testable import CairnTraining

extension RunSuites {
    @Suite("States of runs") struct TrainingCheckpointTests {
        private static let quick = ["training.stages.0.batchSize=4", "training.stages.0.epochs=2"]

        private func stopped(_ body: (SmallRun) async throws -> Void) async throws {
            let photos = try SmallPhotos(classes: 3, heldOut: 2, photos: 3)
            let run = SmallRun()
            defer {
                photos.remove()
                run.remove()
            }
            let recipe = try SmallRecipe.make(Self.quick)
            await #expect(throws: CancellationError.self) { try await run.train(recipe, photos) { $0.stopAfter = 2 } }
            try await body(run)
        }

        private func failure(_ run: SmallRun) async -> (any CairnError)? {
            do { try await run.resume() } catch { return error as? any CairnError }
            return nil
        }

        @Test("A state that is cut off, empty, damaged or another file is refused by its name")
        func damaged() async throws {
            try await stopped { run in
                let file = run.file("state.safetensors")
                let whole = try Data(contentsOf: file)
                var flipped = whole
                flipped[12] ^= 0xFF
                for bytes in [whole.prefix(whole.count / 2), Data(), whole.prefix(40), Data("words".utf8), flipped] {
                    try bytes.write(to: file)
                    let error = await failure(run)
                    #expect(
                        error?.message.contains("state.safetensors") == true,
                        "\(bytes.count) bytes: \(String(describing: error))")
                }
                try SafetensorsFile.write([("a", NumericArray([Float(1)]))], to: file.path)
                #expect(await failure(run)?.kind == .invalidInput)
                let key = "cairn.training"
                try SafetensorsFile.write([("a", NumericArray([Float(1)]))], metadata: [key: "{}"], to: file.path)
                #expect(await failure(run)?.kind == .corrupted)
                try whole.write(to: file)
                try await run.resume()
            }
        }

        @Test("A state of other settings is a conflict, and so is one of another version")
        func otherSettings() async throws {
            try await stopped { run in
                let settings = run.folder.appendingPathComponent("run.json")
                let text = try String(contentsOf: settings, encoding: .utf8)
                try text.replacing("\"margin\" : 0.1", with: "\"margin\" : 0.2").write(
                    to: settings, atomically: true, encoding: .utf8)
                #expect(await failure(run)?.kind == .conflict)
                try text.replacing("\"format\" : 1", with: "\"format\" : 2").write(
                    to: settings, atomically: true, encoding: .utf8)
                #expect(await failure(run)?.kind == .unsupported)
                try "no JSON".write(to: settings, atomically: true, encoding: .utf8)
                #expect(await failure(run)?.kind == .corrupted)
                try text.write(to: settings, atomically: true, encoding: .utf8)
                #expect(await failure(run) == nil)
            }
        }

        @Test("A log that ends within a line is gone on with; one whose middle is damaged is not")
        func tornLog() async throws {
            try await stopped { run in
                let file = run.file("log.jsonl")
                let before = try Data(contentsOf: file)
                try (before + Data("{\"event\":\"step\",\"lo".utf8)).write(to: file)
                await #expect(throws: CancellationError.self) { try await run.resume(stopAfter: 1) }
                var lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
                lines[1] = "nonsense"
                try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
                let error = await failure(run)
                #expect(error?.kind == .corrupted && error?.message.contains("log.jsonl:2") == true)
            }
        }

        @Test("A folder that cannot be made is said so before anything is trained")
        func unwritable() async throws {
            let photos = try SmallPhotos(classes: 3, heldOut: 2, photos: 3)
            defer { photos.remove() }
            let file = photos.directory.appendingPathComponent("file")
            try Data().write(to: file)
            let recipe = try SmallRecipe.make(Self.quick)
            let options = TrainingOptions(data: photos.directory.path)
            for folder in [file, file.appendingPathComponent("below")] {
                #expect(throws: TrainingError.self) { try TrainingRun(beginning: recipe, options: options, in: folder) }
            }
        }

        @Test("A run that goes on after photos have come or gone is refused instead of mixing up classes")
        func otherPhotos() async throws {
            let photos = try SmallPhotos(classes: 3, heldOut: 2, photos: 3)
            let run = SmallRun()
            defer {
                photos.remove()
                run.remove()
            }
            let recipe = try SmallRecipe.make(Self.quick)
            await #expect(throws: CancellationError.self) { try await run.train(recipe, photos) { $0.stopAfter = 2 } }
            let extra = photos.directory.appendingPathComponent("train/class0/extra.jpg")
            try FileManager.default.copyItem(
                at: photos.directory.appendingPathComponent("train/class0/0.jpg"), to: extra)
            #expect(await failure(run)?.kind == .conflict)
            try FileManager.default.removeItem(at: extra)
            #expect(await failure(run) == nil)
        }
    }
}
