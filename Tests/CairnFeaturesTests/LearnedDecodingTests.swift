import CairnCore
import Foundation
import Testing

@testable import CairnFeatures

@Suite("Decoding of learned keypoints")
struct LearnedDecodingTests {
    @Test("XFeat's maps give kornia's keypoints, scores and descriptors")
    func xfeat() throws {
        let count = SeededMaps.rows * SeededMaps.columns
        var logits = SeededMaps.logits
        let peaks = SeededMaps.units("peak", count)
        for cell in stride(from: 0, to: count, by: 3) { logits[Int(64 * peaks[cell]) * count + cell] += 4 }
        let keypoints = DenseKeypointDecoder(configuration: .xfeat).keypoints(
            scores: ScoreMap(cellLogits: SeededMaps.logits(logits)), reliability: SeededMaps.reliability,
            descriptors: SeededMaps.features, frame: SeededMaps.frame)
        try DecodingGolden(named: "xfeat-decoding").check(keypoints)
    }

    @Test("SuperPoint's maps give transformers' keypoints, scores and descriptors")
    func superPoint() throws {
        let golden = try DecodingGolden(named: "superpoint-decoding")
        var configuration = KeypointConfiguration.superPoint
        configuration.scoreThreshold = 0.02
        configuration.maximumKeypoints = golden.x.count
        let keypoints = DenseKeypointDecoder(configuration: configuration).keypoints(
            scores: ScoreMap(cellLogits: SeededMaps.logits(SeededMaps.logits)), descriptors: SeededMaps.features,
            frame: SeededMaps.frame)
        golden.check(keypoints)
    }

    @Test(
        "suppression among few candidates is that of the whole map",
        arguments: KeypointConfiguration.Suppression.allCases)
    func suppression(_ rule: KeypointConfiguration.Suppression) {
        let (width, height, radius) = (41, 33, 3)
        // Few levels, so that there are ties.
        let values = SeededMaps.units("plane", width * height).map { Float(($0 * 40).rounded(.down) / 40 + 0.01) }
        let map = ScoreMap(width: width, height: height, values: values)
        var configuration = KeypointConfiguration()
        configuration.suppression = rule
        configuration.suppressionRadius = radius
        configuration.scoreThreshold = 0.6
        configuration.border = 0
        let actual = map.peaks(configuration, columns: 0..<width, rows: 0..<height).map { $0.row * width + $0.column }

        func window(_ index: Int) -> [Int] {
            (0..<(width * height)).filter {
                abs($0 % width - index % width) <= radius && abs($0 / width - index / width) <= radius
            }
        }
        let windows = (0..<(width * height)).map(window)
        var expected: Set<Int> = []
        switch rule {
        case .strictMaxima:
            expected = Set(values.indices.filter { i in windows[i].allSatisfy { $0 == i || values[$0] < values[i] } })
        case .iterated:
            for _ in 0..<3 {
                let near = Set(expected.flatMap { windows[$0] })
                let rest = values.indices.map { near.contains($0) ? 0 : values[$0] }
                expected.formUnion(
                    values.indices.filter { i in
                        !near.contains(i) && windows[i].allSatisfy { rest[$0] <= rest[i] }
                    })
            }
        }
        #expect(Set(actual) == expected.filter { values[$0] > 0.6 })
        #expect(actual.count > 10)
    }

    @Test("where too few pixels pass the threshold, all compete")
    func sufficientKeypoints() {
        var values = [Float](repeating: 0, count: 400)
        (values[105], values[215]) = (0.9, 0.1)
        let map = ScoreMap(width: 20, height: 20, values: values)
        var configuration = KeypointConfiguration.xfeat
        configuration.scoreThreshold = 0.5
        #expect(map.peaks(configuration, columns: 0..<20, rows: 0..<20).map(\.score) == [0.9])
        configuration.sufficientKeypoints = 2
        #expect(map.peaks(configuration, columns: 0..<20, rows: 0..<20).map(\.score) == [0.9, 0.1])
    }

    @Test("settings are read strictly, and those of a preset come back")
    func settings() throws {
        func read(_ json: String) throws -> KeypointConfiguration {
            try JSONDecoder().decode(KeypointConfiguration.self, from: Data(json.utf8))
        }
        for preset in [KeypointConfiguration.superPoint, .xfeat, .aliked, .unfiltered] {
            #expect(try JSONDecoder().decode(KeypointConfiguration.self, from: JSONEncoder().encode(preset)) == preset)
        }
        #expect(try read("{\"border\": 7}").border == 7)
        #expect(throws: UnknownSettingError.self) { try read("{\"borders\": 7}") }
        #expect(throws: FeatureError.self) { try read("{\"suppressionRadius\": 0}") }
    }

    @Test("a position moves towards the higher of its neighbours")
    func refinement() {
        var values = [Float](repeating: 0, count: 25)
        (values[12], values[13]) = (1, 1)
        let map = ScoreMap(width: 5, height: 5, values: values)
        let (x, y) = map.refinedPosition(column: 2, row: 2, radius: 2, temperature: 0.01)
        #expect(abs(x - 2.5) < 1e-4 && abs(y - 2) < 1e-4)
        #expect(map.score(x: 2.5, y: 2) == 1)
        #expect(map.score(x: 2, y: 2.25) == 0.75)
        #expect(map.score(x: -3, y: 2) == 0)
    }

    @Test("finished keypoints come in either layout, strongest first, without those outside the image")
    func finished() throws {
        let frame = NetworkFrame(fitting: ImageSize(width: 20, height: 10), into: ImageSize(width: 40, height: 40))
        let positions = NetworkArray(shape: [1, 3, 2], values: [4, 6, 30, 10, 5, 35])
        let scores = NetworkArray(shape: [1, 3], values: [0.2, 0.7, 0.9])
        let rows = NetworkArray(shape: [1, 3, 2], values: [3, 4, 0, 2, 1, 1])
        let planes = NetworkArray(shape: [1, 4, 3], values: [3, 0, 1, 4, 2, 1, 0, 0, 0, 0, 0, 0])
        let decoder = FinishedKeypointDecoder(configuration: .unfiltered)
        let first = try decoder.keypoints(positions: positions, scores: scores, descriptors: rows, frame: frame)
        #expect(first.x == [15.25, 2.25] && first.y == [5.25, 3.25])
        #expect(first.scores == [0.7, 0.2])
        #expect(first.descriptors == [0, 1, 0.6, 0.8])
        let second = try decoder.keypoints(positions: positions, scores: nil, descriptors: planes, frame: frame)
        #expect(second.x == [2.25, 15.25])
        #expect(second.descriptors == [0.6, 0.8, 0, 0, 0, 1, 0, 0])
    }

    @Test("finished keypoints that do not fit together are refused, and positions that are no pixels")
    func refused() throws {
        let frame = SeededMaps.frame
        let decoder = FinishedKeypointDecoder(configuration: .unfiltered)
        let positions = NetworkArray(shape: [8, 2], values: [Float](repeating: 0.5, count: 16))
        let descriptors = NetworkArray(shape: [8, 4], values: [Float](repeating: 1, count: 32))
        #expect(throws: FeatureError.self) {
            try decoder.keypoints(positions: positions, scores: nil, descriptors: descriptors, frame: frame)
        }
        let few = NetworkArray(shape: [7, 4], values: [Float](repeating: 1, count: 28))
        let places = NetworkArray(shape: [8, 2], values: [Float](repeating: 5, count: 16))
        #expect(throws: FeatureError.self) {
            try decoder.keypoints(positions: places, scores: nil, descriptors: few, frame: frame)
        }
    }
}
