import CairnCore
import CairnMetrics
import Foundation

/// A benchmark of one's own photos: two lists in a folder, `gallery.csv` and `queries.csv`.
///
/// Both are CSV files with a header, as `CSVTable` reads them; columns may be in any order, and others are ignored.
///
/// `gallery.csv`, a line for each image that is searched, in the order of rows:
///
/// | column | |
/// |---|---|
/// | `image` | its path, absolute or from the folder |
/// | `id` | optional: what it is called in the lists of queries; its `image` where this is left out |
/// | `label` | optional: what it shows; empty for a distractor |
///
/// `queries.csv`, a line a query:
///
/// | column | |
/// |---|---|
/// | `image` | its path |
/// | `label` | what it shows: gallery images of this label are right |
/// | `positives` | instead of a label: identifiers of the right images, parted by spaces |
/// | `junk` | optional: identifiers of images that count neither way |
/// | `kind` | optional: the group in which its figures are counted too |
/// | `x0`, `y0`, `x1`, `y1` | optional: the part that is searched with, in pixels of the upright photo; all four, or all empty |
///
/// Where a table has both `label` and `positives`, a line's `positives` are what counts unless they are empty. A query whose
/// image is in the gallery is junk to itself unless its `positives` name it. Identifiers with spaces need an `id` without.
enum TableBenchmark {
    static func benchmark(directory: URL, images presence: BenchmarkOptions.ImagePresence) throws -> RetrievalBenchmark
    {
        let folder = try BenchmarkFolder(.csv, at: directory)
        try folder.require(["gallery.csv", "queries.csv"])
        let gallery = try Gallery(folder)
        let queries = try Queries(folder, gallery: gallery)
        let benchmark = RetrievalBenchmark(
            name: BenchmarkLayout.csv.rawValue, scoring: .standard, gallery: gallery.images, queries: queries.queries,
            settings: [.init(judgments: queries.judgments)])
        return try folder.checked(benchmark, images: presence)
    }

    /// A table with its columns by name.
    private struct Table {
        let file: String
        let root: URL
        let table: CSVTable

        init(_ folder: BenchmarkFolder, _ name: String) throws {
            let url = folder.url(name)
            (file, root, table) = (url.path, folder.root, try CSVTable(contentsOf: url))
            guard table.header.contains("image") else {
                throw DatasetError(
                    .invalidInput, "\(file), line 1: no column is named “image”, only \(table.header.quotedList)")
            }
            guard !table.records.isEmpty else {
                throw DatasetError(.invalidInput, "\(file) lists nothing below its header")
            }
        }

        func has(_ column: String) -> Bool { table.header.contains(column) }

        /// A value without spaces at its ends, `nil` where it is empty or there is no such column.
        func value(_ column: String, of record: CSVTable.Record) -> String? {
            guard let index = table.header.firstIndex(of: column) else { return nil }
            let value = record.fields[index].trimmingCharacters(in: .whitespaces)
            return value.isEmpty ? nil : value
        }

        func image(of record: CSVTable.Record) throws -> String {
            guard let image = value("image", of: record) else { throw failure(record, "no image is given") }
            return image
        }

        func path(_ image: String) -> String {
            (image.hasPrefix("/") ? URL(fileURLWithPath: image) : root.appendingPathComponent(image))
                .standardizedFileURL.path
        }

        func failure(_ record: CSVTable.Record, _ reason: String) -> DatasetError {
            DatasetError(.invalidInput, "\(file), line \(record.line): \(reason)")
        }
    }

    private struct Gallery {
        var images: [RetrievalBenchmark.Image] = []
        var rowOfID: [String: Int32] = [:]
        /// A file may be listed twice, under two identifiers.
        var rowsOfPath: [String: [Int32]] = [:]
        var rowsOfLabel: [String: [Int32]] = [:]
        let hasLabels: Bool

        init(_ folder: BenchmarkFolder) throws {
            let table = try Table(folder, "gallery.csv")
            hasLabels = table.has("label")
            for (row, record) in table.table.records.enumerated() {
                let image = try table.image(of: record)
                let id = table.value("id", of: record) ?? image
                guard rowOfID.updateValue(Int32(row), forKey: id) == nil else {
                    throw table.failure(record, "“\(id)” is listed already")
                }
                images.append(.init(id: id, path: table.path(image)))
                rowsOfPath[table.path(image), default: []].append(Int32(row))
                if let label = table.value("label", of: record) { rowsOfLabel[label, default: []].append(Int32(row)) }
            }
        }
    }

    private struct Queries {
        var queries: [RetrievalBenchmark.Query] = []
        var judgments: [QueryJudgment?] = []

        init(_ folder: BenchmarkFolder, gallery: Gallery) throws {
            let table = try Table(folder, "queries.csv")
            guard table.has("positives") || (table.has("label") && gallery.hasLabels) else {
                throw DatasetError(
                    .invalidInput,
                    "\(table.file), line 1: nothing says what is right: give a column “positives”, or “label” here "
                        + "and in gallery.csv"
                )
            }
            for record in table.table.records {
                let image = try table.image(of: record)
                func rows(_ column: String) throws -> [Int32]? {
                    try table.value(column, of: record)?.split(separator: " ").map { id in
                        guard let row = gallery.rowOfID[String(id)] else {
                            throw table.failure(record, "“\(id)” of \(column) is not in gallery.csv")
                        }
                        return row
                    }
                }
                let path = table.path(image)
                let own = gallery.rowsOfPath[path] ?? []
                let listed = try rows("positives")
                let positives = listed ?? table.value("label", of: record).flatMap { gallery.rowsOfLabel[$0] } ?? []
                var junk = try rows("junk") ?? []
                junk += own.filter { listed?.contains($0) != true }
                queries.append(
                    .init(
                        image: .init(id: table.value("id", of: record) ?? image, path: path),
                        region: try Self.region(of: record, in: table), kind: table.value("kind", of: record),
                        galleryRow: own.first.map(Int.init)))
                judgments.append(QueryJudgment(positives: positives, junk: junk))
            }
        }

        private static func region(of record: CSVTable.Record, in table: Table) throws -> PixelRegion? {
            let texts = ["x0", "y0", "x1", "y1"].map { table.value($0, of: record) }
            if texts.allSatisfy({ $0 == nil }) { return nil }
            let numbers = texts.compactMap { $0.flatMap(Double.init) }
            guard numbers.count == 4, numbers.allSatisfy(\.isFinite), numbers[0] < numbers[2], numbers[1] < numbers[3]
            else {
                throw table.failure(
                    record, "x0, y0, x1, y1 are to be the left, upper, right and lower edge of a region, or all empty")
            }
            return .init(x0: numbers[0], y0: numbers[1], x1: numbers[2], y1: numbers[3])
        }
    }
}
