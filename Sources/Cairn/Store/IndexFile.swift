import CairnCore
import CairnIndex
import GRDB

/// A file of an index over images: written once, merged with others, replaced.
protocol IndexFile: Sendable {
    var path: String { get }
    /// The number of images in it, deleted ones included.
    var count: Int { get }
    /// These images, ascending.
    var allImages: [ImageID] { get }
    func contains(_ image: ImageID) -> Bool
    /// Reads everything; throws when it is damaged.
    func requireChecksum() throws
}

extension InvertedFile: IndexFile {
    var allImages: [ImageID] { Array(images) }
    func requireChecksum() throws { try verify() }
}

extension DescriptorFile: IndexFile {
    var allImages: [ImageID] { Array(images) }
    func requireChecksum() throws { try verify() }
}

/// The two indices of a collection. Each has every image once, over all its files.
enum IndexFileKind: String, CaseIterable, Sendable {
    /// Words of local features.
    case inverted
    /// Global descriptors.
    case descriptors

    /// The table of the files that count.
    var table: String {
        switch self {
        case .inverted: "inverted_file"
        case .descriptors: "descriptor_file"
        }
    }

    func folder(in layout: CollectionLayout) -> String {
        switch self {
        case .inverted: layout.invertedFiles
        case .descriptors: layout.descriptorFiles
        }
    }

    func path(_ name: String, in layout: CollectionLayout) -> String { "\(folder(in: layout))/\(name)" }

    func name(_ number: Int64) -> String {
        switch self {
        case .inverted: CollectionLayout.invertedFileName(number)
        case .descriptors: CollectionLayout.descriptorFileName(number)
        }
    }

    func open(_ path: String) throws -> any IndexFile {
        switch self {
        case .inverted: try InvertedFile(path: path)
        case .descriptors: try DescriptorFile(path: path)
        }
    }

    /// Names of the files that count, oldest first.
    func names(_ database: Database) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT name FROM \(table) ORDER BY id")
    }
}
