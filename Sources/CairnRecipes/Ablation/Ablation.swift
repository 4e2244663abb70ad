import CairnRerank
import Foundation

/// An ablation: one data set, several ways of searching it, each measured by the same figures over the same queries.
///
/// ```yaml
/// title: What re-ranking gives
/// data: {layout: folders, directory: photos, queries: queries.csv}
/// defaults: {models: [rootsift, r50]}
/// variants:
///   - {name: global, strategy: global}
///   - {name: with αQE, strategy: global, rerank: "alphaqe:n=50,alpha=3"}
/// ```
public struct Ablation: Sendable, Hashable {
    /// What the report is called.
    public var title: String

    /// A line or two below it.
    public var subtitle: String?

    /// What is searched, and what is right.
    public var data: Data

    /// The variant that others are compared with; the first where nothing is said.
    public var baseline: String

    /// The ways of searching, in the order of the report.
    public var variants: [AblationVariant]

    /// Where the data are.
    public struct Data: Sendable, Hashable {
        /// The layout's name: `folders`, `roxford5k`, …
        public var layout = "folders"
        /// Its folder; a relative path goes out from the file's own folder. `nil` where ground truth alone is read.
        public var directory: String?
        /// Its ground truth, where that lies elsewhere; a relative path goes out from `directory`.
        public var groundTruth: String?
        /// A list of queries for `folders`; a relative path goes out from `directory`.
        public var queries: String?
        /// The way of judging, where a benchmark has several; `nil` for medium, or the first.
        public var setting: String?
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case title, subtitle, data, baseline, defaults, variants
    }

    /// Reads a file. Throws `RecipeError` with the line.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - directory: Where the data are, in place of what the file says.
    public init(contentsOf url: URL, directory: String? = nil) throws {
        try self.init(yaml: YAMLDocument(contentsOf: url).root)
        func absolute(_ path: String, from folder: URL) -> String {
            path.hasPrefix("/") ? path : folder.appendingPathComponent(path).standardizedFileURL.path
        }
        let folder = url.deletingLastPathComponent()
        data.directory =
            directory.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
            ?? data.directory.map { absolute($0, from: folder) }
        guard data.directory != nil || data.groundTruth != nil else {
            throw RecipeError(
                .invalidInput,
                "\(url.lastPathComponent) does not say where the data are; give “directory” in “data”, or --data")
        }
        let root = data.directory.map { URL(fileURLWithPath: $0) } ?? folder
        data.groundTruth = data.groundTruth.map { absolute($0, from: root) }
        data.queries = data.queries.map { absolute($0, from: root) }
        for index in variants.indices {
            variants[index].features = variants[index].features.map { absolute($0, from: folder) }
            variants[index].queryFeatures = variants[index].queryFeatures.map { absolute($0, from: folder) }
        }
    }

    /// Reads the top of a file.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        title = try fields.required(.title)
        subtitle = nil
        data = Data()
        try fields.read(.subtitle, into: &subtitle)
        try fields.read(.data, into: &data)
        let defaults = try fields[.defaults].map { try AblationVariant(yaml: $0, defaults: nil) }
        guard let list = fields[.variants], case let items = try list.items(), !items.isEmpty else {
            throw fields.error(.variants, "an ablation needs “variants”, a list of at least one")
        }
        variants = try items.map { try AblationVariant(yaml: $0, defaults: defaults ?? AblationVariant()) }
        var lines: [String: YAMLMark] = [:]
        for (variant, item) in zip(variants, items) {
            if let earlier = lines.updateValue(item.mark, forKey: variant.name) {
                throw item.error("a variant “\(variant.name)” is there already, at \(earlier)")
            }
        }
        baseline = variants[0].name
        try fields.read(.baseline, into: &baseline)
        guard lines[baseline] != nil else {
            throw fields.error(.baseline, "there is no variant “\(baseline)”; the baseline is one of the variants")
        }
    }
}

extension Ablation.Data: YAMLDecodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case layout, directory
        case groundTruth = "ground_truth"
        case queries, setting
    }

    /// Reads the mapping.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.layout, into: &layout)
        try fields.read(.directory, into: &directory)
        try fields.read(.groundTruth, into: &groundTruth)
        try fields.read(.queries, into: &queries)
        try fields.read(.setting, into: &setting)
    }
}
