import CairnCore
import Foundation

/// As it is saved: version, features, parameters, class counts, and the trees with their SHA-256.
extension BoostedReranker: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case featureVersion, features, parameters, classCounts, modelDigest, model
    }

    /// Reads a re-ranker. Every key is needed and no other is allowed.
    ///
    /// - Throws: `RecognitionError`: `unsupported` when it was trained on other features than this build computes, `corrupted`
    ///   when the trees are not those that were saved, or are no trees.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a boosted re-ranker")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let version = try values.decode(Int.self, forKey: .featureVersion)
        let features = try values.decode([String].self, forKey: .features)
        guard version == BoostingFeatures.version, features == BoostingFeatures.names else {
            throw Self.otherFeatures(version: version, features: features)
        }
        let parameters = try values.decode(BoostingParameters.self, forKey: .parameters)
        try parameters.validate()
        let counts = try values.decode([Int].self, forKey: .classCounts)
        let text = try values.decode(String.self, forKey: .model)
        guard try values.decode(String.self, forKey: .modelDigest) == SealedFile.digest(Data(text.utf8)) else {
            throw RecognitionError(
                .corrupted, "a boosted re-ranker is damaged: the digest of its trees is wrong; train it again")
        }
        let boosting = try GradientBoosting(text: text, threads: parameters.threads)
        guard boosting.features == features, boosting.classes == Self.classCount, counts.count == Self.classCount,
            counts.allSatisfy({ $0 >= 0 })
        else {
            throw RecognitionError(
                .corrupted,
                "a boosted re-ranker is damaged: its trees are not for its features and classes; train it again")
        }
        self.init(boosting: boosting, parameters: parameters, classCounts: counts)
    }

    /// Writes a re-ranker.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(BoostingFeatures.version, forKey: .featureVersion)
        try values.encode(boosting.features, forKey: .features)
        try values.encode(parameters, forKey: .parameters)
        try values.encode(classCounts, forKey: .classCounts)
        try values.encode(SealedFile.digest(Data(boosting.text.utf8)), forKey: .modelDigest)
        try values.encode(boosting.text, forKey: .model)
    }

    /// Says how the features differ.
    private static func otherFeatures(version: Int, features: [String]) -> RecognitionError {
        let here = Set(BoostingFeatures.names)
        let there = Set(features)
        var differences: [String] = []
        if version != BoostingFeatures.version {
            differences.append("their version is \(version), here it is \(BoostingFeatures.version)")
        }
        if let missing = here.subtracting(there).min() { differences.append("“\(missing)” is not among them") }
        if let unknown = there.subtracting(here).min() {
            differences.append("“\(unknown.prefix(80))” is not known here")
        }
        if differences.isEmpty { differences.append("they are in another order") }
        return RecognitionError(
            .unsupported,
            "the boosted re-ranker was trained on other features: \(differences.joined(separator: ", ")); train it again"
        )
    }
}

extension BoostedReranker {
    /// The kind of file, in its first line.
    static let fileKind = "cairn-boosted-reranker"

    /// Reads a file that `write(to:)` made.
    ///
    /// - Throws: `RecognitionError`: not found, another kind of file, a newer version, damaged, or trained on other features.
    public init(contentsOf path: String) throws(RecognitionError) {
        self = try SealedFile.read(Self.self, kind: Self.fileKind, path: path)
    }

    /// Writes a file: complete or not at all, an existing one is replaced.
    public func write(to path: String) throws(RecognitionError) {
        try SealedFile.write(self, kind: Self.fileKind, path: path)
    }
}
