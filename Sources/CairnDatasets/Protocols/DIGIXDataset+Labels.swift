import CairnMetrics
import Foundation

extension DIGIXDataset {
    /// The benchmark of a test part, judged by a list of labels.
    static func labelledBenchmark(_ folder: BenchmarkFolder, part: String?, labels: URL) throws -> RetrievalBenchmark {
        let table = try CSVTable(contentsOf: labels)
        guard let imageColumn = table.header.firstIndex(of: "image"),
            let labelColumn = table.header.firstIndex(of: "label")
        else {
            throw DatasetError(
                .invalidInput,
                "\(labels.path), line 1: columns “image” and “label” are needed, not \(table.header.quotedList)")
        }
        let first = table.records.first?.fields[imageColumn] ?? ""
        let root = "test_data_" + (part ?? (names(for: first).contains { folder.has("test_data_B/" + $0) } ? "B" : "A"))
        try folder.require(["\(root)/query/", "\(root)/gallery/"])
        func photos(_ kind: String) throws -> [String] {
            let found = try FileTree.files(below: folder.url("\(root)/\(kind)"))
            guard !found.isEmpty else { throw folder.lacking("the photos of \(root)/\(kind)/") }
            return found.map { "\(kind)/\($0)" }
        }
        let (queries, gallery) = (try photos("query"), try photos("gallery"))

        let all = Set(queries + gallery)
        var labelOf: [String: String] = [:]
        for record in table.records {
            func failure(_ reason: String) -> DatasetError {
                DatasetError(
                    .invalidInput, "\(labels.path), line \(record.line): “\(record.fields[imageColumn])” is \(reason)")
            }
            let found = names(for: record.fields[imageColumn]).filter(all.contains)
            guard let name = found.first else { throw failure("no photo of \(folder.root.path)/\(root)") }
            guard found.count == 1 else {
                throw failure("in both folders of \(root): write query/ or gallery/ before it")
            }
            guard labelOf.updateValue(record.fields[labelColumn], forKey: name) == nil else {
                throw failure("listed already")
            }
        }
        let unlabelled = queries.filter { labelOf[$0] == nil }
        if let first = unlabelled.first {
            throw DatasetError(
                .invalidInput,
                "\(labels.path) has no label for \(unlabelled.count) of \(queries.count) queries, the first of them \(first)"
            )
        }
        func image(_ name: String) -> RetrievalBenchmark.Image {
            .init(id: name, path: "\(folder.root.path)/\(root)/\(name)")
        }
        return RetrievalBenchmark(
            name: BenchmarkLayout.digix.rawValue, scoring: .digix, gallery: gallery.map(image),
            labels: gallery.map { labelOf[$0] }, queries: queries.map(image), queryLabels: queries.map { labelOf[$0] })
    }

    /// What a listed photo may be called below its part.
    private static func names(for value: String) -> [String] { [value, "query/" + value, "gallery/" + value] }
}
