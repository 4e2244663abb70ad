import Foundation

/// Ranked answers in the form in which the contests took them: `id,images`, the photos of the index best first, parted by
/// spaces.
public struct LandmarkRetrievalPredictions: Sendable {
    /// The answer to a query.
    public struct Answer: Hashable, Sendable {
        /// The query.
        public var query: LandmarkImageID
        /// The photos found, best first; duplicates are kept, since how they count is the metric's affair.
        public var images: [LandmarkImageID]

        /// Makes an answer.
        public init(query: LandmarkImageID, images: [LandmarkImageID]) {
            self.query = query
            self.images = images
        }
    }

    /// Answers that are not empty, in the file's order.
    public var answers: [Answer] = []

    /// Makes predictions.
    public init(answers: [Answer]) { self.answers = answers }

    /// Reads a file. Blank lines, spaces at the end of a cell and queries without an answer are in order. Throws
    /// `DatasetError` with the line for a query that comes twice and for what is no identifier.
    public init(contentsOf file: URL) throws {
        try CSVReader.read(file) { reader in
            let columns = try (reader.column("id"), reader.column("images"))
            var seen: Set<LandmarkImageID> = []
            while try reader.next() {
                let query = try reader.newImage(columns.0, seen: &seen)
                guard !reader.isNone(columns.1) else { continue }
                let images = try reader.words(columns.1).map { try reader.landmarkImage($0, column: columns.1) }
                answers.append(Answer(query: query, images: images))
            }
        }
    }

    /// The answers to one part's queries, by query. Throws `invalidInput` for an answer to a photo that is no query at all.
    public func answers(
        to usage: LandmarkUsage, of solution: LandmarkRetrievalSolution
    ) throws -> [LandmarkImageID: [LandmarkImageID]] {
        let parts = Dictionary(solution.queries.map { ($0.image, $0.usage) }, uniquingKeysWith: { first, _ in first })
        return try answers.reduce(into: [:]) { result, answer in
            if try usage == parts.part(of: answer.query) { result[answer.query] = answer.images }
        }
    }
}

/// Recognition in the form in which the contests took it: `id,landmarks`, the landmark and its score parted by a space.
public struct LandmarkRecognitionPredictions: Sendable {
    /// The answer to a query.
    public struct Answer: Hashable, Sendable {
        /// The query.
        public var query: LandmarkImageID
        /// The landmark.
        public var landmark: Int32
        /// How sure it is; higher is surer.
        public var score: Double

        /// Makes an answer.
        public init(query: LandmarkImageID, landmark: Int32, score: Double) {
            self.query = query
            self.landmark = landmark
            self.score = score
        }
    }

    /// Answers that are not empty, in the file's order.
    public var answers: [Answer] = []

    /// Makes predictions.
    public init(answers: [Answer]) { self.answers = answers }

    /// Reads a file. Blank lines, spaces at the end of a cell and queries without an answer are in order. Throws
    /// `DatasetError` with the line for a query that comes twice and for a cell that is not a landmark and a finite score.
    public init(contentsOf file: URL) throws {
        try CSVReader.read(file) { reader in
            let columns = try (reader.column("id"), reader.column("landmarks"))
            var seen: Set<LandmarkImageID> = []
            while try reader.next() {
                let query = try reader.newImage(columns.0, seen: &seen)
                guard !reader.isNone(columns.1) else { continue }
                let words = Array(reader.words(columns.1))
                guard words.count == 2, let landmark = Int32(ascii: words[0]), landmark >= 0,
                    let score = Double(String(decoding: words[1], as: UTF8.self)), score.isFinite
                else {
                    throw reader.failure(
                        "“\(try reader.text(columns.1))” is not a landmark's number, a space and a score")
                }
                answers.append(Answer(query: query, landmark: landmark, score: score))
            }
        }
    }

    /// The answers to one part's queries, by query. Throws `invalidInput` for an answer to a photo that is no query at all.
    public func answers(
        to usage: LandmarkUsage, of solution: LandmarkRecognitionSolution
    ) throws -> [LandmarkImageID: Answer] {
        let parts = Dictionary(solution.queries.map { ($0.image, $0.usage) }, uniquingKeysWith: { first, _ in first })
        return try answers.reduce(into: [:]) { result, answer in
            if try usage == parts.part(of: answer.query) { result[answer.query] = answer }
        }
    }
}

extension [LandmarkImageID: LandmarkUsage] {
    fileprivate func part(of query: LandmarkImageID) throws -> LandmarkUsage {
        guard let part = self[query] else {
            throw DatasetError(
                .invalidInput,
                "the predictions answer \(query), which the solution does not list: are they of the same test set?")
        }
        return part
    }
}
