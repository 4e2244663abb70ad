import Foundation
import Testing

@testable import CairnRecognition

@Suite struct GradientBoostingTests {
    private static let names = ["first", "second", "third", "fourth"]
    private static let parameters = BoostingParameters(
        rounds: 12, learningRate: 0.1, leaves: 5, minimumLeafRows: 4, seed: 3)

    private static func trained(threads: Int = 1) throws -> (model: GradientBoosting, fixture: Fixture.Boosting) {
        let fixture: Fixture.Boosting = try Fixture.read("boosting")
        var parameters = Self.parameters
        parameters.threads = threads
        let model = try GradientBoosting(
            training: fixture.values, labels: fixture.labels, classes: 4, features: names, parameters: parameters)
        return (model, fixture)
    }

    @Test(
        "Predictions and importances are those of LightGBM’s Python package, also with missing values and an empty class"
    )
    func matchesPython() throws {
        let (model, fixture) = try Self.trained()
        let found = try model.predict(Array(fixture.values.prefix(25 * 4)))
        #expect(deviation(found, from: fixture.predictions) < 1e-6)
        for (feature, gain) in try model.importances() {
            let expected = fixture.gains[try #require(Self.names.firstIndex(of: feature))]
            #expect(abs(gain - expected) < 1e-3 * max(1, expected))
        }
        #expect(try model.importances().first?.feature == "first")
        #expect(try model.predict([]).isEmpty)
    }

    @Test("Training does not depend on the number of threads, and saved text gives the same predictions")
    func determinism() throws {
        let (model, fixture) = try Self.trained()
        #expect(try Self.trained(threads: 2).model.text == model.text)
        #expect(try Self.trained().model.text == model.text)
        let copy = try GradientBoosting(text: model.text)
        #expect(copy.text == model.text)
        #expect(copy.features == Self.names)
        #expect(try copy.predict(fixture.values) == model.predict(fixture.values))
    }

    @Test("Text that was cut or changed anywhere is refused or harmless, and never crashes")
    func hostileText() throws {
        let (model, fixture) = try Self.trained()
        let bytes = Array(model.text.utf8)
        for length in stride(from: 0, to: bytes.count - 1, by: 97) {
            #expect(throws: RecognitionError.self) {
                try GradientBoosting(text: String(decoding: bytes.prefix(length), as: UTF8.self))
            }
        }
        var noise = Noise(seed: 2)
        var accepted = 0
        for _ in 0..<200 {
            var changed = bytes
            for _ in 0..<(1 + Int(noise.uniform() * 3)) {
                let place = Int(noise.uniform() * Double(bytes.count))
                changed[place] = Array("0123456789-= \nTe,".utf8)[Int(noise.uniform() * 17)]
            }
            guard let other = try? GradientBoosting(text: String(decoding: changed, as: UTF8.self)) else { continue }
            accepted += 1
            // What a change of digits leaves whole still predicts: numbers, not a crash.
            let sizes = fixture.values.count / 4 * other.classes
            #expect(try other.features.count != 4 || other.predict(fixture.values).count == sizes)
        }
        #expect(accepted > 0)
    }

    @Test(
        "Children out of range, loops, features that are not there and odd sizes are refused before LightGBM sees them")
    func hostileTrees() throws {
        let text = try Self.trained().model.text
        let line = { (key: String) in try #require(text.split(separator: "\n").first { $0.hasPrefix(key + "=") }) }
        for (key, value) in [
            ("left_child", "0 0 0 0"), ("left_child", "99 1 2 3"), ("right_child", "-9 -2 -3 -4"),
            ("split_feature", "4 0 0 0"), ("split_feature", "-1 0 0 0"), ("decision_type", "1 2 2 2"),
            ("num_leaves", "100000000"), ("num_leaves", "6"), ("num_cat", "1"), ("threshold", "1 2 3"),
            ("threshold", "nan 1 2 3"), ("threshold", "0x1p3 1 2 3"), ("is_linear", "1"), ("max_feature_idx", "9"),
            ("num_class", "5"), ("objective", "lambdarank"), ("version", "v9"), ("leaf_value", "inf 1 1 1 1"),
        ] {
            let original = try line(key)
            let changed = text.replacingOccurrences(of: "\n\(original)\n", with: "\n\(key)=\(value)\n")
            #expect(changed != text)
            #expect(throws: RecognitionError.self, "\(key)=\(value)") { try GradientBoosting(text: changed) }
        }
        // What follows the trees is not read at all.
        #expect(try GradientBoosting(text: text + "cat_boundaries=0\nx").text == text)
    }

    @Test("Training sets that make no sense are refused in a sentence")
    func refusals() throws {
        func train(_ rows: [Float], _ labels: [Int], features: [String] = ["a", "b"], classes: Int = 2) throws {
            _ = try GradientBoosting(training: rows, labels: labels, classes: classes, features: features)
        }
        #expect(throws: RecognitionError.self) { try train([], []) }
        #expect(throws: RecognitionError.self) { try train([1, 2, 3], [0]) }
        #expect(throws: RecognitionError.self) { try train([1, 2], [2]) }
        #expect(throws: RecognitionError.self) { try train([1, .infinity], [0]) }
        #expect(throws: RecognitionError.self) { try train([1, 2], [0], features: ["a", "a"]) }
        #expect(throws: RecognitionError.self) { try train([1, 2], [0], features: ["a b", "c"]) }
        #expect(throws: RecognitionError.self) { try train([1, 2], [0], classes: 1) }
        #expect(throws: RecognitionError.self) { try BoostingParameters(leaves: 1).validate() }
        #expect(throws: RecognitionError.self) { try BoostingParameters(learningRate: .nan).validate() }
        let model = try Self.trained().model
        #expect(throws: RecognitionError.self) { try model.predict([1, 2, 3]) }
    }

    @Test("Classes told apart by what is missing alone survive being saved")
    func missingAlone() throws {
        let rows: [Float] = (0..<60).flatMap { $0 < 30 ? [Float($0), 1] : [.nan, 1] }
        let model = try GradientBoosting(
            training: rows, labels: (0..<60).map { $0 / 30 }, classes: 2, features: ["a", "b"])
        let copy = try GradientBoosting(text: model.text)
        #expect(model.text.contains("inf"))
        let found = try copy.predict([5, 1, .nan, 1])
        #expect(found[0] > 0.9 && found[3] > 0.9)
    }

    @Test("One row, and rows that are all alike, train to something that predicts")
    func tinySets() throws {
        let one = try GradientBoosting(training: [1, 2], labels: [1], classes: 3, features: ["a", "b"])
        #expect(try one.predict([5, 5]).count == 3)
        let alike = try GradientBoosting(
            training: [Float](repeating: 1, count: 40), labels: (0..<20).map { $0 % 2 }, classes: 2,
            features: ["a", "b"])
        let prediction = try alike.predict([1, 1])
        #expect(abs(prediction[0] - 0.5) < 1e-6)
    }
}
