import Cairn
import CairnModelLibrary
import CairnRecipes
import Foundation

/// Runs a recipe on photos, from their labels to its figures: all of it but training, whose results it takes as models.
///
/// Steps run one after the other, and each leaves its result in the output folder. A run that was ended goes on where it was; one with
/// other settings, photos or models does again what they change, and no more.
///
/// In the output folder: `photos.csv` (gallery rows and queries), `models/` (a model library of the run's own), `cleaned.csv`,
/// `collection/`, `ranks.npy` (`[queries, depth]`, gallery rows, -1 behind a ranking's end), `ranks-searched.npy` (before re-ranking),
/// `submission.csv`, `predictions.csv`, `report.json`, `report.md`, `ranked.html`.
public struct RecipeRunner: Sendable {
    /// What runs.
    public let recipe: Recipe
    /// On what, and with what.
    public let configuration: RecipeRunConfiguration
    /// The steps that the recipe has, in order.
    public let steps: [RecipeStep]

    /// Puts a recipe and its models together.
    ///
    /// - Throws: `EvaluationError` where models are missing, are named for roles that the recipe does not have, or are not what it says;
    ///   `ModelLibraryError` for a name that the library does not know.
    public init(_ recipe: Recipe, configuration: RecipeRunConfiguration) throws {
        self.recipe = recipe
        self.configuration = configuration
        steps = RecipeStep.steps(of: recipe)
        try Self.checkRoles(recipe, configuration)
    }

    /// Runs what is still to be done.
    ///
    /// - Parameter progress: Told when steps begin, come on and end. An error that it throws as a step begins or ends is the run's;
    ///   what is done is kept, as it is when the task is cancelled.
    public func run(
        progress: @escaping @Sendable (RecipeProgress) throws -> Void = { _ in }
    ) async throws -> RecipeReport {
        // Before the output folder is made: what cannot run leaves nothing behind.
        let photos = try RecipePhotos(recipe: recipe, directory: configuration.data)
        return try await RecipeRun(self, progress: progress).run(on: photos)
    }

    private static func checkRoles(_ recipe: Recipe, _ configuration: RecipeRunConfiguration) throws {
        let roles = RecipeRole.roles(of: recipe)
        let names = roles.map(\.name)
        if let stray = configuration.models.keys.sorted().first(where: { !names.contains($0) }) {
            throw EvaluationError(
                .invalidArgument,
                "\(recipe.name) has no model “\(stray)”; it has \(names.isEmpty ? "none" : names.joined(separator: ", "))"
            )
        }
        guard !configuration.isUntrained else {
            guard configuration.models.isEmpty else {
                throw EvaluationError(
                    .invalidArgument, "a run with random weights takes no models; leave --model or --untrained out")
            }
            return
        }
        let missing = roles.filter { configuration.models[$0.name] == nil }
        guard missing.isEmpty else {
            let list = missing.map { role in
                "  \(role.name): \(role.requirement)\n      cairn models add FILE --name \(role.name) \(role.addingOptions)"
            }
            let training =
                recipe.training == nil
                ? "" : "The recipe’s training makes them; it is a separate program’s half. "
            throw EvaluationError(
                .invalidArgument,
                "\(recipe.name) needs a model for each of its roles, and \(missing.count == 1 ? "one is" : "\(missing.count) are") not named:\n\(list.joined(separator: "\n"))\n\(training)Add checkpoints as above, then name them with \(missing.map { "--model \($0.name)=\($0.name)" }.joined(separator: " ")); or see every step run with --rehearsal"
            )
        }
        for role in roles {
            try role.check(configuration.library.record(named: configuration.models[role.name] ?? role.name))
        }
    }
}
