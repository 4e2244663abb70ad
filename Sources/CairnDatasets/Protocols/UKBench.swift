import CairnMetrics
import Foundation

/// UKBench by file name: `ukbench00000.jpg`, `ukbench00001.jpg` and so on, four consecutive numbers to an object.
///
/// Nistér and Stewénius, CVPR 2006. Every photo is a query, and counts itself among its four right answers. The published zip
/// has the photos in `full/`; they may lie in the folder itself as well. The first 1,400 or 6,376, on which the paper
/// reports, are a benchmark too.
enum UKBench {
    static func benchmark(directory: URL) throws -> RetrievalBenchmark {
        let folder = try BenchmarkFolder(.ukbench, at: directory)
        let photos = folder.folder(among: ["full", "ukbench/full", "jpg", "images"]) ?? folder.root
        var pathOfNumber: [Int: String] = [:]
        for name in try FileTree.names(in: photos) {
            let stem = name.hasSuffix(".jpg") ? name.dropLast(4) : ""
            guard stem.hasPrefix("ukbench"), stem.utf8.count == 12, let number = Int(stem.dropFirst(7)), number >= 0
            else { continue }
            pathOfNumber[number] = name
        }
        guard !pathOfNumber.isEmpty else { throw folder.lacking("full/ukbench00000.jpg and all that follow") }
        let objects = Set(pathOfNumber.keys.map { $0 / 4 }).sorted()
        let missing = objects.flatMap { object in (4 * object..<4 * object + 4).filter { pathOfNumber[$0] == nil } }
        if let first = missing.first {
            let digits = String(first)
            let name = "ukbench" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".jpg"
            throw folder.lacking(
                "\(missing.count.counted("photo")), four belonging to each object, the first of them \(name)")
        }
        let gallery = pathOfNumber.keys.sorted().map { number in
            let name = pathOfNumber[number] ?? ""
            return RetrievalBenchmark.Image(id: name.fileStem, path: photos.path + "/" + name)
        }
        return RetrievalBenchmark(
            name: BenchmarkLayout.ukbench.rawValue, scoring: .ukbench, gallery: gallery,
            queries: gallery.enumerated().map { .init(image: $0.element, galleryRow: $0.offset) },
            settings: [
                .init(
                    judgments: gallery.indices.map { row in
                        let first = Int32(row / 4 * 4)
                        return QueryJudgment(positives: Array(first..<first + 4))
                    })
            ])
    }
}
