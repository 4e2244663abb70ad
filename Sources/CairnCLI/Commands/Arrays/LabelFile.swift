import CairnCore
import CairnDatasets
import CairnFormats
import CairnTerminal
import Foundation

/// Labels of a gallery's rows in a file.
enum LabelFile {
    /// Reads labels, one a row, nil where there is none.
    ///
    /// - `.npy`: whole numbers; a negative one is no label.
    /// - `.csv`: a header with a column `label`, and one line a row in order, or a column `row` that says which (from 0).
    /// - anything else: text, one label a line; an empty line is no label.
    static func read(contentsOf path: String, count: Int) throws -> [String?] {
        let labels: [String?]
        switch (path as NSString).pathExtension.lowercased() {
        case "npy":
            let array = try NPYFile.read(contentsOf: path)
            guard array.shape.count == 1 else {
                throw CommandError(
                    kind: .invalidInput, message: "\(path) has the shape \(array.shape); labels are one number a row")
            }
            labels = try array.integers().map { $0 < 0 ? nil : String($0) }
        case "csv": labels = try table(path, count: count)
        default:
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandError(kind: .notFound, message: "there is no readable file \(path)")
            }
            guard let text = String(data: data, encoding: .utf8) else {
                throw CommandError(kind: .invalidInput, message: "\(path) is not text in UTF-8")
            }
            var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            if lines.last?.isEmpty == true { lines.removeLast() }
            labels = lines.map { line in
                let label = line.trimmingCharacters(in: .whitespaces)
                return label.isEmpty ? nil : label
            }
        }
        guard labels.count == count else {
            throw CommandError(
                kind: .invalidInput, message: "\(path) has \(labels.count) labels for a gallery of \(count) rows")
        }
        return labels
    }

    private static func table(_ path: String, count: Int) throws -> [String?] {
        let table = try CSVTable(contentsOf: URL(fileURLWithPath: path))
        guard let labelColumn = table.header.firstIndex(of: "label") else {
            throw CommandError(
                kind: .invalidInput,
                message: "\(path) has no column “label”; its first line names \(table.header.joined(separator: ", "))")
        }
        func label(_ record: CSVTable.Record) -> String? {
            record.fields[labelColumn].isEmpty ? nil : record.fields[labelColumn]
        }
        guard let rowColumn = table.header.firstIndex(of: "row") else { return table.records.map(label) }
        var labels = [String?](repeating: nil, count: count)
        var seen = Set<Int>()
        for record in table.records {
            guard let row = Int(record.fields[rowColumn]), labels.indices.contains(row) else {
                throw CommandError(
                    kind: .invalidInput,
                    message:
                        "\(path), line \(record.line): “\(record.fields[rowColumn])” is no row of a gallery of \(count); they count from 0"
                )
            }
            guard seen.insert(row).inserted else {
                throw CommandError(
                    kind: .invalidInput, message: "\(path), line \(record.line): row \(row) has a label already")
            }
            labels[row] = label(record)
        }
        return labels
    }
}
