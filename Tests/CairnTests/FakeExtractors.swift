import CairnCore
import CairnFeatures
import CairnImaging

@testable import Cairn

/// A global descriptor without a network: how often each of 4 x 4 x 4 colours occurs in each quarter of a photo.
struct ColorHistogram: GlobalDescriptorExtractor {
    var name = "colors"
    var digest = "colors-1"
    var configurationJSON = #"{"bins":4}"#
    /// Quarters, or the whole photo at once.
    var isDivided = true

    var dimensions: Int { isDivided ? 256 : 64 }
    var input: ExtractionInput { ExtractionInput(channels: .rgb, longSide: 128) }

    func descriptor(of photo: ExtractionPhoto) throws -> [Float] {
        let image = try photo.rgb(longSide: input.longSide)
        var counts = [Float](repeating: 0, count: dimensions)
        for y in 0..<image.height {
            for x in 0..<image.width {
                let start = (y * image.width + x) * 3
                let bin = (0..<3).reduce(0) { $0 * 4 + Int(image.pixels[start + $1] >> 6) }
                let quarter = isDivided ? (2 * y / image.height) * 2 + 2 * x / image.width : 0
                counts[quarter * 64 + bin] += 1
            }
        }
        let total = counts.reduce(0, +)
        return counts.map { ($0 / total).squareRoot() }
    }
}

/// A local extractor like a network's: 64 signed entries, no scale and direction. It is SIFT's, halved.
struct HalvedSIFT: LocalFeatureExtractor {
    var name = "halved"
    var digest = "halved-1"
    var configurationJSON = "{}"
    let extractor = SIFTExtractor(configuration: .fast)

    var dimensions: Int { 64 }
    var input: ExtractionInput { ExtractionInput(channels: .rgb, longSide: 400) }
    var pairVerification: PairVerificationConfiguration { .learned }

    func features(of photo: ExtractionPhoto) throws -> LocalFeatures {
        let found = extractor.features(of: try photo.luma(longSide: input.longSide))
        var entries: [Float] = []
        for keypoint in 0..<found.count {
            let bytes = found.descriptors[keypoint * 128..<(keypoint + 1) * 128].map(Float.init)
            let pairs = (0..<64).map { bytes[2 * $0] + bytes[2 * $0 + 1] }
            let mean = pairs.reduce(0, +) / 64
            let length = pairs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
            entries += pairs.map { ($0 - mean) / length }
        }
        return LocalFeatures(imageSize: found.imageSize, x: found.x, y: found.y, unitDescriptors: entries, entries: 64)
    }
}

/// Knows these two.
struct FakeProvider: ExtractorProvider {
    var histogram = ColorHistogram()
    var halved = HalvedSIFT()

    func localExtractor(for record: ExtractorRecord) throws -> any LocalFeatureExtractor {
        guard record.name == halved.name else { throw NoModels.missing(record) }
        return halved
    }

    func globalExtractor(for record: ExtractorRecord) throws -> any GlobalDescriptorExtractor {
        guard record.name == histogram.name else { throw NoModels.missing(record) }
        return histogram
    }
}
