import Foundation

/// Which part of the test set of Google Landmarks a query belongs to.
public enum LandmarkUsage: String, Hashable, Sendable, Codable, CaseIterable {
    /// Scored while the contests ran.
    case `public` = "Public"
    /// Scored at their end; what papers report.
    case `private` = "Private"
    /// Not scored.
    case ignored = "Ignored"
}

/// What is right in Google Landmarks retrieval: `retrieval_solution_v2.1.csv`, columns `id,images,Usage`.
public struct LandmarkRetrievalSolution: Sendable {
    /// A query.
    public struct Query: Hashable, Sendable {
        /// The photo.
        public var image: LandmarkImageID
        /// Photos of the index that show the same; none where the file has `None` or nothing.
        public var positives: [LandmarkImageID]
        /// The part that it belongs to.
        public var usage: LandmarkUsage
    }

    /// The queries, in the file's order.
    public var queries: [Query] = []

    /// Reads a file. Throws `DatasetError` with the line for a query that comes twice, for what is no identifier, and for a
    /// usage that is none of the three.
    public init(contentsOf file: URL) throws {
        try CSVReader.read(file) { reader in
            let columns = try (reader.column("id"), reader.column("images"), reader.column("Usage"))
            var seen: Set<LandmarkImageID> = []
            while try reader.next() {
                let image = try reader.newImage(columns.0, seen: &seen)
                let positives =
                    reader.isNone(columns.1)
                    ? [] : try reader.words(columns.1).map { try reader.landmarkImage($0, column: columns.1) }
                queries.append(Query(image: image, positives: positives, usage: try reader.usage(columns.2)))
            }
        }
    }
}

/// What is right in Google Landmarks recognition: `recognition_solution_v2.1.csv`, columns `id,landmarks,Usage`.
public struct LandmarkRecognitionSolution: Sendable {
    /// A query.
    public struct Query: Hashable, Sendable {
        /// The photo.
        public var image: LandmarkImageID
        /// The landmarks that it shows; none for a photo of no landmark.
        public var landmarks: [Int32]
        /// The part that it belongs to.
        public var usage: LandmarkUsage
    }

    /// The queries, in the file's order.
    public var queries: [Query] = []

    /// Reads a file. Throws `DatasetError` with the line, as `LandmarkRetrievalSolution` does.
    public init(contentsOf file: URL) throws {
        try CSVReader.read(file) { reader in
            let columns = try (reader.column("id"), reader.column("landmarks"), reader.column("Usage"))
            var seen: Set<LandmarkImageID> = []
            while try reader.next() {
                let image = try reader.newImage(columns.0, seen: &seen)
                let landmarks: [Int32] =
                    reader.isNone(columns.1)
                    ? []
                    : try reader.words(columns.1).map { word in
                        guard let landmark = Int32(ascii: word), landmark >= 0 else {
                            let text = String(decoding: word, as: UTF8.self)
                            throw reader.failure("“\(text)” is not the number of a landmark")
                        }
                        return landmark
                    }
                queries.append(Query(image: image, landmarks: landmarks, usage: try reader.usage(columns.2)))
            }
        }
    }
}

extension CSVReader {
    /// Whether a cell lists nothing: it is empty, or holds the word that pandas writes for that.
    func isNone(_ column: Int) -> Bool {
        let cell = bytes(column).trimmed
        return cell.isEmpty || cell.elementsEqual("None".utf8)
    }

    /// The query of this line, which no earlier line may have had.
    func newImage(_ column: Int, seen: inout Set<LandmarkImageID>) throws -> LandmarkImageID {
        let image = try landmarkImage(column)
        guard seen.insert(image).inserted else { throw failure("the query \(image) is listed already") }
        return image
    }

    fileprivate func usage(_ column: Int) throws -> LandmarkUsage {
        let text = try text(column).trimmingCharacters(in: .whitespaces)
        guard let usage = LandmarkUsage(rawValue: text) else {
            throw failure("the usage “\(text)” is none of “Public”, “Private” and “Ignored”")
        }
        return usage
    }
}
