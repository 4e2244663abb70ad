import CairnRecipes
import Foundation

/// Short texts that differ where anything differs that a model's numbers depend on: a state fits a run with the same ones.
///
/// They tell honest changes, and are no defence: FNV-1a, 64 bits.
enum RunDigest {
    /// Of the parts of a recipe that training reads.
    static func text(recipe: Recipe, model: String) throws -> String {
        struct Key: Encodable {
            let data: RecipeData
            let cleaning: [CleaningStep]
            let model: RecipeModel?
            let training: RecipeTraining?
        }
        let key = Key(
            data: recipe.data, cleaning: recipe.cleaning, model: recipe.models.first { $0.name == model },
            training: recipe.training)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return text(try encoder.encode(key))
    }

    /// Of photos, their order and labels, wherever their folder is.
    static func text(photos: [LabelledPhoto], folder: String) -> String {
        let root = folder.hasSuffix("/") ? folder : folder + "/"
        return text(
            photos.reduce(into: Data()) { bytes, photo in
                let path = photo.path.hasPrefix(root) ? photo.path.dropFirst(root.count) : photo.path[...]
                bytes += Data("\(path)\u{0}\(photo.label)\u{0}".utf8)
            })
    }

    private static func text(_ bytes: Data) -> String {
        let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        return String(format: "%016llx", hash)
    }
}
