import CairnCore
import Foundation

extension RecognizerModel: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case configuration, quantileTransform, calibration, rejection, reranker, fittedOn, landmarkQueries
        case nonLandmarkQueries, correctQueries
    }

    /// Reads a model; no key beside its own is allowed, and the parts must be those that its configuration needs.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a recognition model")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let configuration = try values.decode(RecognizerConfiguration.self, forKey: .configuration)
        try configuration.validate()
        let transform = try values.decodeIfPresent(QuantileTransform.self, forKey: .quantileTransform)
        let reranker = try values.decodeIfPresent(BoostedReranker.self, forKey: .reranker)
        let counts = try (
            landmarks: values.decode(Int.self, forKey: .landmarkQueries),
            nonLandmarks: values.decode(Int.self, forKey: .nonLandmarkQueries),
            correct: values.decode(Int.self, forKey: .correctQueries)
        )
        let wantsTransform = configuration.normalization != .none && !configuration.boosted
        guard (transform != nil) == wantsTransform, (reranker != nil) == configuration.boosted,
            counts.landmarks >= 0, counts.nonLandmarks >= 0, (0...counts.landmarks).contains(counts.correct)
        else {
            throw RecognitionError(
                .corrupted, "a recognition model lacks a part that its configuration needs; calibrate it again")
        }
        try self.init(
            configuration: configuration, quantileTransform: transform,
            calibration: values.decode(ProbabilityCalibration.self, forKey: .calibration),
            rejection: values.decode(RejectionThreshold.self, forKey: .rejection), reranker: reranker,
            fittedOn: values.decode(String.self, forKey: .fittedOn), counts: counts)
    }

    /// Writes a model.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(configuration, forKey: .configuration)
        try values.encodeIfPresent(quantileTransform, forKey: .quantileTransform)
        try values.encode(calibration, forKey: .calibration)
        try values.encode(rejection, forKey: .rejection)
        try values.encodeIfPresent(reranker, forKey: .reranker)
        try values.encode(fittedOn, forKey: .fittedOn)
        try values.encode(landmarkQueries, forKey: .landmarkQueries)
        try values.encode(nonLandmarkQueries, forKey: .nonLandmarkQueries)
        try values.encode(correctQueries, forKey: .correctQueries)
    }

    static let fileKind = "cairn-recognizer"

    /// Reads a file that `write(to:)` made.
    ///
    /// - Throws: `RecognitionError`: not found, another kind of file, a newer version, damaged, or a re-ranker trained on other
    ///   features.
    public init(contentsOf path: String) throws(RecognitionError) {
        self = try SealedFile.read(Self.self, kind: Self.fileKind, path: path)
    }

    /// Reads the bytes of such a file; `name` says in errors where they came from.
    public init(decoding data: Data, name: String) throws(RecognitionError) {
        self = try SealedFile.decode(Self.self, kind: Self.fileKind, data: data, name: name)
    }

    /// The bytes of the file.
    public func encoded() throws(RecognitionError) -> Data { try SealedFile.encode(self, kind: Self.fileKind) }

    /// Writes a file: complete or not at all, an existing one is replaced.
    public func write(to path: String) throws(RecognitionError) {
        try SealedFile.write(self, kind: Self.fileKind, path: path)
    }
}
