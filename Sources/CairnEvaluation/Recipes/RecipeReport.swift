import CairnRecipes

/// What came of running a recipe.
public struct RecipeReport: Sendable, Codable {
    /// A step of the run.
    public struct Step: Sendable, Codable, Hashable {
        /// Which.
        public var step: RecipeStep
        /// How long it took when it was done, in seconds.
        public var seconds: Double
        /// Whether it was done in an earlier run, and its result was used again.
        public var isReused = false
        /// What it did, in a line.
        public var summary: String
        /// What of the recipe was done otherwise, or a reader should know.
        public var notes: [String] = []
    }

    /// A figure of rankings.
    public struct Figure: Sendable, Codable, Hashable {
        /// Its name, as papers print it.
        public var name: String
        /// The way of judging, where there are several.
        public var setting: String?
        /// Its value before re-ranking.
        public var searched: Double
        /// Its value after it; `nil` where the recipe does not re-rank.
        public var reranked: Double?
    }

    /// A document's own figure, for comparison.
    public struct Reported: Sendable, Codable, Hashable {
        /// Which figure.
        public var figure: String
        /// Its value.
        public var value: Double
        /// On which photos.
        public var on: String
    }

    /// What cleaning did.
    public struct Cleaning: Sendable, Codable, Hashable {
        /// The recipe's name of the step.
        public var name: String
        /// How it was done, in words.
        public var method: String
        /// Photos before.
        public var photos: Int
        /// Labels before.
        public var labels: Int
        /// Photos that have a label still.
        public var kept: Int
        /// Classes after.
        public var classes: Int
    }

    /// The recipe's name.
    public var recipe: String
    /// Its title.
    public var title: String
    /// Whether networks had random weights, so that no figure means anything.
    public var isUntrained: Bool
    /// The folder of photos, and the layout that it has.
    public var data: String
    /// See `data`.
    public var layout: String
    /// Photos that were searched.
    public var galleryCount: Int
    /// Queries.
    public var queryCount: Int
    /// Who had which role, and how many entries its descriptors have.
    public var models: [Model]
    /// The steps in order.
    public var steps: [Step] = []
    /// Figures of rankings.
    public var figures: [Figure] = []
    /// Queries whose ranking re-ranking changed; `nil` where the recipe does not re-rank.
    public var rerankedQueries: Int?
    /// Cleaning, step by step.
    public var cleaning: [Cleaning] = []
    /// How well labels were recognised; `nil` where the recipe does not.
    public var recognition: RecognitionFigures?
    /// How long queries took, those of the last search.
    public var timings: EvaluationReport.Timings?
    /// The documents' own figures.
    public var reported: [Reported] = []

    /// A role and who had it.
    public struct Model: Sendable, Codable, Hashable {
        /// The recipe's name of it.
        public var role: String
        /// The model; `nil` for random weights.
        public var model: String?
        /// Entries of its descriptors.
        public var dimensions: Int
    }

    /// All notes, in order, each once.
    public var notes: [String] {
        var seen: Set<String> = []
        return steps.flatMap(\.notes).filter { seen.insert($0).inserted }
    }

    /// What the training half is, and what a run needs instead, in a line; `nil` for a recipe without.
    public static func trainingSentence(_ recipe: Recipe) -> String? {
        guard let training = recipe.training else { return nil }
        let stages = training.stages.count
        return
            "Training (\(stages) stage\(stages == 1 ? "" : "s")) is a separate program’s half; a run takes models that are trained: \(RecipeRole.roles(of: recipe).map { "\($0.name) (\($0.requirement))" }.joined(separator: "; "))."
    }
}
