import CairnDatasets
import CairnFormats

/// Rankings as an array in a file, whoever made it: `[queries, k]`, gallery rows, best first.
public struct RankingArray: Sendable {
    /// The file.
    public let path: String
    /// `[queries, k]`; -1 behind a ranking's end.
    private let rows: [Int64]
    private let width: Int

    /// Reads a `.npy` file of whole numbers and checks it against a benchmark: as many rankings as queries, gallery rows within the
    /// gallery. A ranking may end early, with -1 from there on.
    ///
    /// - Throws: `FormatError` when it cannot be read, `EvaluationError` when it does not fit.
    public init(contentsOf path: String, for benchmark: RetrievalBenchmark) throws {
        self.path = path
        let array = try NPYFile.read(contentsOf: path)
        let (queries, gallery) = (benchmark.queries.count, benchmark.gallery.count)
        guard array.shape.count == 2 else {
            throw EvaluationError(
                .invalidInput, "\(path) has the shape \(array.shape); rankings are [queries, k]: \(queries) rows here")
        }
        guard !array.elementType.isFloatingPoint, array.elementType != .bool else {
            throw EvaluationError(
                .invalidInput,
                "\(path) holds numbers of type \(array.elementType); rankings are gallery rows, whole numbers"
            )
        }
        guard array.shape[0] == queries else {
            let transposed =
                array.shape[1] == queries
                ? "; it looks transposed: write ranks.T, so that each row is one query’s ranking" : ""
            throw EvaluationError(
                .invalidInput,
                "\(path) has the shape \(array.shape), and \(benchmark.name) has \(queries) queries: rankings are [queries, k]\(transposed)"
            )
        }
        rows = try array.integers()
        width = array.shape[1]
        for query in 0..<queries where width > 0 {
            let ranking = rows[query * width..<(query + 1) * width]
            if let end = ranking.firstIndex(of: -1), ranking[end...].contains(where: { $0 != -1 }) {
                throw EvaluationError(
                    .invalidInput,
                    "\(path) goes on behind a -1 for query \(query); -1 stands behind a ranking’s end alone")
            }
        }
        for (position, row) in rows.enumerated() where !(-1..<Int64(gallery)).contains(row) {
            throw EvaluationError(
                .invalidInput,
                "\(path) ranks row \(row) for query \(position / width), and the gallery of \(benchmark.name) has the rows 0 to \(gallery - 1)"
            )
        }
    }

    /// The ranking of a query, to its end.
    public func ranking(ofQuery query: Int) -> [Int32] {
        rows[query * width..<(query + 1) * width].prefix { $0 >= 0 }.map(Int32.init)
    }
}
