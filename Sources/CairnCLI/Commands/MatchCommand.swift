import ArgumentParser
import Cairn
import CairnFeatures
import CairnGeometry
import CairnImaging
import CairnModelLibrary
import CairnTerminal
import Foundation

struct MatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Show what two photos have in common.",
        discussion: """
            EXAMPLES
              cairn match a.jpg b.jpg
              cairn match a.jpg b.jpg -o lines.png --geometry fundamental
              cairn match a.jpg b.jpg --model xfeat
              cairn match a.jpg b.jpg --model superpoint --matcher superglue
              cairn match a.jpg b.jpg --matcher loftr
            """)

    @Argument(help: ArgumentHelp("The first photo.", valueName: "a"))
    var first: String

    @Argument(help: ArgumentHelp("The second photo.", valueName: "b"))
    var second: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write a picture with the inlier lines: .png or .jpg.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("homography, affine or fundamental.", valueName: "name"))
    var geometry: GeometricModelKind = .homography

    @Option(help: ArgumentHelp("What finds keypoints: rootsift, or a local model of the library.", valueName: "name"))
    var model = RootSIFTExtractor.name

    @Option(
        help: ArgumentHelp(
            "What matches: a matching network of the library; mutual nearest descriptors without.", valueName: "name"))
    var matcher: String?

    @Option(help: ArgumentHelp("hessian-affine (default) or sift.", valueName: "name"))
    var detector: DetectorName?

    @Option(help: ArgumentHelp("Keypoints a photo, at most.", valueName: "count"))
    var keypoints = 2_000

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        guard (1...100_000).contains(keypoints) else {
            throw ValidationError("--keypoints is \(keypoints); it must be from 1 to 100000.")
        }
        if let output, !["png", "jpg", "jpeg"].contains((output as NSString).pathExtension.lowercased()) {
            throw ValidationError("--output is \(output); its name must end in .png or .jpg.")
        }
    }

    func run() async throws {
        if let output { try OutputFile.requireFolder(of: output) }
        let (photos, keypoints, outcome) = try matcher.map { try compared(by: $0) } ?? compared()
        if let output {
            let picture = MatchPicture.draw(photos[0], photos[1], outcome: outcome)
            let isPNG = (output as NSString).pathExtension.lowercased() == "png"
            try OutputFile.write(isPNG ? picture.encodePNG() : picture.encodeJPEG(quality: 90), to: output)
        }
        if json {
            try Console.printJSON(
                Report(
                    images: [first, second], keypoints: keypoints, matches: outcome.matchCount,
                    inliers: outcome.evidence?.score ?? 0, model: geometry.rawValue,
                    matrix: outcome.evidence?.model.matrix.rowMajor))
        } else if let evidence = outcome.evidence {
            Console.print("\(evidence.score) inliers of one \(geometry.rawValue), from \(outcome.matchCount) matches")
        } else {
            Console.print(
                "nothing in common that verifies: \(outcome.matchCount) matches agree on no \(geometry.rawValue)")
        }
    }

    /// The photos as they were looked at, how many keypoints they have, and what they have in common.
    private typealias Comparison = (photos: [RGBImage], keypoints: [Int], outcome: PairVerifier.Outcome)

    private func compared() throws -> Comparison {
        let extractor = try extractor
        let photos = try photos(longSide: extractor.input.longSide)
        let features = try photos.map { try extractor.features(of: ExtractionPhoto($0)) }
        let outcome = try verifier(extractor.pairVerification).verify(features[0], with: features[1])
        return (photos, features.map(\.count), outcome)
    }

    private func compared(by name: String) throws -> Comparison {
        let library = ModelLibrary.standard
        let runtime = try runtime.runtime(.latency)
        let matcher = try library.matcher(named: name, runtime: runtime)
        let extractor =
            model == RootSIFTExtractor.name ? nil : try library.localModel(named: model, runtime: runtime)
        let photos = try photos(longSide: matcher.longSide(with: extractor))
        let comparison = try matcher.compare(
            photos[0], photos[1], extractor: extractor,
            verifier: verifier(extractor?.pairVerification ?? .learned))
        return (photos, comparison.keypoints, comparison.outcome)
    }

    private func photos(longSide: Int) throws -> [RGBImage] {
        let decoder = ImageDecoder(
            configuration: DecodingConfiguration(
                maximumLongSide: longSide, maximumPixels: reading.options.maximumPixels,
                truncation: reading.options.truncation))
        return try [first, second].map { try decoder.rgb(contentsOf: $0) }
    }

    private func verifier(_ standard: PairVerificationConfiguration) throws -> PairVerifier {
        var configuration = standard
        switch geometry {
        case .homography: break
        case .affine: configuration.verification = .affine
        case .fundamental: configuration.verification = .fundamental
        }
        return try PairVerifier(configuration: configuration)
    }

    private var extractor: any LocalFeatureExtractor {
        get throws {
            guard model == RootSIFTExtractor.name else {
                return try ModelLibrary.standard.localModel(named: model, runtime: runtime.runtime(.latency))
            }
            var sift = LocalFeatureConfiguration.standard.sift
            if let detector { sift.detector = detector.detector }
            sift.maximumKeypoints = keypoints
            return RootSIFTExtractor(configuration: sift)
        }
    }

    /// What `--json` prints.
    private struct Report: Encodable {
        var images: [String]
        var keypoints: [Int]
        var matches: Int
        var inliers: Int
        var model: String
        /// 3 x 3, row-major, from the first photo's pixels to the second's, both reduced to the long side that features are
        /// made at, 1,024 px for RootSIFT and 640 px for LoFTR; absent without a model.
        var matrix: [Double]?
    }
}

extension GeometricModelKind: ExpressibleByArgument {}
