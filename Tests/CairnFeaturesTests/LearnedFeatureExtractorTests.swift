import CairnCore
import CairnImaging
import Synchronization
import Testing

@testable import CairnFeatures

/// A network that gives the same arrays whatever it is asked.
final class RecordedNetwork: KeypointNetwork {
    let inputs: [NetworkPort]
    let outputs: [NetworkPort]
    private let arrays: [NetworkArray]
    private let seen = Mutex<[NetworkArray]>([])

    init(input: [Int?], outputs: [NetworkPort], arrays: [NetworkArray]) {
        inputs = [NetworkPort(name: "image", dimensions: input)]
        self.outputs = outputs
        self.arrays = arrays
    }

    /// Ports as the arrays are.
    convenience init(input: [Int?], giving arrays: [NetworkArray]) {
        let ports = arrays.enumerated().map { NetworkPort(name: "output\($0.offset)", dimensions: $0.element.shape) }
        self.init(input: input, outputs: ports, arrays: arrays)
    }

    var lastInputs: [NetworkArray] { seen.withLock { $0 } }

    func run(_ inputs: [NetworkArray]) throws -> [NetworkArray] {
        seen.withLock { $0 = inputs }
        return arrays
    }
}

@Suite("Learned feature extraction")
struct LearnedFeatureExtractorTests {
    private func photo(_ width: Int, _ height: Int) -> RGBImage {
        let size = ImageSize(width: width, height: height)
        let pixels = SeededMaps.units("photo", size.pixelCount * 3).map { UInt8(255 * $0) }
        return RGBImage(size: size, pixels: pixels)
    }

    private var reliableCells: [NetworkArray] {
        [SeededMaps.features, SeededMaps.logits(SeededMaps.logits), SeededMaps.reliability]
    }

    @Test("a photo that does not fill a fixed input gives no keypoints beside itself")
    func letterbox() throws {
        let network = RecordedNetwork(input: [1, 3, 48, 64], giving: reliableCells)
        var configuration = KeypointConfiguration.xfeat
        configuration.scoreThreshold = 0.02
        let extractor = LearnedFeatureExtractor(
            name: "x", modelDigest: "1", model: try KeypointModel(recognizing: network), configuration: configuration)
        let keypoints = try extractor.keypoints(of: photo(30, 48))
        #expect(keypoints.count > 5)
        #expect(keypoints.x.allSatisfy { $0 > 2 && $0 < 28 })
        #expect(keypoints.y.contains { $0 > 40 })
        #expect(keypoints.scores == keypoints.scores.sorted(by: >))

        let input = try #require(network.lastInputs.first)
        #expect(input.shape == [1, 3, 48, 64])
        // Column 29 is the photo's last; what follows is its mirror image.
        for offset in 1...20 { #expect(input.values[64 * 7 + 29 + offset] == input.values[64 * 7 + 29 - offset]) }
        let pixel = try #require(photo(30, 48).pixels.dropFirst((7 * 30 + 4) * 3).first)
        #expect(abs(input.values[64 * 7 + 4] - Float(pixel) / 255) < 1e-6)
    }

    @Test("positions come back to the photo's own pixels")
    func positions() throws {
        let frame = NetworkFrame(fitting: ImageSize(width: 128, height: 64), into: ImageSize(width: 64, height: 48))
        #expect(frame.contentSize == ImageSize(width: 64, height: 32))
        #expect(frame.imagePosition(x: 0, y: 31) == (1, 63))
        let padded = NetworkFrame(padding: ImageSize(width: 33, height: 62), toMultipleOf: 32)
        #expect(padded.inputSize == ImageSize(width: 64, height: 64))
        #expect(padded.columns == 15..<48 && padded.rows == 1..<63)
        #expect(padded.imagePosition(x: 15, y: 1) == (0.5, 0.5))
    }

    @Test("features have padded bytes, no orientation, and the learned way of being compared")
    func localFeatures() throws {
        let network = RecordedNetwork(
            input: [1, 1, nil, nil], giving: [SeededMaps.logits(SeededMaps.logits), SeededMaps.features])
        let extractor = LearnedFeatureExtractor(
            name: "sp", modelDigest: "1", model: try KeypointModel(recognizing: network))
        let features = try extractor.features(of: ExtractionPhoto(photo(64, 48)))
        #expect(network.lastInputs.first?.shape == [1, 1, 48, 64])
        #expect(features.count > 5)
        #expect(features.dimensions == extractor.dimensions && features.dimensions == 64)
        #expect(!features.isOriented)
        #expect(extractor.input == ExtractionInput(channels: .luma, longSide: 1_024))
        #expect(extractor.digest.hasPrefix("1 "))
    }

    @Test("maps of another size than the image's are refused")
    func wrongMaps() throws {
        let network = RecordedNetwork(input: [1, 3, nil, nil], giving: reliableCells)
        let extractor = LearnedFeatureExtractor(
            name: "x", modelDigest: "1", model: try KeypointModel(recognizing: network))
        let error = #expect(throws: FeatureError.self) { try extractor.keypoints(of: photo(128, 48)) }
        #expect(error?.message.contains("[1, 65, 6, 8]") == true)
    }

    @Test("ALIKED's samples are of the levels' vectors, each of unit length, in batches that are filled up")
    func aliked() throws {
        var scores = [Float](repeating: 0, count: 64 * 32)
        (scores[10 * 64 + 20], scores[20 * 64 + 40]) = (0.9, 0.6)
        // Level s is s everywhere, so that every pixel's vector is (1, 2, 3, 4) in eights, divided by its length.
        let levels = zip([1, 2, 8, 32], [1, 2, 3, 4] as [Float]).map { step, value in
            NetworkArray(
                shape: [1, 32 / step, 64 / step, 8],
                values: [Float](repeating: value, count: 32 / step * (64 / step) * 8))
        }
        let network = RecordedNetwork(
            input: [1, 3, nil, nil], giving: [NetworkArray(shape: [1, 1, 32, 64], values: scores)] + levels)
        // Two samples for each keypoint: at the keypoint, and far outside.
        let offsets = RecordedNetwork(
            input: [3, 32, 3, 3],
            giving: [NetworkArray(shape: [3, 2, 2], values: [0, 0, 900, 0, 0, 0, 0, 900, 0, 0, 0, 0])])
        let unit = (0..<96).map { Float($0) }
        let descriptors = RecordedNetwork(
            input: [3, 2, 32], giving: [NetworkArray(shape: [3, 32], values: unit)])
        let model = KeypointModel.aliked(entries: 32, offsets: offsets, descriptors: descriptors) { _ in network }
        let extractor = LearnedFeatureExtractor(name: "aliked", modelDigest: "1", model: model)
        let keypoints = try extractor.keypoints(of: photo(60, 32))

        // The image is 60 pixels wide, two in from the left of the input.
        #expect(keypoints.x == [18.5, 38.5] && keypoints.y == [10.5, 20.5])
        #expect(keypoints.descriptors == Array(unit[..<64]))
        let samples = try #require(descriptors.lastInputs.first)
        #expect(samples.shape == [3, 2, 32])
        let length = Float(8 * (1 + 4 + 9 + 16)).squareRoot()
        let vector = (0..<32).map { Float($0 / 8 + 1) / length }
        #expect(zip(samples.values[..<32], vector).allSatisfy { abs($0 - $1) < 1e-6 })
        // 15 px is as far as a sample may be: inside for the first keypoint, below the image for the second.
        #expect(abs(samples.values[32] - vector[0]) < 1e-6)
        #expect(samples.values[96...].allSatisfy { $0 == 0 })
        let patches = try #require(offsets.lastInputs.first)
        #expect(patches.shape == [3, 32, 3, 3])
        #expect(zip(patches.values[..<9], [Float](repeating: vector[0], count: 9)).allSatisfy { abs($0 - $1) < 1e-6 })
    }
}
