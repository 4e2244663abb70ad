import CairnRecipes
import Foundation

/// A short text that differs where anything differs that a model's numbers depend on: a checkpoint fits a run with the same one.
enum RunDigest {
    /// Of the parts of a recipe that training reads: FNV-1a, 64 bits, of their JSON.
    static func text(recipe: Recipe, model: String) -> String {
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
        let bytes = (try? encoder.encode(key)) ?? Data()
        let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        return String(format: "%016llx", hash)
    }
}
