import CairnMetrics
import Foundation

/// Market-1501 and what has its layout: `query/` and `bounding_box_test/` with names such as `0002_c1s1_000451_03.jpg`, which
/// begin with the person and the camera.
///
/// Zheng et al., "Scalable Person Re-identification", ICCV 2015. Right are the person's images of other cameras; those of the
/// query's own camera are junk, and so are images of person -1, to all. Person 0000 is a distractor. Galleries and queries
/// are sorted by name.
enum Market1501 {
    /// What a name says.
    struct Name: Hashable {
        var person: Int
        var camera: Int

        /// `nil` for a name that does not begin with a person and a camera.
        init?(_ file: String) {
            let parts = file.split(separator: "_", maxSplits: 2)
            guard parts.count >= 2, let person = Int(parts[0]), person >= -1, parts[1].hasPrefix("c"),
                let camera = Int(parts[1].dropFirst().prefix { $0.isNumber })
            else { return nil }
            self.person = person
            self.camera = camera
        }
    }

    static func benchmark(directory: URL) throws -> RetrievalBenchmark {
        let folder = try BenchmarkFolder(.market1501, at: directory)
        try folder.require(["bounding_box_test/", "query/"])
        func images(_ part: String) throws -> (images: [RetrievalBenchmark.Image], names: [Name]) {
            let files = try FileTree.files(below: folder.url(part))
            guard !files.isEmpty else { throw folder.lacking("the images of \(part)/") }
            let names = try files.map { file in
                guard let name = Name(file.fileStem) else {
                    throw DatasetError(
                        .invalidInput,
                        "\(folder.root.path)/\(part)/\(file) is not named as 0002_c1s1_000451_03.jpg is, by person and camera"
                    )
                }
                return name
            }
            return (files.map { .init(id: "\(part)/\($0)", path: "\(folder.root.path)/\(part)/\($0)") }, names)
        }
        let gallery = try images("bounding_box_test")
        let queries = try images("query")
        let rows = RetrievalBenchmark.rows(byLabel: gallery.names.lazy.map { $0.person })
        let junk = rows[-1] ?? []
        return RetrievalBenchmark(
            name: BenchmarkLayout.market1501.rawValue, scoring: .market, gallery: gallery.images,
            queries: queries.images.map { .init(image: $0) },
            settings: [
                .init(
                    judgments: queries.names.map { query in
                        let same = query.person > 0 ? rows[query.person] ?? [] : []
                        let isOwn = { (row: Int32) in gallery.names[Int(row)].camera == query.camera }
                        return QueryJudgment(positives: same.filter { !isOwn($0) }, junk: same.filter(isOwn) + junk)
                    })
            ])
    }
}
