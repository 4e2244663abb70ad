import CairnDatasets

extension RetrievalBenchmark {
    /// The gallery's files by row. Throws where one is not known.
    func galleryPaths() throws -> [String] {
        try gallery.map { image in
            guard let path = image.path else { throw withoutPhoto(image) }
            return path
        }
    }

    func withoutPhoto(_ image: Image) -> EvaluationError {
        EvaluationError(
            .invalidArgument,
            "\(name) was read without its photos, so \(image.id) cannot be looked at; give the folder with the photos, or features or rankings"
        )
    }

    /// Gallery rows by path; a file that stands for several rows is all of them.
    func rowsByPath() throws -> [String: [Int32]] {
        Dictionary(grouping: try galleryPaths().enumerated().map { ($1, Int32($0)) }, by: \.0).mapValues {
            $0.map(\.1)
        }
    }
}
