import CairnCore
import CairnRecognition
import Crypto
import Foundation

extension Gallery {
    /// A recogniser over the collection as it is now, with what was calibrated for it, if anything was.
    ///
    /// - Parameters:
    ///   - configuration: How the evidence is searched for; without a strategy, by that which was calibrated.
    ///   - uncalibrated: How labels are chosen when nothing was calibrated. There are no probabilities then, and every photo gets a
    ///     label.
    /// - Throws: `CollectionError` without labelled images; `RecognitionError` when what was calibrated is damaged, or was calibrated
    ///   for other features.
    public func recognizer(
        configuration: SearchConfiguration = .standard, uncalibrated: RecognizerConfiguration = .geometric
    ) throws -> GalleryRecognizer {
        guard !PosixFile.isMissing(collection.recognizerPath) else {
            let search = try RecognitionSearch(searcher(configuration: configuration))
            return try GalleryRecognizer(search: search, recognizer: Recognizer(uncalibrated))
        }
        let model = try RecognizerModel(contentsOf: collection.recognizerPath)
        var configuration = configuration
        configuration.strategy = configuration.strategy ?? RecognitionSearch.strategy(inDigest: model.fittedOn)
        let search = try RecognitionSearch(searcher(configuration: configuration))
        try model.requireFitted(on: search.digest)
        return try GalleryRecognizer(search: search, recognizer: Recognizer(model: model))
    }
}

extension ImageCollection {
    /// Where what was calibrated for a collection lies.
    public var recognizerPath: String { path + "/recognizer.json" }
}

extension RecognitionSearch {
    /// Identifies what makes similarities and inliers, but not the images: the strategy, a slash, and a hash of it, of
    /// the extractors and of the methods of re-ranking.
    public var digest: String {
        let strategy = searcher.strategy.rawValue
        let configuration = searcher.configuration
        let weights = configuration.globalWeights.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let parts =
            searcher.snapshot.extractors.map(\.digest) + [strategy, configuration.reranking]
            + [configuration.shortlist > 0 ? "verified" : "unverified"] + weights
        let hash = SHA256.hash(data: Data(parts.joined(separator: "\n").utf8)).prefix(16)
        return strategy + "/" + hash.map { String(format: "%02x", $0) }.joined()
    }

    /// The strategy of such a digest.
    static func strategy(inDigest digest: String) -> SearchStrategy? {
        digest.split(separator: "/").first.flatMap { SearchStrategy(rawValue: String($0)) }
    }

    /// The evidence for labelled images, each as though the collection did not have it: what recognition is calibrated on and
    /// measured with.
    ///
    /// - Parameters:
    ///   - limit: The most images; of more, these are taken at even distances in the order of numbers.
    ///   - progress: Told how many are done, and of how many.
    /// - Complexity: A search for each image.
    public func labelledEvidence(
        limit: Int = 5_000, progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) async throws -> [LabelledEvidence] {
        let all = labels.sorted { $0.key < $1.key }
        let count = min(limit, all.count)
        var queries: [LabelledEvidence] = []
        for place in 0..<count {
            try Task.checkCancellation()
            progress?(place, count)
            let (image, label) = all[place * all.count / count]
            guard let finding = try await finding(leavingOut: image) else { continue }
            queries.append(
                LabelledEvidence(
                    finding.evidence, truth: label.landmarkName.map { .landmark($0) } ?? .nonLandmark,
                    identity: Int(image.rawValue)))
        }
        progress?(count, count)
        return queries
    }
}
