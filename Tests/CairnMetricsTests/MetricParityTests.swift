import CairnMetrics
import Foundation
import Testing

/// Beside scikit-learn and numpy: Fixtures/metrics.json, made by Scripts/parity/metrics.py.
@Suite struct MetricParityTests {
    private struct Golden: Decodable {
        struct Ranking: Decodable {
            var ranking: [Int32]
            var positives: [Int32]
            var junk: [Int32]
            var positiveCount: Int
            /// None where there are no positives.
            var figures: [String: Double]?

            var list: RelevanceList {
                RelevanceList(ranking: ranking, judgment: QueryJudgment(positives: positives, junk: junk))
            }
        }

        struct Positions: Decodable {
            var limit: Int
            var mean: Double
            var median: Double
        }

        struct Recognition: Decodable {
            /// A landmark and a score, written as a list of two.
            struct Answer: Decodable {
                var landmark: Int
                var score: Double

                init(from decoder: any Decoder) throws {
                    var container = try decoder.unkeyedContainer()
                    landmark = try container.decode(Int.self)
                    score = try container.decode(Double.self)
                }
            }

            var solution: [String: Set<Int>]
            var predictions: [String: Answer]
            var figures: [String: Double]
        }

        var rankings: [Ranking]
        var meanPrecisions: [Double]
        var positions: Positions
        var recognition: [Recognition]
    }

    private let golden: Golden

    init() throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/metrics.json")
        golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }

    @Test("every figure of 60 rankings is that of scikit-learn and numpy")
    func rankings() throws {
        #expect(golden.rankings.count == 60)
        for (index, item) in golden.rankings.enumerated() {
            let list = item.list
            #expect(list.positiveCount == item.positiveCount, "ranking \(index)")
            guard let figures = item.figures else {
                #expect(!list.hasPositives)
                continue
            }
            var ours = [
                "AP": list.averagePrecision, "trapezoid": list.trapezoidalAveragePrecision,
                "AP@10": list.averagePrecision(at: 10), "AP@100": list.averagePrecision(at: 100),
                "N-S": list.nisterSteweniusScore,
            ]
            for k in [1, 5, 10] {
                ours["P@\(k)"] = list.precision(at: k)
                ours["revisited P@\(k)"] = list.revisitedPrecision(at: k)
                ours["recall@\(k)"] = list.recall(at: k)
                ours["CMC@\(k)"] = list.hitOrMiss(at: k)
            }
            #expect(Set(ours.keys) == Set(figures.keys))
            for (name, value) in figures {
                #expect(abs(try #require(ours[name]) - value) < 1e-12, "\(name) of ranking \(index)")
            }
        }
    }

    @Test("mean precisions and positions of first hits are numpy's")
    func overQueries() {
        let lists = golden.rankings.map(\.list)
        let precisions = lists.meanPrecisions(through: golden.meanPrecisions.count)
        #expect(zip(precisions, golden.meanPrecisions).allSatisfy { abs($0 - $1) < 1e-12 })
        let position = FirstHitPosition(lists, through: golden.positions.limit)
        #expect(abs(position.mean - golden.positions.mean) < 1e-12)
        #expect(position.median == golden.positions.median)
    }

    @Test("GAP and accuracy with equal scores, several landmarks, and unanswered queries are numpy's")
    func recognition() throws {
        for item in golden.recognition {
            let predictions = item.predictions.mapValues {
                GoogleLandmarksRecognition.Prediction(landmark: $0.landmark, score: $0.score)
            }
            let all = try GoogleLandmarksRecognition(solution: item.solution, predictions: predictions)
            let some = try GoogleLandmarksRecognition(
                solution: item.solution, predictions: predictions, ignoringQueriesWithoutLandmark: true)
            let ours = [
                "GAP": all.globalAveragePrecision.value, "GAP, landmarks only": some.globalAveragePrecision.value,
                "Acc@1": all.topOneAccuracy,
            ]
            for (name, value) in item.figures { #expect(abs(try #require(ours[name]) - value) < 1e-12, "\(name)") }
        }
    }
}
