import CairnDatasets
import Foundation

/// A folder of empty files that goes away with its owner.
final class FolderFixture {
    let root: URL

    init(_ paths: [String]) throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-" + UUID().uuidString)
        for path in paths { try write("", to: path) }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    @discardableResult
    func write(_ text: String, to path: String) throws -> URL { try write(Data(text.utf8), to: path) }

    @discardableResult
    func write(_ data: Data, to path: String) throws -> URL {
        let file = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file
    }

    func relative(_ image: FolderDataset.Image) -> String { relative(image.path) }

    func relative(_ path: String) -> String { String(path.dropFirst(root.standardizedFileURL.path.count + 1)) }
}
