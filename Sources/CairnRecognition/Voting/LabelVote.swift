/// A way to make one score of a label from its candidates.
///
/// A vote sees the strengths of one label's candidates: their similarities, or those raised by geometry. So the same vote
/// serves any evidence.
public protocol LabelVote: Sendable {
    /// How many candidates of all labels together may vote; nil for all.
    var pool: Int? { get }

    /// The label's score from its candidates' strengths, best first; 0 without any.
    func score(_ strengths: [Double]) -> Double

    /// A score brought to the scale of one strength, so that it can be compared with one; larger for larger scores.
    func strength(ofScore score: Double) -> Double
}

extension LabelVote {
    /// All candidates.
    public var pool: Int? { nil }

    /// The score itself.
    public func strength(ofScore score: Double) -> Double { score }

    /// The labels by score, best first; of equal scores the label whose strongest candidate comes first.
    ///
    /// - Parameter strengths: one for each candidate; nil takes the similarities. Candidates are taken strongest first, of
    ///   equal ones the lower row first.
    /// - Complexity: O(n log n).
    public func rank(_ candidates: [RecognitionCandidate], strengths: [Double]? = nil) -> [LabelScore] {
        let strengths = strengths ?? candidates.map { Double($0.similarity) }
        precondition(
            strengths.count == candidates.count, "\(strengths.count) strengths for \(candidates.count) candidates")
        let order = candidates.indices.sorted {
            strengths[$0] != strengths[$1] ? strengths[$0] > strengths[$1] : candidates[$0].row < candidates[$1].row
        }
        var places: [String: Int] = [:]
        var labels: [(label: String, members: [Int])] = []
        for candidate in order.prefix(pool ?? order.count) {
            let label = candidates[candidate].label
            if let place = places[label] {
                labels[place].members.append(candidate)
            } else {
                places[label] = labels.count
                labels.append((label, [candidate]))
            }
        }
        let scores = labels.map { label, members in
            LabelScore(
                label: label, score: score(members.map { strengths[$0] }), rows: members.map { candidates[$0].row })
        }
        // The sort is not promised to be stable: the place decides among equals.
        return scores.enumerated().sorted {
            $0.element.score != $1.element.score ? $0.element.score > $1.element.score : $0.offset < $1.offset
        }.map(\.element)
    }
}

/// A label and what a vote gave it.
public struct LabelScore: Sendable, Hashable, Codable {
    /// The landmark.
    public var label: String

    /// The vote's score: higher is better.
    public var score: Double

    /// The rows of its candidates that could vote, strongest first.
    public var rows: [Int]

    /// Makes a score.
    public init(label: String, score: Double, rows: [Int]) {
        self.label = label
        self.score = score
        self.rows = rows
    }
}
