/// A whole solution, from the photos that it learns from to the figure that it is judged by.
///
/// A recipe is read from YAML (`init(yaml:)`, `RecipeLibrary`), where unknown keys and impossible combinations are errors with
/// their line. As JSON it is complete: what the file leaves out is written with its default.
public struct Recipe: Codable, Sendable, Hashable {
    /// The version of the format that this build reads.
    public static let currentFormat = 1

    /// The version of the format; 1.
    public var format = Recipe.currentFormat
    /// Lower-case words and digits between hyphens.
    public var name: String
    /// A line that says what it is.
    public var title: String
    /// What a reader should know first.
    public var summary: String?
    /// The documents that it follows; one at least.
    public var documents: [RecipeReference]
    /// The photos.
    public var data: RecipeData
    /// How labels are cleaned before or between stages of training; not at all.
    public var cleaning: [CleaningStep] = []
    /// The networks; none where local features do all.
    public var models: [RecipeModel] = []
    /// How the networks are trained; `nil` where they are used as they are published.
    public var training: RecipeTraining?
    /// How the models' descriptors become one; `nil` without models.
    public var descriptor: RecipeDescriptor?
    /// Local features; `nil` where nothing uses any.
    public var local: RecipeLocal?
    /// How the index is searched.
    public var search: RecipeSearch
    /// What happens to rankings; nothing.
    public var reranking: RecipeReranking?
    /// How labels and confidences come of rankings; not at all.
    public var recognition: RecipeRecognition?
    /// What the recipe is judged by.
    public var metrics: RecipeMetrics

    enum CodingKeys: String, CodingKey, CaseIterable {
        case format, name, title, summary, documents, data, cleaning, models, training, descriptor, local, search
        case reranking, recognition, metrics
    }

    private enum Keys: String, CodingKey, CaseIterable {
        case format, name, title, summary, documents, data, cleaning, models, training, descriptor, local, search
        case reranking, recognition, metrics, rehearsal
    }
}

extension Recipe: YAMLDecodable {
    /// Reads a recipe, section by section; `RecipeLibrary` also checks that the sections go together.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(Keys.self)
        try fields.read(.format, into: &format)
        guard format == Self.currentFormat else {
            throw RecipeError(
                .unsupported, at: fields[.format]?.mark ?? yaml.mark,
                "this is a recipe of format \(format), and this build reads \(Self.currentFormat)")
        }
        name = try fields.required(.name)
        guard !name.isEmpty, name.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789-".contains($0) }) else {
            throw fields.error(.name, "“name” is “\(shown(name))”; it must be lower-case letters, digits and hyphens")
        }
        title = try fields.required(.title)
        try fields.read(.summary, into: &summary)
        documents = try fields.required(.documents)
        guard !documents.isEmpty else {
            throw fields.error(.documents, "“documents” is empty; name what the recipe follows")
        }
        data = try fields.required(.data)
        try fields.read(.cleaning, into: &cleaning)
        try fields.read(.models, into: &models)
        try fields.read(.training, into: &training)
        try fields.read(.descriptor, into: &descriptor)
        try fields.read(.local, into: &local)
        search = try fields.required(.search)
        try fields.read(.reranking, into: &reranking)
        try fields.read(.recognition, into: &recognition)
        metrics = try fields.required(.metrics)
    }
}
