import Foundation

extension BenchmarkLayout {
    /// Reads a retrieval benchmark from files as they are published.
    ///
    /// `directory` is the folder that `files` describes. `groundTruth` is the file or folder of ground truth where it lies
    /// elsewhere; with it alone, without a directory, Revisited Oxford and Paris, Google Landmarks, and Oxford5k and Paris6k
    /// with `imageList` are read without images, for features and rankings that are ready.
    ///
    /// Throws `DatasetError`: `notFound` with what is missing, how many images, the first of them, and where all is
    /// published; `invalidInput` with file and line; `invalidArgument` for Google Landmarks recognition, which is a
    /// `LandmarkRecognitionBenchmark`.
    public func load(
        directory: URL? = nil, groundTruth: URL? = nil, options: BenchmarkOptions = BenchmarkOptions()
    ) throws -> RetrievalBenchmark {
        switch self {
        case .roxford5k, .rparis6k:
            return try revisited(directory: directory, groundTruth: groundTruth, options: options)
        case .oxford5k, .paris6k:
            return try oxford(directory: directory, groundTruth: groundTruth, options: options)
        case .googleLandmarksRetrieval:
            return try GoogleLandmarks.retrieval(
                directory: directory, groundTruth: groundTruth, images: options.images)
        case .googleLandmarksRecognition:
            throw DatasetError(
                .invalidArgument,
                "\(rawValue) is scored by recognition, not by retrieval: it is no benchmark for rankings")
        case .digix:
            return try DIGIXDataset.benchmark(
                directory: try needed(directory), split: options.digix, images: options.images)
        case .ukbench: return try UKBench.benchmark(directory: try needed(directory))
        case .holidays: return try Holidays.benchmark(directory: try needed(directory))
        case .market1501: return try Market1501.benchmark(directory: try needed(directory))
        case .folders:
            return try FolderDataset(root: try needed(directory), queries: options.queries).benchmark()
        case .csv: return try TableBenchmark.benchmark(directory: try needed(directory), images: options.images)
        }
    }

    private func needed(_ directory: URL?) throws -> URL {
        guard let directory else {
            throw DatasetError(.invalidArgument, "\(rawValue) cannot be read without its folder: give it\(whereabouts)")
        }
        return directory
    }

    private func revisited(directory: URL?, groundTruth: URL?, options: BenchmarkOptions) throws -> RetrievalBenchmark {
        let folder = try directory.map { try BenchmarkFolder(self, at: $0) }
        let name = "gnd_\(rawValue).pkl"
        var file: URL
        if let groundTruth {
            file = groundTruth.standardizedFileURL
            if PathKind(file.path) == .folder { file.appendPathComponent(name) }
            guard PathKind(file.path) == .file else {
                throw DatasetError(.notFound, "\(file.path) is not there: give \(name)\(whereabouts)")
            }
        } else {
            guard let folder else {
                throw DatasetError(.invalidArgument, "\(rawValue) needs its folder or \(name): give one\(whereabouts)")
            }
            file = try folder.file(name)
        }
        let truth = try RevisitedAnnotations(contentsOf: file)
        var benchmark = truth.benchmark(self, images: folder?.url("jpg"))
        if let distractors = options.distractors { benchmark = benchmark.adding(try RevisitedDistractors(distractors)) }
        return try folder?.checked(benchmark, images: options.images) ?? benchmark
    }

    /// Folders of ground truth as the archives unpack, and as people call them.
    private static let oxfordTruthFolders = [
        "", "gt_files_170407", "paris_120310", "groundtruth", "gt", "gt_files", "lab",
    ]

    private func oxford(directory: URL?, groundTruth: URL?, options: BenchmarkOptions) throws -> RetrievalBenchmark {
        let folder = try directory.map { try BenchmarkFolder(self, at: $0) }
        let truthFolder: URL
        if let groundTruth {
            truthFolder = groundTruth
        } else {
            guard let folder else {
                throw DatasetError(.invalidArgument, "\(rawValue) needs its folder: give it\(whereabouts)")
            }
            let candidates = Self.oxfordTruthFolders.filter { path in
                ((try? FileTree.names(in: folder.url(path))) ?? []).contains { $0.hasSuffix("_query.txt") }
            }
            guard let first = candidates.first else {
                throw folder.lacking("the ground truth: *_query.txt, *_good.txt, *_ok.txt and *_junk.txt")
            }
            truthFolder = folder.url(first)
        }
        let truth = try OxfordGroundTruth(contentsOf: truthFolder)
        let photos = folder.map { $0.folder(among: ["jpg", "images", "oxbuild_images", "paris"]) ?? $0.root }
        let found = try photos.map(OxfordGroundTruth.gallery(of:))
        let gallery: [RetrievalBenchmark.Image]
        if let list = options.imageList {
            let paths = Dictionary((found ?? []).map { ($0.id, $0.path) }, uniquingKeysWith: { first, _ in first })
            gallery = try NameList.lines(of: list).map { line in
                let name = line.hasSuffix(".jpg") ? line.fileStem : line
                return .init(id: name, path: paths[name] ?? photos.map { "\($0.path)/\(name).jpg" })
            }
        } else if let found {
            gallery = found
        } else {
            throw DatasetError(
                .invalidArgument,
                "\(rawValue) has no list of its gallery: give its folder of images, or a list of their names in order")
        }
        if gallery.isEmpty, let folder { throw folder.lacking("its images, in jpg/") }
        let benchmark = try truth.benchmark(self, gallery: gallery)
        return try folder?.checked(benchmark, images: options.images) ?? benchmark
    }

    /// Which layout a folder has, told by the names in it; `nil` where it has none of them.
    ///
    /// Google Landmarks with both solutions is taken for retrieval. Folders of photos are `folders`.
    public static func detect(_ directory: URL) -> BenchmarkLayout? {
        guard let names = (try? FileTree.names(in: directory)).map(Set.init) else { return nil }
        let landmarks = GoogleLandmarks(root: directory)
        func holds(_ folders: [String], _ test: (String) -> Bool) -> Bool {
            folders.contains { path in
                let url = path.isEmpty ? directory : directory.appendingPathComponent(path)
                return ((try? FileTree.names(in: url)) ?? []).contains(where: test)
            }
        }
        for layout in [BenchmarkLayout.roxford5k, .rparis6k] where names.contains("gnd_\(layout.rawValue).pkl") {
            return layout
        }
        if landmarks.file(GoogleLandmarks.retrievalSolutions) != nil, landmarks.file("index.csv") != nil {
            return .googleLandmarksRetrieval
        }
        if landmarks.file(GoogleLandmarks.recognitionSolutions) != nil { return .googleLandmarksRecognition }
        if names.isSuperset(of: ["bounding_box_test", "query"]) { return .market1501 }
        if PathKind(directory.appendingPathComponent("train_data/label.txt").path) == .file { return .digix }
        if names.isSuperset(of: ["gallery.csv", "queries.csv"]) { return .csv }
        if holds(oxfordTruthFolders, { $0.hasSuffix("_query.txt") }) {
            return holds(oxfordTruthFolders) { $0.hasPrefix("all_souls") } ? .oxford5k : .paris6k
        }
        if holds(["full", "ukbench/full", "jpg", "images", ""], { $0.hasPrefix("ukbench0") && $0.hasSuffix(".jpg") }) {
            return .ukbench
        }
        if holds(
            ["jpg", "images", ""], { $0.utf8.count == 10 && $0.hasSuffix("00.jpg") && Int($0.dropLast(4)) != nil })
        {
            return .holidays
        }
        return (try? FolderDataset(root: directory)) == nil ? nil : .folders
    }
}
