import CairnModels
import CairnNN

/// Checks that the sections of a recipe go together. The first thing that is wrong is thrown, with its place.
struct RecipeCheck {
    let recipe: Recipe
    /// Where the value of a path is.
    let mark: (String) -> YAMLMark

    func run() throws {
        try checkData()
        try checkModels()
        try checkCleaning()
        try checkTraining()
        try checkDescriptor()
        try checkLocal()
        try checkReranking()
        try checkRecognition()
        try checkMetrics()
    }

    func error(_ path: String, _ sentence: String) -> RecipeError { RecipeError(at: mark(path), sentence) }

    /// Throws unless `part` is there, and labelled where it must be.
    func requirePart(_ part: RecipeData.Part, labelled: Bool = false, for purpose: String, at path: String) throws {
        guard let found = recipe.data[part] else {
            throw error(
                path, "\(purpose) needs photos of “\(part.rawValue)”, and “data” has none; add “\(part.rawValue)” to it"
            )
        }
        guard !labelled || found.labelled else {
            throw error(
                path, "\(purpose) needs labels, and data.\(part.rawValue) has none; label it, or choose other photos")
        }
    }

    /// Throws for a name that is there twice.
    func requireUnique(_ names: [String], of things: String, at path: String) throws {
        var known: Set<String> = []
        for (index, name) in names.enumerated() where !known.insert(name).inserted {
            throw error("\(path).\(index).name", "there are two \(things) called “\(name)”; rename one")
        }
    }

    /// The model of a name, or an error that lists them.
    func model(_ name: String, at path: String) throws -> RecipeModel {
        guard let model = recipe.models.first(where: { $0.name == name }) else {
            let names = recipe.models.map(\.name)
            let near = nearest(to: name, among: names).map { " (did you mean “\($0)”?)" } ?? ""
            throw error(
                path,
                "there is no model “\(name)”\(near); there \(names.isEmpty ? "are none" : "are \(names.joined(separator: ", "))")"
            )
        }
        return model
    }

    /// Entries of a model's descriptor, after its own whitening.
    func dimensions(of model: RecipeModel) throws -> Int {
        try model.whitening?.dimensions ?? model.dimensions ?? Self.channels(of: model.backbone)
    }

    /// Entries of the concatenation.
    func ensembleDimensions() throws -> Int {
        let members = recipe.descriptor?.ensemble ?? []
        let models =
            members.isEmpty
            ? recipe.models : members.compactMap { member in recipe.models.first { $0.name == member.model } }
        return try models.map { try dimensions(of: $0) }.reduce(0, +)
    }

    /// Entries of the descriptor that is searched.
    func finalDimensions() throws -> Int {
        try recipe.descriptor?.whitening?.dimensions ?? ensembleDimensions()
    }

    /// Channels of a backbone's map. Parameters are shapes alone here, so that this is cheap.
    static func channels(of backbone: String) throws -> Int {
        try Architecture.named(backbone).makeBackbone(Parameters<ShapeTensor>(ShapeParameters())).channels
    }
}
