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

    /// For each query its own gallery row, where a setting counts that as junk: the query must not help itself.
    var ownJunkRows: [Int?] {
        queries.indices.map { number in
            guard let row = queries[number].galleryRow else { return nil }
            let isJunk = settings.contains { $0.judgments[number]?.junk.contains(Int32(row)) ?? false }
            return isJunk ? row : nil
        }
    }
}
