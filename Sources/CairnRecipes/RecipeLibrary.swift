import CairnCore
import Foundation

/// The recipes that come with this build, and those in files.
///
/// ```swift
/// let recipe = try RecipeLibrary.recipe("delg", overrides: ["models.0.backbone=resnet50"])
/// ```
public enum RecipeLibrary {
    /// The names of the shipped recipes, in order.
    ///
    /// Throws `RecipeError` where the files are missing from the installation.
    public static func names() throws -> [String] {
        let folder = try folder()
        do {
            return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "yaml" }.map { $0.deletingPathExtension().lastPathComponent }.sorted()
        } catch { throw RecipeError(.notFound, "the folder of recipes \(folder.path) cannot be read", cause: error) }
    }

    /// The document of a shipped recipe, or of a file: what has a slash or ends in `.yaml` or `.yml` is a path.
    ///
    /// Throws `RecipeError`: `notFound` with the names that there are, or what is wrong in the file.
    public static func document(_ name: String) throws -> YAMLDocument {
        if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            return try YAMLDocument(contentsOf: URL(fileURLWithPath: name))
        }
        let names = try names()
        guard names.contains(name) else {
            let near = nearest(to: name, among: names).map { "; did you mean “\($0)”? There" } ?? "; there"
            throw RecipeError(
                .notFound,
                "there is no recipe “\(shown(name))”\(near) are \(names.joined(separator: ", ")), and files by their path"
            )
        }
        return try YAMLDocument(contentsOf: folder().appendingPathComponent("\(name).yaml"))
    }

    /// Reads a recipe and checks that its parts go together.
    ///
    /// - Parameters:
    ///   - name: A shipped recipe's name, or a path.
    ///   - rehearsing: Applies the file's own `rehearsal` first, which makes everything small.
    ///   - overrides: `models.0.backbone=resnet18`; each is applied after those before.
    /// - Throws: `RecipeError`, with the line or the override that is wrong.
    public static func recipe(_ name: String, rehearsing: Bool = false, overrides: [String] = []) throws -> Recipe {
        try Recipe(document: document(name), rehearsing: rehearsing, overrides: overrides)
    }

    private static func folder() throws -> URL {
        // Beside the executable: in a build folder, and where it was installed to. `Bundle.module` would trap without it. The folder's
        // name begins with that of the package which is built.
        let place = Bundle.main.bundleURL
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        guard let name = names.filter({ $0.hasSuffix("_CairnRecipes.resources") }).min() else {
            throw RecipeError(
                .notFound,
                "the recipes are not in \(place.path); keep the folder Cairn_CairnRecipes.resources beside the executable, as `make install` does"
            )
        }
        return place.appendingPathComponent(name).appendingPathComponent("Recipes")
    }
}

extension Recipe {
    /// Reads a recipe of a document, with overrides, and checks it. Throws `RecipeError` with the place.
    public init(document: YAMLDocument, rehearsing: Bool = false, overrides: [String] = []) throws {
        var document = document
        if rehearsing {
            guard document.root.child("rehearsal") != nil else {
                throw RecipeError(
                    .unsupported,
                    "\(document.name) has no “rehearsal”, the paths and values that make it small; add it, or run it as it is"
                )
            }
            try document.applyOverrides(at: "rehearsal")
        }
        for override in overrides { try document.set(assignment: override) }
        self = try Recipe(yaml: document.root)
        try RecipeCheck(recipe: self, mark: document.mark).run()
    }

    /// Throws `RecipeError` where parts do not go together; errors name the part by its path.
    public func check() throws {
        let name = name
        try RecipeCheck(recipe: self) { YAMLMark(file: "\(name), \($0)") }.run()
    }
}
