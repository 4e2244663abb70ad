import CairnCore
import CairnDatasets
import CairnEvaluation
import CairnImaging
import CairnModelLibrary
import CairnRecipes
import Foundation

/// A small rendered town, one folder a landmark and `_distractor/`, rendered once for all tests.
enum RecipeTown {
    static let (landmarks, views, others) = (6, 4, 6)

    /// The photos. Every photo of a landmark is a query: there is no list of them.
    static let folder = Task<URL, any Error> {
        let folder = temporaryFolder("town")
        let town = try SampleTown(
            seed: 5, landmarks: landmarks, viewsPerLandmark: views, lookAlikes: 0, distractors: others, longSide: 256,
            difficulty: .easy)
        try await SampleTownWriter(town: town) { try $0.encodeJPEG(quality: 90) }.write(to: folder)
        try FileManager.default.removeItem(at: folder.appendingPathComponent("queries.csv"))
        return folder
    }

    /// What networks run with, made once. Threads do not matter to networks of this size.
    static let runtime = Result {
        try ModelRuntime(precision: .float32, goal: .latency, threads: 2, cacheDirectory: nil)
    }

    static func temporaryFolder(_ name: String) -> URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("cairn-recipe-\(name)-\(UUID().uuidString)")
    }

    /// A run on the town with random weights, or with models of a library.
    static func configuration(
        output: URL, untrained: Bool = true, models: [String: String] = [:], library: ModelLibrary? = nil
    ) async throws -> RecipeRunConfiguration {
        var configuration = RecipeRunConfiguration(data: try await folder.value, output: output) {
            try RecipeTown.runtime.get()
        }
        configuration.isUntrained = untrained
        configuration.models = models
        configuration.library = library ?? ModelLibrary(path: output.path + "-models")
        return configuration
    }

    /// RootSIFT, its inverted file and its verification: a recipe without networks.
    static let localRecipe = """
        name: local-only
        title: RootSIFT alone
        documents: [{title: A test}]
        data: {layout: folders, index: {}, test: {}, source: test}
        local: {features: hessian-affine-rootsift, longSide: 256, count: 500, tolerance: 4, source: test}
        search: {local: asmk, source: test}
        reranking: {steps: [{method: "verify:n=29", source: test}]}
        metrics: {protocol: standard, figures: [mAP, mP@1, recall@3, Acc@1], source: test}
        """

    /// One small network, with a step of re-ranking.
    static let globalRecipe = """
        name: global-only
        title: One network
        documents: [{title: A test}]
        data: {layout: folders, index: {}, test: {}, source: test}
        models:
          - {name: net, backbone: resnet18, head: fc, dimensions: 16, input: 96, source: test}
        descriptor: {whitening: {dimensions: 8}, source: test}
        search: {source: test}
        reranking: {steps: [{method: "alphaqe:n=3", source: test}]}
        metrics: {protocol: standard, figures: [mAP], source: test}
        """

    static func recipe(_ text: String, _ overrides: String...) throws -> Recipe {
        try Recipe(document: YAMLDocument(text: text, name: "test.yaml"), overrides: overrides)
    }
}

/// What a user would read of an error; empty for none.
func sentence(_ error: (any Error)?) -> String { (error as? any CairnError)?.message ?? "" }
