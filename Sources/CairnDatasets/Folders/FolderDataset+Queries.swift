import Foundation

extension FolderDataset {
    /// Reads the list of queries and checks every line against the images.
    static func readQueries(_ file: URL, root: URL, images: [Image]) throws -> [Query] {
        let table = try CSVTable(contentsOf: file)
        let name = file.path
        let byPath = Dictionary(images.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })

        func image(_ value: String) -> Image? { byPath[absolutePath(value, root: root)] }

        // Without a header the first query would vanish silently into the column names.
        if let first = table.header.first, imageSuffixes.contains((first as NSString).pathExtension.lowercased()) {
            throw DatasetError(
                .invalidInput,
                "\(name), line 1: “\(first)” is an image, not a column name; add a header such as “image,kind”")
        }
        guard !table.records.isEmpty else {
            throw DatasetError(.invalidInput, "\(name) lists no query below its header")
        }
        let kindColumn = table.header.dropFirst().firstIndex { $0.lowercased() == "kind" }
        var lineOfQuery: [String: Int] = [:]
        return try table.records.map { record in
            let value = record.fields[0]
            guard let image = image(value) else {
                throw DatasetError(
                    .invalidInput, "\(name), line \(record.line): “\(value)” is not an image of \(root.path)")
            }
            guard let className = image.className else {
                throw DatasetError(
                    .invalidInput,
                    "\(name), line \(record.line): “\(value)” is a distractor, to which no image is a right answer")
            }
            if let earlier = lineOfQuery.updateValue(record.line, forKey: image.path) {
                throw DatasetError(
                    .invalidInput, "\(name), line \(record.line): “\(value)” is listed already, on line \(earlier)")
            }
            let kind = kindColumn.map { record.fields[$0].trimmingCharacters(in: .whitespaces) }
            return Query(path: image.path, className: className, kind: kind.flatMap { $0.isEmpty ? nil : $0 })
        }
    }

    private static func absolutePath(_ value: String, root: URL) -> String {
        let url = value.hasPrefix("/") ? URL(fileURLWithPath: value) : root.appendingPathComponent(value)
        return url.standardizedFileURL.path
    }
}
