import CairnCore
import CairnMetrics
import Foundation
import Testing

@testable import CairnRecognition

@Suite struct RecognizerTests {
    private static let quick = BoostingParameters(rounds: 12)

    private static func gap(_ recognitions: [Recognition], _ queries: [LabelledEvidence]) -> Double {
        let predictions = zip(recognitions, queries).compactMap { recognition, query in
            recognition.best.map {
                GlobalAveragePrecision.Prediction(confidence: $0.score, isCorrect: query.isCorrect($0.label))
            }
        }
        return GlobalAveragePrecision(
            predictions, landmarkQueries: queries.count(where: { $0.truth != .nonLandmark })
        ).value
    }

    @Test("A recognition names its parts: vote, inliers, suppression, rows")
    func breakdown() throws {
        let evidence = try RecognitionEvidence(
            candidates: [
                .init(row: 1, label: "tower", similarity: 0.75),
                .init(row: 2, label: "gate", similarity: 0.5, inliers: 35),
                .init(row: 3, label: "gate", similarity: 0.25, inliers: 0),
            ], nonLandmarks: [.init(row: 8, similarity: 0.5), .init(row: 9, similarity: 0.25)])
        let recognition = try Recognizer().recognize(evidence)
        #expect(recognition.label == "gate")
        #expect(recognition.probability == nil)
        #expect(recognition.penalty == 0.375)
        #expect(recognition.nonLandmarkSimilarity == 0.5)
        let best = try #require(recognition.best)
        let vote: Double = pow(pow(1.5, 8) + pow(0.25, 8), 0.125)
        #expect(abs(best.vote - vote) < 1e-12)
        #expect(abs(best.score - (vote - 0.375)) < 1e-12)
        #expect(recognition.score == best.score)
        #expect(best.rows == [2, 3])
        #expect(best.inliers == 35)
        #expect(best.geometry == 1)
        #expect(best.similarity == 0.5)
        #expect(recognition.labels.map(\.label) == ["gate", "tower"])
        #expect(recognition.labels[1].inliers == nil)
        #expect(try Recognizer(.nearest).recognize(evidence).label == "tower")
        #expect(try Recognizer(.nearest).recognize(evidence).score == 0.75)
        let nothing = try Recognizer().recognize(RecognitionEvidence(candidates: []))
        #expect(nothing.label == nil)
        #expect(nothing.rejection == .noCandidates)
        #expect(nothing.score == nil)
    }

    @Test("On simulated queries votes, suppression, inliers and boosting each raise cross-validated GAP")
    func ladder() throws {
        let queries = try SimulatedQueries.make(300, seed: 6)
        func score(_ configuration: RecognizerConfiguration) throws -> Double {
            let recognitions = try RecognizerModel.crossValidated(
                queries, configuration: configuration, falseAcceptRate: 0.05, boosting: Self.quick)
            #expect(recognitions.count == queries.count)
            return Self.gap(recognitions, queries)
        }
        let nearest = try score(.nearest)
        let voted = try score(.softVoting)
        #expect(try score(.init(vote: .nearest, geometry: .none)) > nearest + 0.02)
        #expect(voted > nearest + 0.02)
        #expect(try score(.geometric) > voted + 0.02)
        #expect(try score(.boosted) > voted + 0.02)
    }

    @Test(
        "On new queries the false-accept rate is at or below the rate asked, averaged over calibrations",
        arguments: RecognizerConfiguration.presets.map(\.name))
    func falseAccepts(preset: String) throws {
        let configuration = try #require(RecognizerConfiguration.presets.first { $0.name == preset }).configuration
        let trials = configuration.boosted ? 6 : 60
        var (negatives, accepted, correct) = (0, 0, 0)
        for trial in 0..<trials {
            let model = try RecognizerModel(
                fitting: SimulatedQueries.make(200, seed: UInt64(trial)), configuration: configuration,
                falseAcceptRate: 0.1, boosting: Self.quick, fittedOn: "x")
            #expect(model.rejection.isGuaranteed)
            let recognizer = try Recognizer(model: model)
            for query in try SimulatedQueries.make(300, seed: 1000 + UInt64(trial)) {
                negatives += query.truth == .nonLandmark ? 1 : 0
                let recognition = try recognizer.recognize(query.evidence)
                #expect((recognition.label == nil) == (recognition.rejection != nil))
                #expect(recognition.probability.map { $0 > 0 && $0 < 1 } == true)
                guard let label = recognition.label else { continue }
                if query.truth == .nonLandmark { accepted += 1 } else { correct += query.isCorrect(label) ? 1 : 0 }
            }
        }
        let rate = Double(accepted) / Double(negatives)
        // 80 negatives a calibration and 120 a test: one trial's standard error is 0.033 and 0.027.
        let error = (0.033 * 0.033 + 0.027 * 0.027).squareRoot() / Double(trials).squareRoot()
        #expect(rate < 0.1 + 3 * error, "\(accepted) of \(negatives)")
        #expect(correct > 0)
    }

    @Test("Probabilities are calibrated: their mean is the share of right answers")
    func calibration() throws {
        let model = try RecognizerModel(
            fitting: SimulatedQueries.make(600, seed: 9), falseAcceptRate: 0.05, fittedOn: "x")
        let recognizer = try Recognizer(model: model)
        let test = try SimulatedQueries.make(1500, seed: 10)
        let found = try recognizer.recognize(test.map(\.evidence))
        let right = zip(found, test).count { recognition, query in
            recognition.best.map { query.isCorrect($0.label) } ?? false
        }
        let mean = found.reduce(0) { $0 + ($1.probability ?? 0) } / Double(found.count)
        #expect(abs(mean - Double(right) / Double(test.count)) < 0.04)
        let ranked = found.sorted { ($0.score ?? 0) < ($1.score ?? 0) }.map { $0.probability ?? 0 }
        #expect(zip(ranked, ranked.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("A saved model recognises the same; a changed byte, another digest and another kind of file are refused")
    func file() throws {
        let queries = try SimulatedQueries.make(200, seed: 12)
        for configuration in [.geometric, .boosted, RecognizerConfiguration(normalization: .uniform)] {
            let model = try RecognizerModel(
                fitting: queries, configuration: configuration, falseAcceptRate: 0.1, boosting: .init(rounds: 4),
                fittedOn: "abc")
            let data = try model.encoded()
            let copy = try RecognizerModel(decoding: data, name: "the copy")
            #expect(copy.configuration == configuration)
            let (one, other) = (try Recognizer(model: model), try Recognizer(model: copy))
            for query in queries.prefix(40) {
                #expect(try one.recognize(query.evidence) == other.recognize(query.evidence))
            }
            #expect(throws: Never.self) { try copy.requireFitted(on: "abc") }
            let conflict = #expect(throws: RecognitionError.self) { try copy.requireFitted(on: "abd") }
            #expect(conflict?.kind == .conflict)
            for place in stride(from: 0, to: data.count, by: max(1, data.count / 50)) {
                var changed = data
                changed[place] ^= 2
                #expect(throws: RecognitionError.self) { try RecognizerModel(decoding: changed, name: "changed") }
                #expect(throws: RecognitionError.self) {
                    try RecognizerModel(decoding: data.prefix(place), name: "cut")
                }
            }
        }
    }

    @Test("Wrong labels count as false accepts where that is asked for")
    func negatives() throws {
        let queries = try SimulatedQueries.make(300, seed: 13)
        func fit(_ negatives: RecognizerConfiguration.Negatives) throws -> RecognizerModel {
            try RecognizerModel(
                fitting: queries, configuration: .init(negatives: negatives), falseAcceptRate: 0.1, fittedOn: "x")
        }
        let (plain, all) = (try fit(.nonLandmarks), try fit(.allWrong))
        #expect(plain.rejection.negativeCount == plain.nonLandmarkQueries)
        #expect(all.rejection.negativeCount == 300 - all.correctQueries)
        #expect(plain.landmarkQueries + plain.nonLandmarkQueries == 300)
    }

    @Test("Configurations are strict: unknown keys, impossible values and what must be fitted first are refused")
    func configuration() throws {
        for (_, configuration) in RecognizerConfiguration.presets {
            let copy = try JSONDecoder().decode(
                RecognizerConfiguration.self, from: JSONEncoder().encode(configuration))
            #expect(copy == configuration)
            #expect(throws: Never.self) { try configuration.validate() }
        }
        let decode = { try JSONDecoder().decode(RecognizerConfiguration.self, from: Data(($0 as String).utf8)) }
        #expect(try decode("{}") == .geometric)
        #expect(throws: UnknownSettingError.self) { try decode(#"{"votes": "soft"}"#) }
        #expect(throws: RecognitionError.self) { try Recognizer(.boosted) }
        #expect(throws: RecognitionError.self) { try Recognizer(.init(normalization: .uniform)) }
        #expect(throws: RecognitionError.self) { try Recognizer(.init(voteCount: 0)) }
        #expect(throws: RecognitionError.self) { try RecognizerConfiguration(normalization: .normal).validate() }
        #expect(throws: RecognitionError.self) { try RecognizerConfiguration(folds: 1).validate() }
    }

    @Test("Without negatives, without queries and without candidates fitting is refused")
    func refusals() throws {
        let landmarks = try SimulatedQueries.make(60, seed: 14).filter { $0.truth != .nonLandmark }
        let error = #expect(throws: RecognitionError.self) {
            try RecognizerModel(fitting: landmarks, falseAcceptRate: 0.1, fittedOn: "x")
        }
        #expect(error?.message.contains("no landmark") == true)
        #expect(throws: RecognitionError.self) { try RecognizerModel(fitting: [], falseAcceptRate: 0.1, fittedOn: "x") }
        let empty = LabelledEvidence(try RecognitionEvidence(candidates: []), truth: .nonLandmark)
        #expect(throws: RecognitionError.self) {
            try RecognizerModel(fitting: [empty], falseAcceptRate: 0.1, fittedOn: "x")
        }
    }
}
