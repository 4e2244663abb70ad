import CairnDatasets
import Foundation

/// A folder of empty files. It goes away when the tests end, not with its owner: an optimised build lets go of an object after its
/// last use, which may be before its files are read.
final class FolderFixture {
    private static let base: URL = {
        atexit { try? FileManager.default.removeItem(at: FolderFixture.base) }
        return FileManager.default.temporaryDirectory.appendingPathComponent("cairn-" + UUID().uuidString)
    }()

    let root: URL

    init(_ paths: [String]) throws {
        root = Self.base.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        for path in paths { try write("", to: path) }
    }

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
