import Foundation

/// A layout's folder: what must be there, and the one way to say that it is not.
struct BenchmarkFolder {
    let layout: BenchmarkLayout
    let root: URL

    /// Throws `notFound` where there is no folder.
    init(_ layout: BenchmarkLayout, at root: URL) throws {
        self.layout = layout
        self.root = root.standardizedFileURL
        guard PathKind(self.root.path) == .folder else {
            throw DatasetError(
                .notFound,
                "\(self.root.path) is not a folder: give the one that holds \(layout.rawValue)\(layout.whereabouts)")
        }
    }

    /// Something below the root.
    func url(_ path: String) -> URL { path.isEmpty ? root : root.appendingPathComponent(path) }

    /// Whether a file is there.
    func has(_ path: String) -> Bool { PathKind(url(path).path) == .file }

    /// A file that must be there.
    func file(_ path: String) throws -> URL {
        try require([path])
        return url(path)
    }

    /// Throws `notFound` naming all of the paths that are not there; those ending in a slash are folders.
    func require(_ paths: [String]) throws {
        let missing = paths.filter { path in
            PathKind(url(path).path) != (path.hasSuffix("/") ? .folder : .file)
        }
        if !missing.isEmpty { throw lacking(missing.joined(separator: " and ")) }
    }

    /// The first of some folders that is there.
    func folder(among paths: [String]) -> URL? {
        paths.lazy.map(url).first { PathKind($0.path) == .folder }
    }

    /// The error for what is not there.
    func lacking(_ what: String) -> DatasetError {
        DatasetError(.notFound, "\(root.path) is not a whole \(layout.rawValue): it lacks \(what)\(layout.whereabouts)")
    }

    /// The same benchmark, or an error that counts the images that are missing, where they must be there.
    func checked(
        _ benchmark: RetrievalBenchmark, images presence: BenchmarkOptions.ImagePresence
    ) throws -> RetrievalBenchmark {
        guard presence == .required else { return benchmark }
        let missing = benchmark.missingImages()
        guard let first = missing.first else { return benchmark }
        let total = Set(benchmark.allPaths).count
        let name = first.hasPrefix(root.path + "/") ? String(first.dropFirst(root.path.count + 1)) : first
        throw lacking(
            missing.count == 1
                ? "the image \(name)" : "\(missing.count.grouped) of \(total.grouped) images, the first of them \(name)"
        )
    }
}

extension BenchmarkLayout {
    /// How errors end: where the files are published.
    var whereabouts: String { source.map { "; it is published at \($0)" } ?? "" }
}

extension RetrievalBenchmark {
    /// Paths of queries, then of the gallery, where they are known.
    var allPaths: some Sequence<String> {
        (queries.lazy.map(\.image.path).joined(gallery.lazy.map(\.path))).compactMap(\.self)
    }

    /// Paths at which there is no file, each once: queries first, then gallery rows. One look at the file system for each
    /// image.
    public func missingImages() -> [String] {
        var seen: Set<String> = []
        return allPaths.filter { PathKind($0) != .file && seen.insert($0).inserted }
    }
}

extension LazySequenceProtocol {
    /// These elements, then others.
    fileprivate func joined<Other: Sequence>(_ other: Other) -> some Sequence<Element> where Other.Element == Element {
        AnySequence { () -> AnyIterator<Element> in
            var (first, second) = (self.makeIterator(), other.makeIterator())
            return AnyIterator { first.next() ?? second.next() }
        }
    }
}
