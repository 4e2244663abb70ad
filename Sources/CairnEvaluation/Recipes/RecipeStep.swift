import CairnRecipes

/// A part of a recipe's run, in the order in which parts run.
public enum RecipeStep: String, Sendable, Codable, Hashable, CaseIterable {
    /// The photos: which are searched, with which, and what they show.
    case data
    /// The networks, checked against the recipe, their whitenings and their ensemble.
    case models
    /// Labels cleaned as the recipe cleans those that it trains on.
    case cleaning
    /// A collection of the gallery.
    case index
    /// Every query searched with.
    case search
    /// Every query's ranking again.
    case reranking
    /// A label and a confidence for every query, or none.
    case recognition
    /// Figures, report and ranked sheet.
    case metrics

    /// What a terminal says while it runs.
    public var title: String {
        switch self {
        case .data: "Reading photos"
        case .models: "Making models ready"
        case .cleaning: "Cleaning labels"
        case .index: "Indexing"
        case .search: "Searching"
        case .reranking: "Re-ranking"
        case .recognition: "Recognising"
        case .metrics: "Scoring"
        }
    }

    /// What its progress counts.
    public var unit: String {
        switch self {
        case .data, .cleaning, .index: "photos"
        case .models: "models"
        case .search, .reranking, .recognition, .metrics: "queries"
        }
    }

    /// The steps that a recipe has, in order.
    public static func steps(of recipe: Recipe) -> [RecipeStep] {
        allCases.filter { step in
            switch step {
            case .cleaning: !recipe.cleaning.isEmpty
            case .reranking: recipe.reranking != nil
            case .recognition: recipe.recognition != nil
            case .data, .models, .index, .search, .metrics: true
            }
        }
    }
}

/// What a run tells of itself.
public enum RecipeProgress: Sendable {
    /// A step begins: its number from 1, and how many there are.
    case started(RecipeStep, number: Int, count: Int)
    /// Some of it is done.
    case advanced(RecipeStep, done: Int, total: Int)
    /// It is done, or was before.
    case finished(RecipeReport.Step)
}
