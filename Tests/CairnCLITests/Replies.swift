/// What `cairn search --json` promises.
struct SearchReply: Codable, Equatable {
    struct Result: Codable, Equatable {
        var rank: Int
        var image: String
        var copies: [String]?
        var score: Double
        var inliers: Int
        var stages: [String: Double]
    }

    var query: String
    var results: [Result]
    var timings: [String: Double]

    enum CodingKeys: String, CodingKey {
        case query, results
        case timings = "timings_ms"
    }

    /// The images' paths, best first.
    var images: [String] { results.map(\.image) }
}

/// What `cairn index --json` promises.
struct IndexReply: Codable {
    struct Failure: Codable {
        var path: String
        var kind: String
        var reason: String
    }

    var added: Int
    var changed: Int
    var moved: Int
    var duplicates: Int
    var unchanged: Int
    var removed: Int
    var knownFailures: Int
    var failures: [Failure]
    var isCancelled: Bool
    var seconds: Double
    var imagesPerSecond: Double
}

/// What `cairn info --json` promises.
struct InfoReply: Codable {
    struct Statistics: Codable, Equatable {
        var images: Int
        var files: Int
        var failures: Int
        var keypoints: Int
        var segments: Int
        var extractorDigest: String?
        var extractorConfigurationJSON: String?
    }

    var collection: String
    var statistics: Statistics
    var failed: [IndexReply.Failure]?
}

/// What `cairn match --json` promises.
struct MatchReply: Codable {
    var images: [String]
    var keypoints: [Int]
    var matches: Int
    var inliers: Int
    var model: String
    var matrix: [Double]?
}

/// What `cairn evaluate folders --json` promises.
struct EvaluationReply: Codable {
    struct Figures: Codable {
        var mAP: Double
        var mAP10: Double
        var mAP100: Double
        var precision1: Double
        var recall10: Double
        var queries: Int

        enum CodingKeys: String, CodingKey {
            case mAP
            case mAP10 = "mAP@10"
            case mAP100 = "mAP@100"
            case precision1 = "P@1"
            case recall10 = "recall@10"
            case queries
        }
    }

    struct Times: Codable {
        var median: Double
        var total: Double
    }

    struct Timings: Codable {
        var extraction: Times
        var search: Times
    }

    var all: Figures
    var byKind: [String: Figures]
    var timings: Timings

    enum CodingKeys: String, CodingKey {
        case byKind = "by_kind"
        case timings = "timings_ms"
    }

    init(from decoder: any Decoder) throws {
        all = try Figures(from: decoder)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        byKind = try values.decode([String: Figures].self, forKey: .byKind)
        timings = try values.decode(Timings.self, forKey: .timings)
    }
}

/// What `cairn doctor --json` promises.
struct DoctorReply: Codable {
    var versions: [String: String]
    var processor: String
    var vocabularies: [String]
    var collection: String?
    var images: Int?
    var problems: [String]
}

/// What `cairn models add`, `list`, `show` and `whiten learn` promise with `--json`.
struct ModelReply: Codable {
    var name: String
    var kind: String
    var architecture: String?
    var pooling: String?
    var head: String?
    var dimensions: Int
    var longSide: Int
    var scales: [Double]
    var parameters: Int
    var multiplyAdds: Int
    var fileBytes: Int
    var fileDigest: String?
    var digest: String
    var origin: String?
    var licence: String?
    var whitening: String?
    var members: [String]
    var preprocessing: String?
    var added: String
}

/// What `cairn embed --json` promises.
struct EmbeddingReply: Codable {
    var path: String
    var descriptor: [Float]
}
