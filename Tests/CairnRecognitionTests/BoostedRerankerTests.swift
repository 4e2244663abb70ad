import Foundation
import Testing

@testable import CairnRecognition

@Suite struct BoostedRerankerTests {
    private static let quick = BoostingParameters(rounds: 20)

    @Test("The true class is the first right candidate of five, 5 without a landmark, 6 with another")
    func classes() throws {
        let candidates = (0..<7).map {
            RecognitionCandidate(row: $0, label: "l\($0 / 2)", similarity: 0.9 - Float($0) / 10)
        }
        let evidence = try RecognitionEvidence(candidates: candidates)
        let truths: [(LabelledEvidence.Truth, Int)] = [
            (.landmark("l0"), 0), (.landmark("l1"), 2), (.landmark("l2"), 4), (.landmark("l3"), 6), (.nonLandmark, 5),
        ]
        for (truth, expected) in truths {
            #expect(BoostedReranker.trueClass(LabelledEvidence(evidence, truth: truth)) == expected)
        }
    }

    @Test("Features have names, NaN where nothing is known, and the strongest candidate first")
    func features() throws {
        let evidence = try RecognitionEvidence(
            candidates: [
                .init(row: 1, label: "a", similarity: 0.8), .init(row: 2, label: "b", similarity: 0.5, inliers: 35),
                .init(row: 3, label: "b", similarity: 0.25, inliers: 0),
            ], nonLandmarks: [.init(row: 9, similarity: 0.25)])
        let values = BoostingFeatures.values(for: evidence)
        #expect(values.count == BoostingFeatures.names.count)
        #expect(Set(BoostingFeatures.names).count == values.count)
        func value(_ name: String) throws -> Float {
            values[try #require(BoostingFeatures.names.firstIndex(of: name))]
        }
        #expect(try value("top0_similarity") == 0.5)
        #expect(try value("top0_inliers") == 35)
        #expect(try value("top0_strength") == 1.5)
        #expect(try value("top1_inliers").isNaN)
        #expect(abs(try value("top1_margin") - 0.7) < 1e-6)
        #expect(abs(try value("top0_label_share") - 2.0 / 3) < 1e-6)
        #expect(try value("top3_similarity").isNaN)
        #expect(try value("non_landmark_mean") == 0.25)
        #expect(try value("non_landmark_inliers").isNaN)
        #expect(try value("candidates") == 3)
        #expect(try value("labels") == 2)
        let vote: Double = pow(0.5, 8) + pow(0.25, 8)
        #expect(abs(Double(try value("top0_vote")) - vote) < 1e-8)
        #expect(abs(Double(try value("top0_vote_share")) - vote / (vote + pow(Double(Float(0.8)), 8 as Double))) < 1e-6)
        let empty = BoostingFeatures.values(for: try RecognitionEvidence(candidates: []))
        #expect(empty.count == values.count)
    }

    @Test("Trained on simulated queries it tells landmarks from none, on queries it has not seen")
    func learns() throws {
        let reranker = try BoostedReranker(training: SimulatedQueries.make(500, seed: 1), parameters: Self.quick)
        let test = try SimulatedQueries.make(300, seed: 2)
        let predictions = try reranker.predict(test.map(\.evidence))
        var right = 0
        for (query, prediction) in zip(test, predictions) {
            #expect(abs(prediction.classes.reduce(0, +) - 1) < 1e-6)
            let sum = prediction.labels.reduce(0) { $0 + $1.score } + prediction.nonLandmark + prediction.otherLandmark
            #expect(abs(sum - 1) < 1e-6)
            switch (query.truth, prediction.best) {
            case (.landmark(let label), let best?): right += best.label == label ? 1 : 0
            case (.nonLandmark, nil): right += 1
            default: break
            }
        }
        #expect(right > 240, "\(right) of 300")
        #expect(try reranker.predict(test[0].evidence) == predictions[0])
    }

    @Test("A saved re-ranker predicts the same; a byte changed anywhere is refused")
    func file() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reranker-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "model").path
        let reranker = try BoostedReranker(training: SimulatedQueries.make(200, seed: 1), parameters: .init(rounds: 5))
        try reranker.write(to: path)
        let copy = try BoostedReranker(contentsOf: path)
        let evidence = try SimulatedQueries.make(20, seed: 3).map(\.evidence)
        #expect(try copy.predict(evidence) == reranker.predict(evidence))
        #expect(copy.classCounts == reranker.classCounts)
        #expect(copy.parameters == reranker.parameters)

        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for place in stride(from: 0, to: bytes.count, by: bytes.count / 60) {
            var changed = bytes
            changed[place] ^= 1
            try Data(changed).write(to: URL(fileURLWithPath: path))
            #expect(throws: RecognitionError.self, "byte \(place)") { try BoostedReranker(contentsOf: path) }
            try Data(bytes.prefix(place)).write(to: URL(fileURLWithPath: path))
            #expect(throws: RecognitionError.self, "\(place) bytes") { try BoostedReranker(contentsOf: path) }
        }
        let missing = #expect(throws: RecognitionError.self) { try BoostedReranker(contentsOf: path + "-none") }
        #expect(missing?.kind == .notFound)
    }

    @Test("A re-ranker trained on other features is refused, saying which")
    func otherFeatures() throws {
        let reranker = try BoostedReranker(training: SimulatedQueries.make(100, seed: 1), parameters: .init(rounds: 2))
        var record = try #require(
            JSONSerialization.jsonObject(with: JSONEncoder().encode(reranker)) as? [String: Any])
        var features = try #require(record["features"] as? [String])
        features[0] = "colour"
        let data = { try JSONSerialization.data(withJSONObject: record) }
        record["features"] = features
        let renamed = #expect(throws: RecognitionError.self) {
            try JSONDecoder().decode(BoostedReranker.self, from: data())
        }
        #expect(renamed?.kind == .unsupported)
        #expect(renamed?.message.contains("colour") == true)
        record["features"] = BoostingFeatures.names
        record["featureVersion"] = 99
        let newer = #expect(throws: RecognitionError.self) {
            try JSONDecoder().decode(BoostedReranker.self, from: data())
        }
        #expect(newer?.message.contains("99") == true)
        record["featureVersion"] = BoostingFeatures.version
        #expect(throws: Never.self) { try JSONDecoder().decode(BoostedReranker.self, from: data()) }
        record["model"] = "tree\n"
        #expect(throws: RecognitionError.self) { try JSONDecoder().decode(BoostedReranker.self, from: data()) }
    }

    @Test("Groups never stand on both sides of a split, and folds are nearly equal")
    func groupedFolds() throws {
        var noise = Noise(seed: 4)
        let groups = (0..<300).map { _ in "g\(Int(noise.uniform() * 40))" }
        let folds = try GroupedFolds(groups: groups, count: 5, seed: 9)
        var sizes: [Int] = []
        for fold in 0..<5 {
            let (training, held) = folds.split(fold)
            #expect(training.count + held.count == 300)
            #expect(Set(training.map { groups[$0] }).isDisjoint(with: held.map { groups[$0] }))
            sizes.append(held.count)
        }
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) < 10)
        #expect(try GroupedFolds(groups: groups, count: 5, seed: 9) == folds)
        #expect(try GroupedFolds(groups: groups, count: 5, seed: 10) != folds)
        #expect(try GroupedFolds(groups: ["a", "b", "a"], count: 5).count == 2)
        #expect(throws: RecognitionError.self) { try GroupedFolds(groups: ["a", "a"]) }
    }

    @Test("Queries of one kind of answer teach nothing and are refused")
    func oneClass() throws {
        let none = try SimulatedQueries.make(50, seed: 1).filter { $0.truth == .nonLandmark }
        #expect(throws: RecognitionError.self) { try BoostedReranker(training: none) }
        #expect(throws: RecognitionError.self) { try BoostedReranker(training: []) }
    }
}
