import Foundation

/// Google Landmarks v2 recognition: photos with labels, and queries that show a landmark, several, or none.
///
/// Scored by global average precision, in which queries without a landmark count as chances to be wrong.
public struct LandmarkRecognitionBenchmark: Sendable {
    /// The photos with labels; `nil` where ground truth was read alone.
    public var training: LandmarkLabels?
    /// What is right, query by query in the solution's order.
    public var solution: LandmarkRecognitionSolution
    /// Where the photos are; `nil` where ground truth was read alone.
    public var files: GoogleLandmarks?

    /// Reads `train.csv`, or the list that is given instead (`train_clean.csv`), and the solution.
    ///
    /// With a folder, photos must be there where that is required: those of the queries and those of the labelled list.
    /// Without one, only the solution is read. Throws `DatasetError` as the retrieval benchmark does.
    public init(directory: URL? = nil, groundTruth: URL? = nil, options: BenchmarkOptions = BenchmarkOptions()) throws {
        let layout = BenchmarkLayout.googleLandmarksRecognition
        let (folder, file) = try GoogleLandmarks.locate(
            layout, directory, groundTruth, solutions: GoogleLandmarks.recognitionSolutions)
        solution = try LandmarkRecognitionSolution(contentsOf: file)
        guard let folder else {
            training = try options.training.map(LandmarkLabels.init(contentsOf:))
            return
        }
        let files = GoogleLandmarks(root: folder.root)
        self.files = files
        guard let list = options.training ?? files.file("train.csv", "train_clean.csv") else {
            throw folder.lacking("train.csv")
        }
        let training = try LandmarkLabels(contentsOf: list)
        self.training = training
        if options.images == .required {
            let missing = missingImages()
            if let first = missing.first {
                let total = training.count + solution.queries.count
                let name = String(first.dropFirst(folder.root.path.count + 1))
                throw folder.lacking("\(missing.count.grouped) of \(total.grouped) images, the first of them \(name)")
            }
        }
    }

    /// Paths at which there is no file: of queries, then of labelled photos. One look at the file system for each.
    public func missingImages() -> [String] {
        guard let files else { return [] }
        var missing: [String] = []
        func look(_ image: LandmarkImageID, _ part: GoogleLandmarks.Part) {
            let path = files.path(of: image, in: part)
            if PathKind(path) != .file { missing.append(path) }
        }
        for query in solution.queries { look(query.image, .test) }
        for image in training?.images ?? [] { look(image, .train) }
        return missing
    }
}
