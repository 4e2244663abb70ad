import ArgumentParser
import CairnDatasets

/// A benchmark as commands print it.
struct DatasetListing: Encodable {
    /// A file or folder of it.
    struct File: Encodable {
        var path: String
        var content: String
        var optional: Bool
    }

    var name: String
    var summary: String
    var source: String?
    /// Images that the published set searches.
    var gallery: Int?
    var queries: Int?
    var files: [File]

    init(_ layout: BenchmarkLayout) {
        name = layout.rawValue
        summary = layout.summary
        source = layout.source
        gallery = layout.publishedSize?.gallery
        queries = layout.publishedSize?.queries
        files = layout.files.map { File(path: $0.path, content: $0.content, optional: $0.isOptional) }
    }
}

extension BenchmarkLayout: ExpressibleByArgument {
    /// All names, as help texts list them.
    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
