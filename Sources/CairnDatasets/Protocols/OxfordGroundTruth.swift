import CairnCore
import CairnMetrics
import Foundation

/// The ground truth of Oxford5k and Paris6k as of 2007 and 2008: for each query `*_query.txt`, `*_good.txt`, `*_ok.txt`,
/// `*_junk.txt`.
///
/// Philbin, Chum, Isard, Sivic, Zisserman, CVPR 2007 and 2008. Good and ok images are right, junk ones count neither way, and
/// the query's own photo, which is in the gallery, counts as right, as the published scoring program has it.
public struct OxfordGroundTruth: Sendable {
    /// What the files say of one query.
    public struct Query: Sendable {
        /// The files' common name: `all_souls_1`.
        public var name: String
        /// The photo's name, without the `oxc1_` that Oxford's files put before it.
        public var image: String
        /// The part that is searched with.
        public var region: PixelRegion
        /// Names of images that show it: good, then ok.
        public var positives: [String]
        /// Names of images that hardly do.
        public var junk: [String]
    }

    /// The queries, sorted by name.
    public var queries: [Query]

    /// Reads a folder. Throws `DatasetError`: `notFound` for one without queries or with a file missing, `invalidInput` for a
    /// query's line that is not a name and four numbers.
    public init(contentsOf folder: URL) throws {
        let suffix = "_query.txt"
        let names = try FileTree.names(in: folder).filter { $0.hasSuffix(suffix) }.sorted()
        guard !names.isEmpty else {
            throw DatasetError(.notFound, "\(folder.path) holds no *_query.txt: give the folder of the ground truth")
        }
        queries = try names.map { file in
            let name = String(file.dropLast(suffix.count))
            func list(_ kind: String) throws -> [String] {
                try NameList.lines(of: folder.appendingPathComponent("\(name)_\(kind).txt"))
            }
            let line = try list("query").joined(separator: " ")
            let words = line.split(separator: " ")
            let numbers = words.dropFirst().compactMap { Double($0) }
            guard words.count == 5, numbers.count == 4, numbers.allSatisfy(\.isFinite), numbers[0] < numbers[2],
                numbers[1] < numbers[3]
            else {
                throw DatasetError(
                    .invalidInput,
                    "\(folder.path)/\(file): “\(line)” is not a name and the left, upper, right and lower edge of a region"
                )
            }
            let prefix = "oxc1_"
            let image = words[0].hasPrefix(prefix) ? words[0].dropFirst(prefix.count) : words[0]
            return Query(
                name: name, image: String(image),
                region: .init(x0: numbers[0], y0: numbers[1], x1: numbers[2], y1: numbers[3]),
                positives: try list("good") + list("ok"), junk: try list("junk"))
        }
    }

    /// The photos of Paris that cannot be read as they were published; the official count of 6,392 is without them.
    public static let corruptedImages: Set<String> = [
        "paris_louvre_000136", "paris_louvre_000146", "paris_moulinrouge_000422", "paris_museedorsay_001059",
        "paris_notredame_000188", "paris_pantheon_000284", "paris_pantheon_000960", "paris_pantheon_000974",
        "paris_pompidou_000195", "paris_pompidou_000196", "paris_pompidou_000201", "paris_pompidou_000467",
        "paris_pompidou_000640", "paris_sacrecoeur_000299", "paris_sacrecoeur_000330", "paris_sacrecoeur_000353",
        "paris_triomphe_000662", "paris_triomphe_000833", "paris_triomphe_000863", "paris_triomphe_000867",
    ]

    /// The benchmark over a gallery, whose order is the caller's: the publication has no list, and features made elsewhere
    /// may be in any.
    ///
    /// Corrupted images are left out of the judgments. Throws `notFound` for a query or a judged image that is not in the
    /// gallery, with how many there are.
    public func benchmark(_ layout: BenchmarkLayout, gallery: [RetrievalBenchmark.Image]) throws -> RetrievalBenchmark {
        let rowOfName = Dictionary(
            zip(gallery.map(\.id), gallery.indices.map(Int32.init)), uniquingKeysWith: { first, _ in first })
        var unknown: [String] = []
        func rows(of names: [String]) -> [Int32] {
            names.filter { !Self.corruptedImages.contains($0) }.compactMap { name in
                if let row = rowOfName[name] { return row }
                unknown.append(name)
                return nil
            }
        }
        let judgments: [QueryJudgment?] = queries.map {
            QueryJudgment(positives: rows(of: $0.positives), junk: rows(of: $0.junk))
        }
        let benchmarkQueries = queries.map { query in
            let row = rows(of: [query.image]).first.map(Int.init)
            return RetrievalBenchmark.Query(
                image: row.map { gallery[$0] } ?? .init(id: query.image), region: query.region,
                kind: String(query.name.reversed().drop { $0.isNumber }.drop { $0 == "_" }.reversed()), galleryRow: row)
        }
        let missing = Array(Set(unknown)).sorted()
        if let first = missing.first {
            throw DatasetError(
                .notFound,
                "the gallery of \(gallery.count.counted("image")) lacks \(missing.count.grouped) that the ground truth of "
                    + "\(layout.rawValue) judges, the first of them \(first).jpg\(layout.whereabouts)")
        }
        return RetrievalBenchmark(
            name: layout.rawValue, scoring: .oxford, gallery: gallery, queries: benchmarkQueries,
            settings: [.init(judgments: judgments)])
    }

    /// The gallery of a folder of photos, flat or in folders by landmark: by name without suffix, sorted by the names' bytes,
    /// corrupted images left out.
    static func gallery(of folder: URL) throws -> [RetrievalBenchmark.Image] {
        try FileTree.files(below: folder, suffixes: ["jpg"])
            .map { RetrievalBenchmark.Image(id: $0.fileStem, path: folder.path + "/" + $0) }
            .filter { !corruptedImages.contains($0.id) }
            .sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }
}
