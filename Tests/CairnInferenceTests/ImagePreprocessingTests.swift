import Foundation
import Testing

@testable import CairnInference

@Suite("Image pre-processing")
struct ImagePreprocessingTests {
    /// What the model sees, written out from the definition in doubles.
    static func twin(_ pixels: [UInt8], _ height: Int, _ width: Int, _ what: ImagePreprocessing) -> [Float] {
        let channels = what.channels
        var planes = [Float](repeating: 0, count: pixels.count)
        for c in 0..<channels {
            let source = what.channelOrder == .bgr ? channels - 1 - c : c
            let mean = what.mean.isEmpty ? 0 : Double(what.mean[what.mean.count == 1 ? 0 : c])
            let deviation = what.deviation.isEmpty ? 1 : Double(what.deviation[what.deviation.count == 1 ? 0 : c])
            for p in 0..<height * width {
                let sample = Double(pixels[p * channels + source])
                let value = what.range == .unit ? sample / 255 - mean : sample - 255 * mean
                planes[c * height * width + p] = Float(value / deviation)
            }
        }
        return planes
    }

    @Test(
        "planes are what the definition says, to 1e-5",
        arguments: [
            .imageNet, .inception, .unit, .grey, ImagePreprocessing(mean: [0.5], deviation: [0.25]),
            ImagePreprocessing(channelOrder: .bgr, mean: [0.1, 0.2, 0.3], deviation: [0.3, 0.2, 0.1]),
            ImagePreprocessing(channelOrder: .bgr, range: .bytes, mean: [0.406, 0.456, 0.485]),
            ImagePreprocessing(channelOrder: .grey, range: .bytes, deviation: [58]),
        ] as [ImagePreprocessing])
    func planes(what: ImagePreprocessing) throws {
        let (height, width) = (20, 28)
        let model = try Fixtures.model("identity.onnx", preprocessing: what)
        let output = try model.inferBlocking(Fixtures.photo(height, width, what.channels))[0]
        #expect(output.shape == [1, what.channels, height, width])
        let expected = Self.twin(Fixtures.pixels(height, width, what.channels), height, width, what)
        try expect(output, near: Fixtures.Answer(shape: output.shape, values: expected))
    }

    @Test("a network behind it answers as ONNX Runtime behind numpy does")
    func network() throws {
        let cases: [(String, String, ImagePreprocessing)] = [
            ("imagenet 20x28", "conv_pool.onnx", .imageNet),
            (
                "bgr 20x28", "conv_pool.onnx",
                ImagePreprocessing(channelOrder: .bgr, mean: [0.406, 0.456, 0.485], deviation: [0.225, 0.224, 0.229])
            ),
            ("bytes 20x28", "conv_pool.onnx", ImagePreprocessing(range: .bytes, mean: [0.485, 0.456, 0.406])),
            (
                "grey 20x28", "conv_pool_grey.onnx",
                ImagePreprocessing(channelOrder: .grey, mean: [0.5], deviation: [0.25])
            ),
        ]
        for (golden, file, what) in cases {
            let output = try Fixtures.model(file, preprocessing: what).inferBlocking(
                Fixtures.photo(20, 28, what.channels))
            try expect(output["descriptor"], near: Fixtures.golden(golden)["descriptor"])
        }
    }

    @Test("what does not fit the model is refused with what would")
    func refused() throws {
        let wrong: [(ImagePreprocessing, String)] = [
            (.grey, "N x 1 x H x W"), (ImagePreprocessing(input: "photo"), "no input “photo”; it has image"),
            (ImagePreprocessing(mean: [0.1, 0.2]), "2 values of mean"),
            (ImagePreprocessing(deviation: [0.1, 0, 0.2]), "deviations above 0"),
        ]
        for (what, words) in wrong {
            let error = try #require(throws: InferenceError.self) {
                try Fixtures.model("conv_pool.onnx", preprocessing: what)
            }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.contains(words), "\(error.message)")
        }
    }
}
