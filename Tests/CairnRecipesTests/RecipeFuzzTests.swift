import CairnRecipes
import Foundation
import Testing

struct RecipeFuzzTests {
    /// Numbers that are the same in every run: Steele, Lea and Flood 2014.
    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test("a damaged recipe reads or is refused with its place, and nothing else happens")
    func damage() throws {
        var random = SplitMix(state: 7)
        let lines = Sample.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let words = [
            "null", "-1", "1e400", "[]", "{}", "[[1]]", "*a", "&a x", "\"", "999999999999999999999", "{a: b}", "é", ":",
            "-",
        ]
        var read = 0
        for _ in 0..<600 {
            var damaged = lines
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: damaged.remove(at: place)
                case 1: damaged.insert(damaged[place], at: place)
                case 2: damaged.swapAt(place, Int.random(in: 0..<damaged.count, using: &random))
                case 3:
                    let key = damaged[place].prefix { $0 != ":" }
                    damaged[place] = "\(key): \(words[Int.random(in: 0..<words.count, using: &random)])"
                default:
                    guard let cut = damaged[place].indices.randomElement(using: &random) else { continue }
                    damaged[place].remove(at: cut)
                }
            }
            do {
                let document = try YAMLDocument(text: damaged.joined(separator: "\n"), name: "damaged.yaml")
                let recipe = try Recipe(document: document)
                #expect(!RecipeText(recipe).description.isEmpty)
                read += 1
            } catch let error as RecipeError {
                #expect(error.message.hasPrefix("damaged.yaml") && !error.message.contains("\n"), "\(error.message)")
            }
        }
        #expect((1..<600).contains(read))
    }
}
