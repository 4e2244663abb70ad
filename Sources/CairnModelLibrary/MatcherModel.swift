import CairnCore
import CairnFeatures
import CairnImaging

/// A matching network of the library, ready to run. Any number of threads may use it.
public struct MatcherModel: Sendable {
    /// What it looks at.
    public enum Network: Sendable {
        /// Keypoints of both photos: SuperGlue, LightGlue.
        case keypoints(LearnedMatcher)
        /// The photos themselves: LoFTR.
        case images(DetectorFreeMatcher)
    }

    /// What the library knows of it.
    public let record: ModelRecord
    /// The network.
    public let network: Network

    /// Whether another network has to find keypoints first.
    public var needsKeypoints: Bool {
        if case .keypoints = network { true } else { false }
    }

    /// How many keypoints took part, and what they have in common.
    public struct Comparison: Sendable {
        /// Keypoints of the first and of the second photo; 0 where the matcher needs none.
        public let keypoints: [Int]
        /// Matches, and the model that most of them agree on.
        public let outcome: PairVerifier.Outcome
    }

    /// The long side to which photos should be reduced before they are compared, in pixels.
    public func longSide(with extractor: LearnedFeatureExtractor?) -> Int {
        switch network {
        case .keypoints: extractor?.input.longSide ?? record.longSide
        case .images(let matcher): matcher.configuration.longSide
        }
    }

    /// Matches two photos and verifies the matches.
    ///
    /// - Parameters:
    ///   - first: A photo, reduced to `longSide`.
    ///   - second: Another.
    ///   - extractor: What finds keypoints: the network that the matcher was trained with. `nil` where it needs none.
    ///   - verifier: Decides which matches agree.
    /// - Throws: `ModelLibraryError` where an extractor is missing or too many, and what the networks throw.
    public func compare(
        _ first: RGBImage, _ second: RGBImage, extractor: LearnedFeatureExtractor?, verifier: PairVerifier
    ) throws -> Comparison {
        let extractor = try checked(extractor)
        return try compare(look(at: first, extractor), look(at: second, extractor), verifier: verifier)
    }

    /// A photo as the matcher takes it.
    enum Look: Sendable {
        case keypoints(LearnedKeypoints)
        case image(RGBImage)
    }

    /// Finds a photo's keypoints, where the matcher needs them; `extractor` was checked.
    func look(at photo: RGBImage, _ extractor: LearnedFeatureExtractor?) throws -> Look {
        try extractor.map { .keypoints(try $0.keypoints(of: photo)) } ?? .image(photo)
    }

    /// Matches two photos that were looked at by this matcher.
    func compare(_ first: Look, _ second: Look, verifier: PairVerifier) throws -> Comparison {
        switch (network, first, second) {
        case (.keypoints(let matcher), .keypoints(let query), .keypoints(let candidate)):
            let matches = try matcher.matches(query: query, candidate: candidate)
            return Comparison(
                keypoints: [query.count, candidate.count],
                outcome: try verifier.verify(matches, query: query, candidate: candidate))
        case (.images(let matcher), .image(let query), .image(let candidate)):
            let matches = try matcher.matches(query: query, candidate: candidate)
            return Comparison(
                keypoints: [0, 0],
                outcome: try verifier.verify(matches, querySize: query.size, candidateSize: candidate.size))
        default:
            preconditionFailure("\(record.name) was given what another kind of matcher looks at")
        }
    }

    /// The extractor, if it is what the matcher needs.
    func checked(_ extractor: LearnedFeatureExtractor?) throws -> LearnedFeatureExtractor? {
        switch network {
        case .keypoints(let matcher): return try required(extractor, entries: matcher.entries)
        case .images:
            guard let extractor else { return nil }
            throw ModelLibraryError(
                .invalidArgument, "\(record.name) matches photos without keypoints; leave \(extractor.name) out")
        }
    }

    private func required(_ extractor: LearnedFeatureExtractor?, entries: Int) throws -> LearnedFeatureExtractor {
        guard let extractor, extractor.model.entries == entries else {
            let given = extractor.map { "\($0.name) gives \($0.model.entries)" } ?? "none was named"
            throw ModelLibraryError(
                .invalidArgument,
                "\(record.name) matches keypoints with descriptors of \(entries) numbers, and \(given); name the model that it was trained with by --model"
            )
        }
        return extractor
    }

    /// Runs it once: what cannot run is not added.
    func probe(_ image: RGBImage) throws {
        switch network {
        case .keypoints(let matcher):
            var keypoints = LearnedKeypoints(imageSize: image.size, entries: matcher.entries)
            for index in 0..<8 {
                keypoints.x.append(Float(16 + 24 * index))
                keypoints.y.append(Float(16 + 37 * index % 160))
                keypoints.scores.append(0.5)
                keypoints.descriptors += (0..<matcher.entries).map { $0 % 8 == index ? 1 : 0 }
            }
            _ = try matcher.matches(query: keypoints, candidate: keypoints)
        case .images(let matcher):
            _ = try matcher.matches(query: image, candidate: image)
        }
    }
}
