import Testing

@testable import CairnFeatures

@Suite("Recognising keypoint models")
struct LearnedKeypointModelKindTests {
    private func kind(_ ports: [(String, [Int?])]) throws -> KeypointModelKind {
        try KeypointModelKind(recognizing: ports.map { NetworkPort(name: $0.0, dimensions: $0.1) })
    }

    @Test("dense maps are told by their channels, in any order")
    func dense() throws {
        #expect(
            try kind([("output", [nil, 64, nil, nil]), ("1266", [1, 65, 80, 80]), ("266", [nil, 1, nil, nil])])
                == .reliableCells(logits: 1, descriptors: 0, reliability: 2))
        #expect(
            try kind([("semi", [1, 65, nil, nil]), ("desc", [1, 256, nil, nil])]) == .cells(logits: 0, descriptors: 1))
        #expect(
            try kind([("desc", [1, 256, 60, 80]), ("heat", [1, 1, 480, 640])]) == .heatmap(scores: 1, descriptors: 0))
        #expect(
            try kind([("heat", [1, 480, 640]), ("desc", [1, 256, 60, 80])]) == .heatmap(scores: 0, descriptors: 1))
    }

    @Test("finished keypoints are told by their two columns, and by name where needed")
    func finished() throws {
        #expect(
            try kind([("keypoints", [1, nil, 2]), ("scores", [1, nil]), ("descriptors", [1, nil, 128])])
                == .keypoints(positions: 0, scores: 1, descriptors: 2))
        #expect(
            try kind([("a", [nil, 64]), ("b", [nil, 2]), ("c", [nil])])
                == .keypoints(positions: 1, scores: 2, descriptors: 0))
        #expect(
            try kind([("descriptors", [1, 256, nil]), ("keypoints", [nil, 2])])
                == .keypoints(positions: 1, scores: nil, descriptors: 0))
    }

    @Test("other outputs are refused by an error that lists them")
    func unknown() {
        let error = #expect(throws: FeatureError.self) {
            try kind([("logits", [1, 1_000]), ("features", [1, 2_048, nil, 7])])
        }
        #expect(error?.message.contains("logits [1, 1000], features [1, 2048, ?, 7]") == true)
        #expect(error?.kind == .unsupported)
        #expect(throws: FeatureError.self) { try kind([]) }
        #expect(throws: FeatureError.self) { try kind([("keypoints", [nil, 2])]) }
    }

    @Test("a model's input and descriptor length are read from its ports")
    func model() throws {
        let outputs = [
            NetworkPort(name: "keypoints", dimensions: [1, 512, 2]), NetworkPort(name: "scores", dimensions: [1, 512]),
            NetworkPort(name: "descriptors", dimensions: [1, 96, 512]),
        ]
        let model = try KeypointModel(
            recognizing: RecordedNetwork(input: [1, 3, 48, 64], outputs: outputs, arrays: []))
        #expect(model.entries == 96)
        #expect(model.channels == 3)
        #expect(model.fixedSize == .init(width: 64, height: 48))
        #expect(throws: FeatureError.self) {
            try KeypointModel(recognizing: RecordedNetwork(input: [1, 3, 48, nil], outputs: outputs, arrays: []))
        }
        #expect(throws: FeatureError.self) {
            try KeypointModel(recognizing: RecordedNetwork(input: [1, 4, 48, 64], outputs: outputs, arrays: []))
        }
    }
}
