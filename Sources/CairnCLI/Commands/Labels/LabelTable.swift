import Cairn
import CairnDatasets
import CairnImaging
import CairnTerminal
import Foundation

/// A CSV file that says things of images or of labels. Columns are known by their names, in any order; others are passed over.
struct LabelTable {
    /// A line; several rows for a line with several images.
    struct Row {
        var line: Int
        var image: String?
        var label: ImageLabel?
        var place: GPSPosition?
        var title: String?
        var note: String?
    }

    /// What a column may be called, the first that is there counts.
    enum Column: CaseIterable {
        case image, label, latitude, longitude, title, note

        var names: [String] {
            switch self {
            case .image: ["image", "path", "file", "filename", "id", "images"]
            case .label: ["label", "landmark_id", "landmark", "class"]
            case .latitude: ["latitude", "lat"]
            case .longitude: ["longitude", "lon", "lng"]
            case .title: ["title"]
            case .note: ["note"]
            }
        }
    }

    /// The file, for messages.
    let path: String
    let rows: [Row]
    private let columns: [Column: Int]

    /// Reads a file. Throws `DatasetError` or `CommandError`, with the line.
    init(contentsOf path: String) throws {
        let table = try CSVTable(contentsOf: URL(fileURLWithPath: path))
        let header = table.header.map { $0.lowercased() }
        var columns: [Column: Int] = [:]
        for column in Column.allCases {
            columns[column] = column.names.lazy.compactMap { header.firstIndex(of: $0) }.first
        }
        self.path = path
        self.columns = columns
        let severalImages = columns[.image].map { header[$0] == "images" } ?? false
        rows = try table.records.flatMap { record -> [Row] in
            do {
                let row = try Self.row(record, columns)
                guard severalImages, let images = row.image else { return [row] }
                return images.split(separator: " ").map { image in
                    var each = row
                    each.image = String(image)
                    return each
                }
            } catch let error as CollectionError {
                throw Self.error(path, record.line, error.message)
            }
        }
    }

    /// Whether there is such a column.
    func has(_ column: Column) -> Bool { columns[column] != nil }

    /// Throws `CommandError` unless there is such a column.
    func require(_ column: Column) throws {
        guard !has(column) else { return }
        let names = column.names.formatted(.list(type: .or, width: .narrow).locale(Locale(identifier: "en_US")))
        throw Self.error(path, 1, "no column is called \(names); the first line names the columns")
    }

    /// What is wrong with a line.
    func error(_ line: Int, _ message: String) -> CommandError { Self.error(path, line, message) }

    private static func error(_ path: String, _ line: Int, _ message: String) -> CommandError {
        CommandError(kind: .invalidInput, message: "\(path), line \(line): \(message); nothing was changed")
    }

    private static func row(_ record: CSVTable.Record, _ columns: [Column: Int]) throws -> Row {
        func text(_ column: Column) -> String? {
            columns[column].map { record.fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
        }
        func degrees(_ column: Column) throws -> Double? {
            try text(column).map { text in
                guard let number = Double(text) ?? Double(text.trimmingCharacters(in: .whitespaces)) else {
                    throw CollectionError(.invalidInput, "“\(text.prefix(40))” is not a number of degrees")
                }
                return number
            }
        }
        return Row(
            line: record.line, image: text(.image), label: try text(.label).map(ImageLabel.init(validating:)),
            place: try GPSPosition.validated(latitude: degrees(.latitude), longitude: degrees(.longitude)),
            title: try text(.title).map(ImageLabel.name(validating:)),
            note: try text(.note).map(ImageLabel.name(validating:)))
    }
}
