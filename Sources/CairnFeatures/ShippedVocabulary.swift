import CairnCore
import CairnIndex
import Foundation

/// Vocabularies that come with Cairn. How they were made: Docs/Vocabulary.md, and the note inside each file.
public enum ShippedVocabulary: String, Sendable, CaseIterable {
    /// 16,384 words for aggregated match kernels.
    case aggregatedMatchKernel = "rootsift-16384"
    /// 512 words for nearest-descriptor voting.
    case nearestDescriptorVoting = "rootsift-512"

    /// The one that fits a way of scoring.
    public init(for scoring: InvertedIndexConfiguration.Scoring) {
        switch scoring {
        case .aggregatedMatchKernel: self = .aggregatedMatchKernel
        case .nearestDescriptorVoting: self = .nearestDescriptorVoting
        }
    }

    /// Reads the file. Throws `FeatureError` when the installation lacks it, `IndexError` when it is damaged.
    public func load() throws -> Vocabulary {
        let name = "Vocabularies/\(rawValue).cairnvoc"
        // Beside the executable: in a build folder, and where it was installed to.
        let folder = Bundle.main.bundleURL.appendingPathComponent("Cairn_CairnFeatures.resources")
        let file = folder.appendingPathComponent(name).path
        guard FileManager.default.fileExists(atPath: file) else {
            throw FeatureError(
                .notFound,
                "the vocabulary \(rawValue) is not at \(file); keep the folder Cairn_CairnFeatures.resources beside the executable, as `make install` does"
            )
        }
        return try Vocabulary(contentsOf: file)
    }
}
