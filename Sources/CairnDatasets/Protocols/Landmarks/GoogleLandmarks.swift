import CairnMetrics
import Foundation

/// Google Landmarks v2 as it is distributed: CSV files, and photos in three levels of folders below `train/`, `index/` and
/// `test/`.
///
/// Weyand, Araujo, Cao, Sim, "Google Landmarks Dataset v2", CVPR 2020. Files are looked for in the root, in `metadata/` and
/// `ground_truth/` (as on the server), and beside the photos of their part.
public struct GoogleLandmarks: Sendable {
    /// The parts of the data set.
    public enum Part: String, Sendable, CaseIterable {
        /// Labelled photos.
        case train
        /// What is searched.
        case index
        /// Queries.
        case test
    }

    /// Its folder.
    public let root: URL

    /// Names a folder; nothing is read.
    public init(root: URL) { self.root = root.standardizedFileURL }

    /// The absolute path of a photo: `ROOT/index/0/1/2/0123456789abcdef.jpg`.
    public func path(of image: LandmarkImageID, in part: Part) -> String {
        "\(root.path)/\(part.rawValue)/\(image.path)"
    }

    /// The first of some files that is there.
    public func file(_ names: String...) -> URL? { file(names) }

    func file(_ names: [String]) -> URL? {
        let folders = ["", "metadata/", "ground_truth/"] + Part.allCases.map { $0.rawValue + "/" }
        for name in names {
            for folder in folders {
                let url = root.appendingPathComponent(folder + name)
                if PathKind(url.path) == .file { return url }
            }
        }
        return nil
    }

    /// Names of the retrieval solution, newest first.
    static let retrievalSolutions = [
        BenchmarkLayout.retrievalSolutionFile, "retrieval_solution_v2.csv", "retrieval_solution.csv",
    ]
    /// Names of the recognition solution, newest first.
    static let recognitionSolutions = [
        BenchmarkLayout.recognitionSolutionFile, "recognition_solution_v2.csv", "recognition_solution.csv",
    ]

    /// The retrieval solution in a file, or in the folder that is given instead. Throws `DatasetError` where there is none.
    public static func retrievalSolution(at url: URL) throws -> LandmarkRetrievalSolution {
        let (_, file) = try locate(.googleLandmarksRetrieval, nil, url, solutions: retrievalSolutions)
        return try LandmarkRetrievalSolution(contentsOf: file)
    }

    /// Reads a column of identifiers: `index.csv` and `test.csv` have it alone.
    public static func images(of file: URL) throws -> [LandmarkImageID] {
        try CSVReader.read(file) { reader in
            let column = try reader.column("id")
            var images: [LandmarkImageID] = []
            while try reader.next() { images.append(try reader.landmarkImage(column)) }
            return images
        }
    }

    /// The retrieval benchmark: the rows of `index.csv`, and the queries of `test.csv` in its order, or of the solution in
    /// its order where there is no `test.csv`; settings `public` and `private`, each without the other's queries and the
    /// ignored ones.
    ///
    /// Throws `notFound` for missing files and, where they are required, images; `invalidInput` for a right answer that is
    /// not in the index.
    static func retrieval(
        directory: URL?, groundTruth: URL?, images presence: BenchmarkOptions.ImagePresence
    ) throws -> RetrievalBenchmark {
        let layout = BenchmarkLayout.googleLandmarksRetrieval
        let (folder, solutionFile) = try locate(layout, directory, groundTruth, solutions: retrievalSolutions)
        let files = GoogleLandmarks(
            root: folder?.root ?? groundTruth.flatMap { PathKind($0.path) == .folder ? $0 : nil }
                ?? solutionFile.deletingLastPathComponent())
        let beside = GoogleLandmarks(root: solutionFile.deletingLastPathComponent())
        guard let indexFile = files.file("index.csv") ?? beside.file("index.csv") else {
            throw DatasetError(
                .notFound,
                "\(files.root.path) is not a whole \(layout.rawValue): it lacks index.csv\(layout.whereabouts)")
        }
        let index = try images(of: indexFile)
        let solution = try LandmarkRetrievalSolution(contentsOf: solutionFile)
        let ordered =
            try (files.file("test.csv") ?? beside.file("test.csv")).map(images) ?? solution.queries.map(\.image)
        let benchmark = try retrieval(solution, index: index, queries: ordered, files: folder == nil ? nil : files)
        return try folder?.checked(benchmark, images: presence) ?? benchmark
    }

    /// The benchmark of files that have been read. A query that the solution does not list is judged by no setting.
    static func retrieval(
        _ solution: LandmarkRetrievalSolution, index: [LandmarkImageID], queries: [LandmarkImageID],
        files: GoogleLandmarks?
    ) throws -> RetrievalBenchmark {
        var rows: [LandmarkImageID: Int32] = [:]
        rows.reserveCapacity(index.count)
        for (row, image) in index.enumerated() { rows[image] = rows[image] ?? Int32(row) }
        let numbers = Dictionary(zip(queries, queries.indices), uniquingKeysWith: { first, _ in first })
        var judgments: [LandmarkUsage: [QueryJudgment?]] = [:]
        for usage in [LandmarkUsage.public, .private] { judgments[usage] = Array(repeating: nil, count: queries.count) }
        for query in solution.queries where query.usage != .ignored {
            guard let number = numbers[query.image] else {
                throw DatasetError(
                    .invalidInput,
                    "the solution judges \(query.image), which test.csv does not list: are they of the same version?")
            }
            let positives = try query.positives.map { image in
                guard let row = rows[image] else {
                    throw DatasetError(
                        .invalidInput,
                        "the solution has \(image) right for \(query.image), and index.csv does not list it: "
                            + "are they of the same version?"
                    )
                }
                return row
            }
            judgments[query.usage]?[number] = QueryJudgment(positives: positives)
        }
        func image(_ id: LandmarkImageID, _ part: Part) -> RetrievalBenchmark.Image {
            RetrievalBenchmark.Image(id: id.description, path: files?.path(of: id, in: part))
        }
        return RetrievalBenchmark(
            name: BenchmarkLayout.googleLandmarksRetrieval.rawValue, scoring: .googleLandmarks,
            gallery: index.map { image($0, .index) }, queries: queries.map { .init(image: image($0, .test)) },
            settings: [
                .init(name: "public", judgments: judgments[.public] ?? []),
                .init(name: "private", judgments: judgments[.private] ?? []),
            ])
    }

    /// The folder, where one is given, and the solution.
    static func locate(
        _ layout: BenchmarkLayout, _ directory: URL?, _ groundTruth: URL?, solutions: [String]
    ) throws -> (BenchmarkFolder?, URL) {
        let folder = try directory.map { try BenchmarkFolder(layout, at: $0) }
        if let groundTruth, PathKind(groundTruth.path) != .folder {
            guard PathKind(groundTruth.path) == .file else {
                throw DatasetError(
                    .notFound, "\(groundTruth.path) is not there: give \(solutions[0])\(layout.whereabouts)")
            }
            return (folder, groundTruth.standardizedFileURL)
        }
        guard let root = groundTruth?.standardizedFileURL ?? folder?.root else {
            throw DatasetError(.invalidArgument, "\(layout.rawValue) needs a folder or its ground truth: give one")
        }
        guard let file = GoogleLandmarks(root: root).file(solutions) else {
            throw DatasetError(
                .notFound,
                "\(root.path) is not a whole \(layout.rawValue): it lacks \(solutions[0])\(layout.whereabouts)")
        }
        return (folder, file)
    }
}
