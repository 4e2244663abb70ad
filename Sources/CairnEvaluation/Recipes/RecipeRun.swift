import Cairn
import CairnModelLibrary
import CairnRecipes
import Foundation
import Synchronization

/// One run of a recipe: its steps in order, each with what those before it left.
final class RecipeRun: Sendable {
    let runner: RecipeRunner
    let store: RecipeRunStore
    /// The run's own models.
    let library: ModelLibrary

    private let progress: @Sendable (RecipeProgress) throws -> Void
    private let madeRuntime = Mutex<ModelRuntime?>(nil)

    var recipe: Recipe { runner.recipe }
    var configuration: RecipeRunConfiguration { runner.configuration }

    init(_ runner: RecipeRunner, progress: @escaping @Sendable (RecipeProgress) throws -> Void) throws {
        self.runner = runner
        self.progress = progress
        store = try RecipeRunStore(root: runner.configuration.output)
        library = ModelLibrary(path: store.url(RecipeModels.folder).path)
    }

    /// What networks run with, made when one is first needed.
    func runtime() throws -> ModelRuntime {
        try madeRuntime.withLock { made in
            if let made { return made }
            let runtime = try configuration.runtime()
            made = runtime
            return runtime
        }
    }

    var options: IndexingOptions { IndexingOptions(threads: configuration.threads) }

    /// Tells of a part of a step; errors of the listener wait for the step's end.
    func advance(_ step: RecipeStep, _ done: Int, _ total: Int) {
        try? progress(.advanced(step, done: done, total: total))
    }

    // MARK: Steps

    /// What a step's work gives back.
    struct Outcome<Result: Codable & Sendable>: Sendable {
        var result: Result
        var summary: String
        var notes: [String] = []
    }

    /// Does a step, unless it was done before with the same key.
    ///
    /// - Parameters:
    ///   - key: A digest of all that goes into it.
    ///   - files: What it writes: where one is gone, the step is done again.
    ///   - folders: What it fills: dropped before a step of another key, gone on with after a kill.
    func perform<Result: Codable & Sendable>(
        _ step: RecipeStep, key: String, files: [String] = [], folders: [String] = [], into report: inout RecipeReport,
        _ work: () async throws -> Outcome<Result>
    ) async throws -> Result {
        try Task.checkCancellation()
        let number = (runner.steps.firstIndex(of: step) ?? 0) + 1
        try progress(.started(step, number: number, count: runner.steps.count))
        if var found = store.finished(step, key: key, files: files + folders, as: Result.self) {
            found.note.isReused = true
            report.steps.append(found.note)
            try progress(.finished(found.note))
            return found.result
        }
        try store.begin(step, key: key, keeping: files + folders)
        let clock = ContinuousClock.now
        let outcome = try await work()
        let seconds = (ContinuousClock.now - clock) / .seconds(1)
        let note = RecipeReport.Step(
            step: step, seconds: (1000 * seconds).rounded() / 1000, summary: outcome.summary, notes: outcome.notes)
        try store.finish(step, RecipeRunStore.Entry(key: key, note: note, result: outcome.result))
        report.steps.append(note)
        try progress(.finished(note))
        return outcome.result
    }
}
