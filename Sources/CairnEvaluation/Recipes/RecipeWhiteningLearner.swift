import CairnAlgebra
import CairnCore
import CairnModelLibrary
import CairnRecipes

/// Learns a recipe's whitening on the photos that it names, as `cairn whiten` does.
struct RecipeWhiteningLearner {
    let whitening: RecipeWhitening
    /// `nil` for 0.01 where photos are few.
    let shrinkage: Double?
    /// The model's name, for notes and errors.
    let name: String

    /// Photos that are described at most; more change a whitening little.
    static let maximumPhotos = 50_000

    /// Learns from descriptors before any whitening.
    func learn(
        with model: GlobalModel, digest: String, photos: RecipePhotos, notes: inout [String]
    ) throws -> Whitening {
        let chosen = photos.photos(of: whitening.learnedOn)
        guard !chosen.isEmpty else {
            throw EvaluationError(
                .invalidInput,
                "the whitening of \(name) is learned on the recipe’s \(whitening.learnedOn.rawValue), of which there are no photos here"
            )
        }
        let step = max(1, (chosen.count + Self.maximumPhotos - 1) / Self.maximumPhotos)
        let sample = stride(from: 0, to: chosen.count, by: step).map { chosen[$0] }
        let results = model.descriptors(ofPhotosAt: sample.map(\.path), whitened: false)
        var rows: [[Float]] = []
        var labels: [String?] = []
        for (photo, result) in zip(sample, results) {
            guard let row = try? result.get() else { continue }
            rows.append(row)
            labels.append(photo.label)
        }
        guard let dimensions = rows.first?.count else {
            throw EvaluationError(.invalidInput, "none of \(sample.count) photos could be described by \(name)")
        }
        let matrix = try DescriptorMatrix(rows: rows)
        let shrinkage = shrinkage ?? (rows.count < 2 * dimensions ? 0.01 : 0)
        notes.append(
            "\(name): \(whitening.kind.rawValue) whitening to \(whitening.dimensions ?? dimensions) of \(dimensions) dimensions, learned from \(rows.count) photos\(shrinkage > 0 ? " with a shrinkage of \(shrinkage)" : "")."
        )
        switch whitening.kind {
        case .pca, .projection:
            let learner = PCAWhitening(
                outputDimensions: whitening.dimensions, power: whitening.kind == .pca ? 0.5 : 0, shrinkage: shrinkage)
            return try learner.learn(from: matrix, modelDigest: digest)
        case .learned:
            if photos.scores(whitening.learnedOn) {
                notes.append(
                    "\(name): the learned whitening saw the labels of photos that are scored here, so figures are far too good; they are comparable on data with training photos of their own."
                )
            }
            let pairs = Self.pairs(labels, limit: whitening.pairs)
            guard !pairs.isEmpty else {
                throw EvaluationError(
                    .invalidInput,
                    "the whitening of \(name) is learned from pairs of a class, of which there are none here")
            }
            return try LearnedWhitening(outputDimensions: whitening.dimensions, shrinkage: shrinkage)
                .learn(from: matrix, pairs: pairs, modelDigest: digest)
        }
    }

    /// Pairs that a whitening is learned from where the recipe names no number.
    static let maximumPairs = 1_000_000

    /// Pairs of one label, at most `limit`, taken at even distances of all that there are, which are never listed.
    static func pairs(_ labels: [String?], limit: Int?) -> [LearnedWhitening.Pair] {
        let classes = Dictionary(grouping: labels.indices.filter { labels[$0] != nil }) { labels[$0] }
            .values.sorted { $0[0] < $1[0] }
        let total = classes.reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
        let wanted = min(total, limit ?? maximumPairs)
        var (place, start) = (0, 0)
        return (0..<wanted).map { number in
            let chosen = Int(Double(number) * Double(total) / Double(wanted))
            while chosen >= start + classes[place].count * (classes[place].count - 1) / 2 {
                start += classes[place].count * (classes[place].count - 1) / 2
                place += 1
            }
            let rows = classes[place]
            let (first, second) = pair(chosen - start, of: rows.count)
            return LearnedWhitening.Pair(query: rows[first], positive: rows[second])
        }
    }

    /// The `number`-th of the pairs (0, 1), (0, 2), …, (1, 2), … of `count` things.
    static func pair(_ number: Int, of count: Int) -> (Int, Int) {
        /// Pairs whose first is before `first`.
        func before(_ first: Int) -> Int { first * (2 * count - first - 1) / 2 }
        let side = Double(2 * count - 1)
        var first = Int((side - max(0, side * side - 8 * Double(number)).squareRoot()) / 2)
        while first > 0, before(first) > number { first -= 1 }
        while before(first + 1) <= number { first += 1 }
        return (first, first + 1 + number - before(first))
    }
}

extension RecipePhotos {
    /// Whether a part's photos and labels are those that are scored, so that what is learned of them knows the answers.
    func scores(_ part: RecipeData.Part) -> Bool {
        let scored = Set(benchmark.queries.compactMap(\.image.path))
        return photos(of: part).contains { scored.contains($0.path) }
    }

    /// The photos of one of a recipe's parts, with their labels where they have any: the index is the gallery, the test are the queries,
    /// and train and validation are the labelled photos.
    func photos(of part: RecipeData.Part) -> [(path: String, label: String?)] {
        switch part {
        case .train, .validation: training.map { ($0.path, $0.label) }
        case .index:
            zip(benchmark.gallery, gallery).compactMap { image, truth in image.path.map { ($0, truth?.label) } }
        case .test:
            zip(benchmark.queries, queries).compactMap { query, truth in query.image.path.map { ($0, truth?.label) } }
        case .nonLandmarks:
            zip(benchmark.gallery, gallery).compactMap { image, truth in
                truth == .nonLandmark ? image.path.map { ($0, nil) } : nil
            }
        }
    }
}
