import CairnCore
import Foundation

/// RootSIFT as an extractor among others.
public struct RootSIFTExtractor: LocalFeatureExtractor {
    /// The name of every RootSIFT extractor, whatever its settings.
    public static let name = "rootsift"

    /// How keypoints are found and described.
    public let configuration: SIFTConfiguration

    private let extractor: SIFTExtractor

    /// Makes an extractor; it holds no memory to speak of until its first use.
    public init(configuration: SIFTConfiguration = .hessianAffine) {
        self.configuration = configuration
        extractor = SIFTExtractor(configuration: configuration)
    }

    /// "rootsift".
    public var name: String { Self.name }

    /// 128 bytes.
    public var dimensions: Int { LocalFeatures.rootSIFTDimensions }

    /// Luma, at the settings' size.
    public var input: ExtractionInput { ExtractionInput(channels: .luma, longSide: configuration.longSide) }

    /// Keypoints have scale and direction, so one pair makes a hypothesis.
    public var pairVerification: PairVerificationConfiguration { .standard }

    /// The settings.
    public var configurationJSON: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Numbers, names and switches: nothing that could fail to be encoded.
        return (try? encoder.encode(configuration)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The settings themselves: there are no weights.
    public var digest: String { configurationJSON }

    /// Features of a photo; see `SIFTExtractor`.
    public func features(of photo: ExtractionPhoto) throws -> LocalFeatures {
        extractor.features(of: try photo.luma(longSide: configuration.longSide))
    }
}
