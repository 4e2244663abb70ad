import CairnDatasets
import CairnMetrics
import CairnRecipes
import Foundation

extension RecipePhotos {
    /// Reads a folder for a recipe: in the recipe's layout, or in any that can be told by the names in it.
    ///
    /// - Throws: `DatasetError` for what is missing or wrong in a layout; `EvaluationError` for a folder of none, and for one without
    ///   queries or gallery.
    init(recipe: Recipe, directory: URL) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw EvaluationError(.notFound, "there is no folder \(directory.path); give one with photos")
        }
        guard let layout = Self.layout(of: directory, for: recipe) else {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
            throw EvaluationError(
                .invalidInput,
                names.isEmpty
                    ? "\(directory.path) is empty; \(recipe.name) needs photos: \(recipe.data.layout.rawValue), or one folder a class"
                    : "\(directory.path) is in no layout that is known; \(recipe.name) was made for \(recipe.data.layout.rawValue), and runs on one folder a class, with _distractor/ for photos of nothing"
            )
        }
        self = try Self.load(layout, directory)
        try limitQueries(recipe.data.test?.limit)
        limitTraining(recipe.data.train)
        guard !benchmark.queries.isEmpty, !benchmark.gallery.isEmpty else {
            throw EvaluationError(
                .invalidInput,
                "\(directory.path) has \(benchmark.gallery.count) photos and \(benchmark.queries.count) queries; a class needs two photos at least"
            )
        }
        if layout.rawValue != recipe.data.layout.rawValue, !recipe.data.layout.layouts.contains(layout) {
            notes.append(
                "The recipe was made for \(recipe.data.layout.rawValue); these photos are \(layout.rawValue), so its figures are not to be compared with the document’s."
            )
        }
    }

    /// The layout of a folder, and of Google Landmarks’ two that which the recipe is about.
    private static func layout(of directory: URL, for recipe: Recipe) -> BenchmarkLayout? {
        let found = BenchmarkLayout.detect(directory)
        guard found == .googleLandmarksRetrieval, recipe.recognition != nil,
            (try? LandmarkRecognitionBenchmark(directory: directory)) != nil
        else { return found }
        return .googleLandmarksRecognition
    }

    private static func load(_ layout: BenchmarkLayout, _ directory: URL) throws -> RecipePhotos {
        switch layout {
        case .googleLandmarksRecognition: return try recognition(directory)
        case .folders: return try folders(directory)
        case .digix:
            let labels = try DIGIXDataset(root: directory).training.map { Truth.landmark("\($0.label)") }
            return make(layout, try layout.load(directory: directory), gallery: labels)
        default: return make(layout, try layout.load(directory: directory), gallery: nil)
        }
    }

    /// One folder a class: `queries.csv` says what is a query, or else everything is.
    private static func folders(_ directory: URL) throws -> RecipePhotos {
        let list = directory.appendingPathComponent("queries.csv")
        let dataset = try FolderDataset(
            root: directory, queries: FileManager.default.fileExists(atPath: list.path) ? list : nil)
        let truths = dataset.images.map { image in image.className.map { Truth.landmark($0) } ?? .nonLandmark }
        return make(.folders, dataset.benchmark(), gallery: truths)
    }

    /// Labelled photos as the gallery, test photos as queries; what shares a landmark is right.
    private static func recognition(_ directory: URL) throws -> RecipePhotos {
        let landmarks = try LandmarkRecognitionBenchmark(directory: directory)
        guard let training = landmarks.training, let files = landmarks.files else {
            throw EvaluationError(.invalidInput, "\(directory.path) has no labelled photos; add train.csv and train/")
        }
        var rows: [Int32: [Int32]] = [:]
        for (row, landmark) in training.landmarks.enumerated() { rows[landmark, default: []].append(Int32(row)) }
        let queries = landmarks.solution.queries.filter { $0.usage != .ignored }
        let benchmark = RetrievalBenchmark(
            name: BenchmarkLayout.googleLandmarksRecognition.rawValue, scoring: .googleLandmarks,
            gallery: training.images.map { .init(id: $0.description, path: files.path(of: $0, in: .train)) },
            queries: queries.map {
                .init(image: .init(id: $0.image.description, path: files.path(of: $0.image, in: .test)))
            },
            settings: [
                .init(judgments: queries.map { QueryJudgment(positives: $0.landmarks.flatMap { rows[$0] ?? [] }) })
            ])
        var photos = make(
            .googleLandmarksRecognition, benchmark, gallery: training.landmarks.map { .landmark("\($0)") })
        // A query of several landmarks is right with its first; the contests’ scorer takes any of them.
        photos.queries = queries.map { $0.landmarks.first.map { .landmark("\($0)") } ?? .nonLandmark }
        let several = queries.count { $0.landmarks.count > 1 }
        if several > 0 {
            photos.notes.append(
                "\(several) queries show several landmarks, of which only the first counts as right here; cairn evaluate gldv2-recognition --predictions takes any."
            )
        }
        return photos
    }

    /// Joins a benchmark with labels. Where a layout has none, photos that are left out one by one are labelled by what is right for them.
    private static func make(
        _ layout: BenchmarkLayout, _ benchmark: RetrievalBenchmark, gallery known: [Truth?]?
    ) -> RecipePhotos {
        let gallery = known ?? labels(of: benchmark)
        let queries = benchmark.queries.map { $0.galleryRow.flatMap { gallery[$0] } }
        let training = zip(benchmark.gallery, gallery).compactMap { image, truth -> Labelled? in
            guard let path = image.path, let label = truth?.label else { return nil }
            return Labelled(path: path, label: label)
        }
        return RecipePhotos(
            layout: layout, benchmark: benchmark, gallery: gallery, queries: queries, training: training)
    }

    /// Classes that the queries' own rows and right answers make; none where queries are not of the gallery, whose labels would give
    /// the answers away.
    private static func labels(of benchmark: RetrievalBenchmark) -> [Truth?] {
        var truths = [Truth?](repeating: nil, count: benchmark.gallery.count)
        guard benchmark.queries.allSatisfy({ $0.galleryRow != nil }) else { return truths }
        for setting in benchmark.settings {
            for (query, judgment) in zip(benchmark.queries, setting.judgments) {
                guard let own = query.galleryRow, let judgment, truths[own] == nil else { continue }
                let members = [Int32(own)] + judgment.positives
                let name = members.lazy.compactMap { truths[Int($0)]?.label }.first ?? "class-\(members.min() ?? 0)"
                for member in members where truths[Int(member)] == nil { truths[Int(member)] = .landmark(name) }
            }
        }
        return truths
    }

    /// Keeps as many queries, at even distances.
    private mutating func limitQueries(_ limit: Int?) throws {
        guard let limit, limit < benchmark.queries.count else { return }
        let total = benchmark.queries.count
        let kept = (0..<limit).map { $0 * total / limit }
        benchmark.queries = kept.map { benchmark.queries[$0] }
        for index in benchmark.settings.indices {
            let judgments = benchmark.settings[index].judgments
            benchmark.settings[index].judgments = kept.map { judgments[$0] }
        }
        queries = kept.map { queries[$0] }
        notes.append("\(limit) of \(total) queries, as the recipe limits them.")
    }

    private mutating func limitTraining(_ part: RecipeDataPart?) {
        guard let part else { return }
        let sizes = Dictionary(grouping: training, by: \.label).mapValues(\.count)
        training.removeAll { sizes[$0.label, default: 0] < part.minimumClassSize }
        guard let limit = part.limit, limit < training.count else { return }
        let total = training.count
        training = (0..<limit).map { training[$0 * total / limit] }
        notes.append("\(limit) of \(total) training photos, as the recipe limits them.")
    }
}

extension RecipeData.Layout {
    /// The layouts of photos that a recipe's layout means.
    var layouts: [BenchmarkLayout] {
        switch self {
        case .gldv2: [.googleLandmarksRetrieval, .googleLandmarksRecognition]
        case .digix: [.digix]
        case .revisited: [.roxford5k, .rparis6k]
        case .oxford: [.oxford5k, .paris6k]
        case .ukbench: [.ukbench]
        case .holidays: [.holidays]
        case .folders: [.folders]
        case .csv: [.csv]
        }
    }
}
