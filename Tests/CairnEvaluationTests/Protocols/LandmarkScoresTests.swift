import CairnDatasets
import CairnEvaluation
import CairnMetrics
import Foundation
import Testing

/// The inputs and figures of the public scorer's own tests (DELF, `google_landmarks_dataset/metrics_test.py`), through files.
@Suite struct LandmarkScoresTests {
    private func report(_ solution: String, _ predictions: String, recognition: Bool) throws -> ProtocolReport {
        try withTemporaryFolder { folder in
            let (truth, answers) = (
                URL(fileURLWithPath: folder + "/s.csv"), URL(fileURLWithPath: folder + "/p.csv")
            )
            try Data(solution.utf8).write(to: truth)
            try Data(predictions.utf8).write(to: answers)
            return recognition
                ? try LandmarkScores.recognition(
                    LandmarkRecognitionPredictions(contentsOf: answers),
                    solution: LandmarkRecognitionSolution(contentsOf: truth))
                : try LandmarkScores.retrieval(
                    LandmarkRetrievalPredictions(contentsOf: answers),
                    solution: LandmarkRetrievalSolution(contentsOf: truth))
        }
    }

    @Test("GAP of the official case is 1/6")
    func recognition() throws {
        let solution = """
            id,landmarks,Usage
            0123456789abcdef,0 12,Private
            0223456789abcdef,100 200 300,Private
            0323456789abcdef,1,Private
            0423456789abcdef,,Private
            0523456789abcdef,,Private

            """
        let predictions = """
            id,landmarks
            0223456789abcdef,0 0.01
            0323456789abcdef,1 10.0
            0423456789abcdef,150 15.0

            """
        let report = try report(solution, predictions, recognition: true)
        #expect(report.settings.map(\.name) == [nil])
        #expect(report.settings[0].figures.map(\.name) == ["GAP"])
        #expect(abs(report.settings[0].figures[0].value - 1.0 / 6) < 1e-12)
        #expect(report.settings[0].queries == 3)
        #expect(try BenchmarkScorerTests.json(report).hasPrefix(#"{"GAP":0.1666666"#))
    }

    @Test("mAP@100 of the official case is 11/24, with public and private parts beside it where there are both")
    func retrieval() throws {
        let solution = """
            id,images,Usage
            0123456789abcdef,fedcba9876543210 fedcba9876543220,Public
            0223456789abcdef,fedcba9876543210,Private
            0323456789abcdef,fedcba9876543230 fedcba9876543240 fedcba9876543250,Private
            0423456789abcdef,fedcba9876543230,Private
            0523456789abcdef,None,Ignored

            """
        let predictions = """
            id,images
            0223456789abcdef,fedcba9876543200 fedcba9876543210
            0323456789abcdef,fedcba9876543240
            0423456789abcdef,fedcba9876543230 fedcba9876543240
            0523456789abcdef,fedcba9876543230

            """
        let report = try report(solution, predictions, recognition: false)
        #expect(report.settings.map(\.name) == [nil, "public", "private"])
        // (0 + 1/2 + 1/3 + 1) / 4; the public query was not answered.
        #expect(abs(report.settings[0].figures[0].value - 11.0 / 24) < 1e-12)
        #expect(report.settings[1].figures[0].value == 0)
        #expect(abs(report.settings[2].figures[0].value - 11.0 / 18) < 1e-12)
    }

    @Test("rankings written as a submission read back as the same answers, the query itself left out")
    func submission() throws {
        let gallery = ["fedcba9876543210", "fedcba9876543220", "fedcba9876543230"]
        let benchmark = RetrievalBenchmark(
            name: "three", scoring: .googleLandmarks, gallery: gallery.map { .init(id: $0) },
            queries: [
                .init(image: .init(id: "0123456789abcdef")),
                .init(image: .init(id: gallery[1]), galleryRow: 1),
            ], settings: [.init(judgments: [nil, .init(positives: [], junk: [1])])])
        let text = try Submission.retrieval([[2, 0, 1], [1, 0]], of: benchmark)
        #expect(
            text
                == "id,images\n0123456789abcdef,fedcba9876543230 fedcba9876543210 fedcba9876543220\nfedcba9876543220,fedcba9876543210\n"
        )
        try withTemporaryFolder { folder in
            let file = URL(fileURLWithPath: folder + "/s.csv")
            try Data(text.utf8).write(to: file)
            let answers = try LandmarkRetrievalPredictions(contentsOf: file).answers
            #expect(
                answers.map { $0.images.map(\.description) } == [[gallery[2], gallery[0], gallery[1]], [gallery[0]]])
        }
    }
}
