import CairnCore
import CairnFeatures

/// What a search found, best first.
public struct SearchAnswer: Codable, Sendable {
    /// The query's path.
    public var query: String

    /// Which evidence the ranking goes by.
    public var strategy: SearchStrategy

    /// The results.
    public var results: [SearchResult]

    /// Milliseconds of each step, and `search` for all of them but the query's own extraction.
    public var timings: [String: Double]

    enum CodingKeys: String, CodingKey {
        case query
        case strategy
        case results
        case timings = "timings_ms"
    }
}

/// One image that a search found.
public struct SearchResult: Codable, Sendable {
    /// From 1.
    public var rank: Int

    /// Where the image lies.
    public var image: String

    /// Other paths of the same content.
    public var copies: [String]?

    /// What results are ordered by: inliers, directly or by way of another image, plus the similarity below one; the similarity
    /// alone where the search goes by global descriptors only. After re-ranking, the standing takes the similarity's place: 1 for the
    /// first image, falling evenly towards 0.
    public var score: Float

    /// Keypoints that agree with one geometric model; 0 when the image was not verified or nothing agreed.
    public var inliers: Int

    /// What each stage that saw the image gave it: `asmk` or `votes`, `words`, `global` (similarity of global descriptors),
    /// `global.NAME` of each model where there are several, `matches`, `inliers`, `expansion`; and the image's place, from 1, on
    /// the lists of the two indices where both are asked: `local_rank`, `global_rank`; `reranked`, what the last method of re-ranking
    /// gave it.
    public var stages: [String: Double]

    /// The image found on the way, for images that a second round brought in.
    public var via: String?

    /// The image's number in the collection.
    public var id: ImageID

    /// What it has in common with the query, where that was verified.
    public var evidence: PairEvidence?

    enum CodingKeys: String, CodingKey {
        case rank, image, copies, score, inliers, stages, via
    }

    /// Reads a result back; number and evidence are not part of the JSON.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        rank = try values.decode(Int.self, forKey: .rank)
        image = try values.decode(String.self, forKey: .image)
        copies = try values.decodeIfPresent([String].self, forKey: .copies)
        score = try values.decode(Float.self, forKey: .score)
        inliers = try values.decode(Int.self, forKey: .inliers)
        stages = try values.decode([String: Double].self, forKey: .stages)
        via = try values.decodeIfPresent(String.self, forKey: .via)
        id = ImageID(0)
    }

    init(
        rank: Int, image: CollectionImage, candidate: SearchCandidate, score: Float, stages: [String: Double],
        via: String?
    ) {
        self.rank = rank
        self.image = image.paths.first ?? ""
        copies = image.paths.count > 1 ? Array(image.paths.dropFirst()) : nil
        self.score = score
        inliers = candidate.evidence?.score ?? 0
        self.stages = stages
        self.via = via
        id = image.id
        evidence = candidate.evidence
    }
}
