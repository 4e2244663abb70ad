/// The answer to "which landmark is this?" as one HTML file: the verdict, how sure it is and where it would have been refused,
/// what every candidate's score was made of, and the photos that speak for and against it.
///
/// The file needs nothing else; only its map asks a tile server, where one is given. It depends on no recognition type:
/// whoever recognises fills it in.
public struct RecognitionSheet: Sendable {
    /// One contribution to a label's score.
    public struct Part: Hashable, Sendable {
        /// Its name: "votes", "non-landmarks", "inliers".
        public var name: String
        /// What it added; negative where it took away. Bars are drawn relative to the largest of the same name.
        public var value: Double

        /// Makes a part.
        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// A candidate with its score.
    public struct LabelScore: Hashable, Sendable {
        /// The label.
        public var label: String
        /// What the candidates are ordered by, higher is better.
        public var score: Double
        /// The calibrated probability, 0...1; `nil` where nothing is calibrated.
        public var probability: Double?
        /// What made the score up, in the order of the steps.
        public var parts: [Part]

        /// Makes a candidate.
        public init(label: String, score: Double, probability: Double? = nil, parts: [Part] = []) {
            self.label = label
            self.score = score
            self.probability = probability
            self.parts = parts
        }
    }

    /// The verdict.
    public struct Answer: Hashable, Sendable {
        /// What it is; `nil` for none of the labels.
        public var label: String?
        /// The best candidate's probability, 0...1; `nil` where nothing is calibrated.
        public var probability: Double?
        /// The probability below which an answer is refused, 0...1.
        public var threshold: Double?
        /// The share of wrong acceptances that the threshold was chosen for.
        public var falseAcceptRate: Double?
        /// The candidates, best first.
        public var candidates: [LabelScore]

        /// Makes a verdict.
        public init(
            label: String?, probability: Double? = nil, threshold: Double? = nil, falseAcceptRate: Double? = nil,
            candidates: [LabelScore]
        ) {
            self.label = label
            self.probability = probability
            self.threshold = threshold
            self.falseAcceptRate = falseAcceptRate
            self.candidates = candidates
        }
    }

    /// A photo of the collection that speaks for a label, or a non-landmark that speaks against all of them.
    public struct EvidencePhoto: Sendable {
        /// Its path, shown as it is.
        public var path: String
        /// Its label; empty for a non-landmark.
        public var label: String
        /// The picture in the list, within `SheetImage.thumbnailLimit`; `nil` where it could not be read.
        public var thumbnail: SheetImage?
        /// The picture in the match view; without one the thumbnail is enlarged.
        public var matchImage: SheetImage?
        /// Similarity of the descriptors, -1...1.
        public var similarity: Double
        /// Inliers of the geometric verification; `nil` where it did not run.
        public var inliers: Int?
        /// Whether the verification takes it for the same thing.
        public var isVerified: Bool
        /// What it contributed to its label's score, where that is known.
        public var contribution: Double?
        /// The inliers as lines, query to photo.
        public var lines: [ResultSheet.Line]
        /// The outline in the query that was recognised.
        public var queryRegion: [ResultSheet.Point]
        /// The same outline in this photo.
        public var region: [ResultSheet.Point]

        /// Makes a photo.
        public init(
            path: String, label: String, thumbnail: SheetImage?, matchImage: SheetImage? = nil, similarity: Double,
            inliers: Int? = nil, isVerified: Bool = false, contribution: Double? = nil,
            lines: [ResultSheet.Line] = [], queryRegion: [ResultSheet.Point] = [], region: [ResultSheet.Point] = []
        ) {
            self.path = path
            self.label = label
            self.thumbnail = thumbnail
            self.matchImage = matchImage
            self.similarity = similarity
            self.inliers = inliers
            self.isVerified = isVerified
            self.contribution = contribution
            self.lines = lines
            self.queryRegion = queryRegion
            self.region = region
        }
    }

    /// How much was asked.
    public struct Gallery: Hashable, Sendable {
        /// Labelled photos.
        public var images: Int
        /// Labels.
        public var labels: Int

        /// Makes the two figures.
        public init(images: Int, labels: Int) {
            self.images = images
            self.labels = labels
        }
    }

    /// The photo asked about.
    public var query: ResultSheet.Query
    /// The verdict.
    public var answer: Answer
    /// The photos behind it, best first.
    public var evidence: [EvidencePhoto]
    /// The nearest non-landmarks, where they lowered the score.
    public var nonLandmarks: [EvidencePhoto]
    /// Where query, answer and evidence are, as far as that is known; without places there is no map.
    public var map: MapView?
    /// How many photos and labels were asked, for the headline's second line.
    public var gallery: Gallery?
    /// Times by step, in milliseconds, in the order to show them.
    public var timings: [ResultSheet.Stage]

    /// Makes a sheet.
    public init(
        query: ResultSheet.Query, answer: Answer, evidence: [EvidencePhoto], nonLandmarks: [EvidencePhoto] = [],
        map: MapView? = nil, gallery: Gallery? = nil, timings: [ResultSheet.Stage] = []
    ) {
        self.query = query
        self.answer = answer
        self.evidence = evidence
        self.nonLandmarks = nonLandmarks
        self.map = map
        self.gallery = gallery
        self.timings = timings
    }

    /// The verdict in words: the label, or "None of these".
    public var headline: String { answer.label ?? "None of these" }

    /// Why, in one sentence.
    var explanation: String {
        let best = answer.candidates.first
        guard answer.label == nil else {
            let verified = evidence.filter { $0.isVerified && $0.label == answer.label }
            let inliers =
                verified.compactMap(\.inliers).max().map { ", the best with \(HTML.count($0, "inlier"))" } ?? ""
            guard !verified.isEmpty else { return "By appearance alone: no photo's geometry was verified." }
            return "\(HTML.count(verified.count, "photo")) of it verified\(inliers)."
        }
        guard let best else { return "No labelled photo came near this one." }
        let sure = (answer.probability ?? best.probability).map { " at \(MapView.percent($0))" } ?? ""
        let limit = answer.threshold.map { ", below the \(MapView.percent($0)) an answer needs" } ?? ""
        return "The nearest is \(best.label)\(sure)\(limit)."
    }
}
