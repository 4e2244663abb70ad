import CairnCore
import CairnGeometry
import Synchronization
import Testing

@testable import CairnFeatures

/// A network that is a function.
private struct ScriptedNetwork: KeypointNetwork {
    var inputs: [NetworkPort] = []
    var outputs: [NetworkPort] = []
    var body: @Sendable ([NetworkArray]) throws -> [NetworkArray]

    func run(_ inputs: [NetworkArray]) throws -> [NetworkArray] { try body(inputs) }
}

@Suite("Learned matching of keypoints")
struct LearnedMatchingMatcherTests {
    private func keypoints(_ places: [(Float, Float)], entries: Int = 4) -> LearnedKeypoints {
        var keypoints = LearnedKeypoints(imageSize: ImageSize(width: 200, height: 100), entries: entries)
        for (index, place) in places.enumerated() {
            keypoints.x.append(place.0)
            keypoints.y.append(place.1)
            keypoints.scores.append(Float(index))
            keypoints.descriptors.append(contentsOf: (0..<entries).map { Float(10 * index + $0) })
        }
        return keypoints
    }

    @Test("keeps entries that are the best of their row and column and sure enough, the surest first")
    func decoding() {
        let probabilities: [Float] = [
            0.10, 0.60, 0.20, 9,
            0.05, 0.50, 0.90, 9,
            0.15, 0.70, 0.10, 9,
            9, 9, 9, 9,
        ]
        let values = probabilities.map { log2Float($0) * 0.693_147_2 }
        // Column 1 is the best of rows 0 and 2, and row 2 its own best; row 1 and column 2 choose each other.
        let matches = AssignmentDecoder(threshold: 0.1).matches(logAssignment: values, rows: 3, columns: 3, stride: 4)
        #expect(matches.map { [$0.query, $0.candidate] } == [[1, 2], [2, 1]])
        #expect(abs(matches[0].confidence - 0.9) < 1e-5)
        let sure = AssignmentDecoder(threshold: 0.8).matches(logAssignment: values, rows: 3, columns: 3, stride: 4)
        #expect(sure.map(\.query) == [1])
        // Without the last row, row 0 is column 1's best.
        let fewer = AssignmentDecoder(threshold: 0.1).matches(logAssignment: values, rows: 2, columns: 2, stride: 4)
        #expect(fewer.map { [$0.query, $0.candidate] } == [[0, 1]])
    }

    @Test("of equal entries, takes the first")
    func ties() {
        let matches = AssignmentDecoder(threshold: 0)
            .matches(logAssignment: [Float](repeating: -1, count: 6), rows: 2, columns: 3, stride: 3)
        #expect(matches.map { [$0.query, $0.candidate] } == [[0, 0]])
    }

    @Test("gives LightGlue centred positions, descriptors and validity, padded to the next size")
    func inputs() throws {
        let matcher = try LearnedMatcher(kind: .lightGlue, entries: 4) { size in
            #expect(size == 512)
            return ScriptedNetwork { arrays in
                #expect(
                    arrays.map(\.shape) == [
                        [1, 512, 2], [1, 512, 4], [1, 512], [1, 512, 2], [1, 512, 4], [1, 512],
                    ])
                // The middle of a 200 x 100 image is at 0 when pixels' centres count from 0, and the long side spans 2.
                #expect(arrays[0].values[..<4] == [-0.005, -0.005, 0.995, 0.495])
                #expect(arrays[0].values[4...].allSatisfy { $0 == 0 })
                #expect(arrays[1].values[..<9] == [0, 1, 2, 3, 10, 11, 12, 13, 0])
                #expect(arrays[2].values.reduce(0, +) == 2 && arrays[2].values[1] == 1)
                #expect(arrays[5].values.reduce(0, +) == 1)
                var assignment = [Float](repeating: -9, count: 513 * 513)
                assignment[513] = -0.1
                // Padding, however sure, is no match.
                assignment[513 * 2 + 1] = 0
                return [NetworkArray(shape: [1, 513, 513], values: assignment)]
            }
        }
        let (a, b) = (keypoints([(100, 50), (200, 100)]), keypoints([(7, 8)]))
        let matches = try matcher.matches(query: a, candidate: b)
        #expect(matches.map { [$0.query, $0.candidate] } == [[1, 0]])
        let correspondence = try #require(matches.correspondences(query: a, candidate: b).first)
        #expect(correspondence.source == PixelPoint(x: 200, y: 100))
        #expect(correspondence.target == PixelPoint(x: 7, y: 8))
    }

    @Test("gives SuperGlue scores beside positions in units of 0.7 long sides")
    func superGlueInputs() throws {
        let matcher = try LearnedMatcher(kind: .superGlue, entries: 4) { size in
            ScriptedNetwork { arrays in
                #expect(arrays[0].shape == [1, size, 3])
                let expected: [Float] = [-0.5 / 140, -0.5 / 140, 0, 69.5 / 140, -0.5 / 140, 1]
                for (value, number) in zip(arrays[0].values, expected) { #expect(abs(value - number) < 1e-6) }
                let side = size + 1
                return [NetworkArray(shape: [1, side, side], values: [Float](repeating: -9, count: side * side))]
            }
        }
        #expect(matcher.configuration.threshold == 0.2)
        #expect(try matcher.matches(query: keypoints([(100, 50), (170, 50)]), candidate: keypoints([(1, 1)])).isEmpty)
    }

    @Test("uses the smallest network that holds both lists, and the strongest keypoints of longer ones")
    func sizes() throws {
        var configuration = LearnedMatchingConfiguration.lightGlue
        configuration.sizes = [2, 4]
        let asked = Mutex<[Int]>([])
        let matcher = try LearnedMatcher(kind: .lightGlue, entries: 4, configuration: configuration) { size in
            asked.withLock { $0.append(size) }
            return ScriptedNetwork { arrays in
                #expect(arrays[2].values.allSatisfy { $0 == 1 })
                let side = size + 1
                let diagonal = (0..<(side * side)).map { $0 % (side + 1) == 0 ? Float(0) : -9 }
                return [NetworkArray(shape: [1, side, side], values: diagonal)]
            }
        }
        func list(_ count: Int) -> LearnedKeypoints { keypoints((0..<count).map { (Float($0), 1) }) }
        #expect(try matcher.matches(query: list(2), candidate: list(2)).count == 2)
        #expect(try matcher.matches(query: list(7), candidate: list(4)).map(\.query) == [0, 1, 2, 3])
        #expect(asked.withLock { $0 } == [2, 4])
    }

    @Test("asks no network when there is nothing to match, and refuses other descriptors")
    func refusals() throws {
        let matcher = try LearnedMatcher(kind: .lightGlue, entries: 4) { _ in
            throw FeatureError(.failure, "not to be asked")
        }
        #expect(try matcher.matches(query: keypoints([]), candidate: keypoints([(1, 1)])).isEmpty)
        let error = #expect(throws: FeatureError.self) {
            try matcher.matches(query: keypoints([(1, 1)]), candidate: keypoints([(1, 1)], entries: 8))
        }
        #expect(error?.kind == .invalidArgument)
        let wrong = try LearnedMatcher(kind: .lightGlue, entries: 4) { _ in
            ScriptedNetwork { _ in [NetworkArray(shape: [1, 2, 2], values: [0, 0, 0, 0])] }
        }
        #expect(throws: FeatureError.self) {
            try wrong.matches(query: keypoints([(1, 1)]), candidate: keypoints([(1, 1)]))
        }
        var configuration = LearnedMatchingConfiguration.lightGlue
        configuration.sizes = [4, 2]
        #expect(throws: FeatureError.self) {
            try LearnedMatcher(kind: .lightGlue, entries: 4, configuration: configuration) { _ in
                throw FeatureError(.failure, "not to be asked")
            }
        }
    }
}
