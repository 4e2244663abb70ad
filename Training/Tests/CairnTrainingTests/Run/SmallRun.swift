import CairnRecipes
import CairnTorch
import Foundation
import Testing

@testable import CairnTraining

/// Suites that train: one after the other, as what layers drop comes from the process' own random numbers.
@Suite("Runs", .serialized) enum RunSuites {}

/// The folder of a run, made by a test and removed by it.
struct SmallRun {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-run-\(UUID().uuidString)")

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// Trains from the beginning, on one thread.
    func train(
        _ recipe: Recipe, _ photos: SmallPhotos, _ change: (inout TrainingOptions) -> Void = { _ in }
    ) async throws {
        Torch.threads = 1
        var options = TrainingOptions(data: photos.directory.path)
        options.logEvery = 1
        change(&options)
        try await TrainingRun(beginning: recipe, options: options, in: folder).train(on: .cpu)
    }

    /// Goes on, to the end unless it is told otherwise.
    func resume(stopAfter: Int? = nil) async throws {
        Torch.threads = 1
        try await TrainingRun(resuming: folder) { $0.stopAfter = stopAfter }.train(on: .cpu)
    }

    /// Trains in as many parts as are named by steps, and then to the end.
    func train(_ recipe: Recipe, _ photos: SmallPhotos, stoppingAfter steps: [Int]) async throws {
        await #expect(throws: CancellationError.self) { try await train(recipe, photos) { $0.stopAfter = steps[0] } }
        for count in steps.dropFirst() {
            await #expect(throws: CancellationError.self) { try await resume(stopAfter: count) }
        }
        try await resume()
    }

    func file(_ name: String, of model: String = "net") -> URL { folder.appendingPathComponent("\(model)/\(name)") }

    func events(of model: String = "net") throws -> [TrainingEvent] {
        try TrainingLog.read(file("log.jsonl", of: model).path)
    }

    func losses(of model: String = "net") throws -> [Double] {
        try events(of: model).compactMap { if case .step(let step) = $0 { step.loss } else { nil } }
    }

    /// The notes of the log, warnings too.
    func notes(of model: String = "net") throws -> [String] {
        try events(of: model).compactMap { event in
            switch event {
            case .note(let note), .warning(let note): note.message
            default: nil
            }
        }
    }

    /// The last epoch's model as bytes.
    func model(_ name: String = "net") throws -> Data { try Data(contentsOf: file("last.safetensors", of: name)) }
}
