import Foundation
import Yams

/// A file of settings in YAML, read strictly.
///
/// One document in UTF-8 of at most `sizeLimit` bytes, nested at most `depthLimit` deep, without anchors, aliases and tags, whose
/// keys are words, each once. Numbers are decimal and truths are `true` and `false`: `yes`, `0x10` and `1_000` are not what they
/// seem in some readers of YAML, and here they are errors.
///
/// ```swift
/// var document = try YAMLDocument(contentsOf: url)
/// try document.set("models.0.backbone", "resnet18")
/// let ablation = try Ablation(yaml: document.root)
/// ```
public struct YAMLDocument: Sendable {
    /// The most bytes of a file.
    public static let sizeLimit = 256 * 1024

    /// The deepest nesting.
    public static let depthLimit = 32

    /// What errors call the file.
    public let name: String

    var tree: YAMLTree

    /// The top of the file.
    public var root: YAMLNode { YAMLNode(tree: tree, path: "") }

    /// Reads a file. Throws `RecipeError`: `notFound`, `limitExceeded`, or `invalidInput` with the line.
    public init(contentsOf url: URL) throws {
        let file: FileHandle
        do { file = try FileHandle(forReadingFrom: url) } catch {
            throw RecipeError(.notFound, "there is no file \(url.path) that can be read", cause: error)
        }
        defer { try? file.close() }
        let data: Data
        do { data = try file.read(upToCount: Self.sizeLimit + 1) ?? Data() } catch {
            throw RecipeError(.failure, "\(url.path) could not be read", cause: error)
        }
        try self.init(data: data, name: url.lastPathComponent)
    }

    /// Reads bytes; `name` is what errors call them.
    public init(data: Data, name: String) throws {
        guard data.count <= Self.sizeLimit else {
            throw RecipeError(
                .limitExceeded,
                "\(name) has more than \(Self.sizeLimit) bytes; a file of settings has a few thousand, so it is another"
            )
        }
        guard let text = String(validatingUTF8Bytes: data) else {
            throw RecipeError(.invalidInput, "\(name) is not text in UTF-8; save it as such")
        }
        try self.init(text: text, name: name)
    }

    /// Reads text; `name` is what errors call it.
    public init(text: String, name: String) throws {
        guard text.utf8.count <= Self.sizeLimit else {
            throw RecipeError(
                .limitExceeded,
                "\(name) has more than \(Self.sizeLimit) bytes; a file of settings has a few thousand, so it is another"
            )
        }
        self.name = name
        tree = try YAMLComposer(file: name, text: text).compose()
    }

    /// Where the value of a path such as `models.0.head` is; where it is left out, the nearest one around it.
    public func mark(of path: String) -> YAMLMark {
        var current = tree
        for component in path.split(separator: ".") {
            guard let next = current.child(component) else { break }
            current = next
        }
        return current.mark
    }
}

extension String {
    /// Text of valid UTF-8, without its byte order mark; `nil` for any other bytes.
    fileprivate init?(validatingUTF8Bytes data: Data) {
        guard let text = String(validating: data, as: UTF8.self) else { return nil }
        self = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }
}
