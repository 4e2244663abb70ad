/// Gradient-boosted decision trees that tell classes apart, by LightGBM (Ke et al., NeurIPS 2017).
///
/// Training is deterministic: the same rows and parameters give the same model on any number of threads. A feature that is
/// NaN is missing, and trees learn where missing ones go.
public struct GradientBoosting: Sendable {
    /// The names of the features, in the order of a row.
    public let features: [String]

    /// How many classes there are.
    public let classes: Int

    /// The model as text in LightGBM's format, trees only. `init(text:)` reads it.
    public var text: String { model.text }

    /// Threads that a prediction uses.
    public let threads: Int

    private let model: BoostingModelText
    private let booster: BoosterHandle

    /// Trains on rows of features.
    ///
    /// - Parameters:
    ///   - rows: `[count, features]`, row-major; NaN is missing.
    ///   - labels: each row's class, from 0.
    ///   - features: names without white space or any of `,:[]{}"`, each once.
    /// - Throws: `RecognitionError`: no rows, counts that do not fit, infinite values, classes out of range, bad names or
    ///   parameters, or what LightGBM says.
    public init(
        training rows: [Float], labels: [Int], classes: Int, features: [String],
        parameters: BoostingParameters = .init()
    ) throws(RecognitionError) {
        try parameters.validate()
        guard (2...1000).contains(classes), !features.isEmpty, Set(features).count == features.count,
            features.allSatisfy(BoostingModelText.isName)
        else {
            throw RecognitionError(
                .invalidArgument,
                "boosting needs 2 to 1,000 classes, not \(classes), and features of different names in plain letters")
        }
        guard !labels.isEmpty, labels.count <= Int(Int32.max), rows.count == labels.count * features.count else {
            throw RecognitionError(
                .invalidArgument, "\(rows.count) numbers do not make \(labels.count) training rows of \(features.count)"
            )
        }
        if let row = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
            throw RecognitionError(
                .invalidArgument, "training row \(row) is of class \(labels[row]); there are \(classes)")
        }
        if let place = rows.firstIndex(where: { $0.isInfinite }) {
            throw RecognitionError(
                .invalidInput,
                "feature \(features[place % features.count]) of training row \(place / features.count) is infinite")
        }
        // Unnamed inside LightGBM's training; the names are written into the text, where they are checked.
        let written = try BoosterHandle.train(
            rows, features: features, labels: labels.map(Float.init), parameters: parameters.words(classes: classes),
            rounds: parameters.rounds)
        try self.init(model: BoostingModelText(written, renaming: features), threads: parameters.threads)
    }

    /// Reads a model. The text is checked line by line before LightGBM sees it, whose own reader trusts what it reads.
    ///
    /// - Throws: `RecognitionError` (`corrupted`) for text that is not a whole multi-class model.
    public init(text: String, threads: Int = 1) throws(RecognitionError) {
        try self.init(model: BoostingModelText(text), threads: threads)
    }

    private init(model: BoostingModelText, threads: Int) throws(RecognitionError) {
        guard (1...256).contains(threads) else {
            throw RecognitionError(.invalidArgument, "a prediction takes 1 to 256 threads, not \(threads)")
        }
        self.model = model
        self.threads = threads
        features = model.features
        classes = model.classes
        booster = try BoosterHandle.load(model)
    }

    /// The probability of each class for each row: `[rows, classes]`, each row summing to 1.
    ///
    /// - Throws: `RecognitionError` (`invalidArgument`) when the numbers make no whole rows.
    public func predict(_ rows: [Float]) throws(RecognitionError) -> [Double] {
        guard rows.count.isMultiple(of: features.count), rows.count / features.count <= Int(Int32.max) else {
            throw RecognitionError(
                .invalidArgument, "\(rows.count) numbers are no whole rows of \(features.count) features")
        }
        return try booster.predict(rows, columns: features.count, classes: classes, threads: threads)
    }

    /// How much each feature lowered the training loss (LightGBM's "gain"), most important first.
    public func importances() throws(RecognitionError) -> [(feature: String, gain: Double)] {
        let gains = try booster.gains(features: features.count)
        return zip(features, gains).enumerated().sorted {
            $0.element.1 != $1.element.1 ? $0.element.1 > $1.element.1 : $0.offset < $1.offset
        }.map { (feature: $0.element.0, gain: $0.element.1) }
    }
}
