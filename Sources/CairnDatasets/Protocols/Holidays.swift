import CairnMetrics
import Foundation

/// INRIA Holidays by file name: `100000.jpg`, whose last two digits count the photos of a scene and whose others name it.
///
/// Jégou, Douze, Schmid, ECCV 2008. The photo that ends in 00 is the query, the others of its scene are right, and the query
/// is taken out of its own ranking. The photos are in `jpg/`, as the archives unpack, or in the folder itself.
enum Holidays {
    static func benchmark(directory: URL) throws -> RetrievalBenchmark {
        let folder = try BenchmarkFolder(.holidays, at: directory)
        let photos = folder.folder(among: ["jpg", "images"]) ?? folder.root
        let names = try FileTree.names(in: photos).filter { name in
            name.hasSuffix(".jpg") && name.utf8.count == 10 && Int(name.dropLast(4)) != nil
        }.sorted()
        guard !names.isEmpty else { throw folder.lacking("jpg/100000.jpg and all that follow") }
        let numbers = names.compactMap { Int($0.dropLast(4)) }
        let rows = RetrievalBenchmark.rows(byLabel: numbers.lazy.map { $0 / 100 })
        let scenes = rows.keys.sorted()
        let withoutQuery = scenes.filter { scene in
            guard let first = rows[scene]?.first else { return true }
            return numbers[Int(first)] % 100 != 0
        }
        if let first = withoutQuery.first {
            throw folder.lacking(
                "the query of \(withoutQuery.count.grouped) of \(scenes.count.grouped) scenes, the first of them \(first)00.jpg"
            )
        }
        let gallery = names.map { RetrievalBenchmark.Image(id: $0.fileStem, path: photos.path + "/" + $0) }
        let groups = scenes.compactMap { rows[$0] }
        return RetrievalBenchmark(
            name: BenchmarkLayout.holidays.rawValue, scoring: .holidays, gallery: gallery,
            queries: groups.map { .init(image: gallery[Int($0[0])], galleryRow: Int($0[0])) },
            settings: [
                .init(judgments: groups.map { QueryJudgment(positives: Array($0.dropFirst()), junk: [$0[0]]) })
            ])
    }
}
