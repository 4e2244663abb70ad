import Foundation

/// The million distractors of Revisited Oxford and Paris: `revisitop1m.txt`, a name a line, with the photos in `jpg/` beside
/// it, in folders as the list names them.
public struct RevisitedDistractors: Sendable {
    /// The photos, in the list's order; sorted by path where there is no list.
    public let images: [RetrievalBenchmark.Image]

    /// Reads the list at `location`, or in the folder there; without a list, all photos of the folder's `jpg/`, or of the
    /// folder.
    ///
    /// Throws `DatasetError` `notFound` where there is neither.
    public init(_ location: URL) throws {
        let location = location.standardizedFileURL
        let list: URL
        let folder: URL
        switch PathKind(location.path) {
        case .file: (list, folder) = (location, location.deletingLastPathComponent())
        case .folder: (list, folder) = (location.appendingPathComponent("revisitop1m.txt"), location)
        default:
            throw DatasetError(
                .notFound,
                "\(location.path) is not there: give revisitop1m.txt or its folder\(BenchmarkLayout.roxford5k.whereabouts)"
            )
        }
        let photos = folder.appendingPathComponent("jpg")
        if PathKind(list.path) == .file {
            images = try NameList.lines(of: list).map { name in
                let file = (name as NSString).pathExtension.isEmpty ? name + ".jpg" : name
                let base = file.hasPrefix("jpg/") ? folder.path : photos.path
                return RetrievalBenchmark.Image(id: name, path: base + "/" + file)
            }
        } else {
            let root = PathKind(photos.path) == .folder ? photos : folder
            images = try FileTree.files(below: root).map {
                RetrievalBenchmark.Image(id: $0, path: root.path + "/" + $0)
            }
        }
        guard !images.isEmpty else {
            throw DatasetError(
                .invalidInput, "\(location.path) holds no distractors: neither revisitop1m.txt nor photos in jpg/")
        }
    }
}

extension RetrievalBenchmark {
    /// The same benchmark among distractors, which follow the gallery's rows and are right for no query.
    public func adding(_ distractors: RevisitedDistractors) -> RetrievalBenchmark {
        var benchmark = self
        benchmark.gallery += distractors.images
        return benchmark
    }
}

/// Text files with a name a line.
enum NameList {
    /// The lines that are not blank, without spaces at their ends.
    static func lines(of file: URL) throws -> [String] {
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw DatasetError(.notFound, "\(file.path) cannot be read", cause: error)
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw DatasetError(.invalidInput, "\(file.path) is not UTF-8 text")
        }
        return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }
}
