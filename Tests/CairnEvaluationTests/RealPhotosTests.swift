import Cairn
import CairnDatasets
import CairnEvaluation
import CairnMetrics
import Foundation
import Testing

/// A folder of real photos, named by `CAIRN_PHOTOS`: one folder a class, with queries.csv.
private enum RealPhotos {
    static let folder: URL? = ProcessInfo.processInfo.environment["CAIRN_PHOTOS"].flatMap { path in
        let folder = URL(fileURLWithPath: path)
        return FileManager.default.fileExists(atPath: folder.appendingPathComponent("queries.csv").path) ? folder : nil
    }
}

/// Accuracy on real photos. Skipped where there are none.
@Suite("Real photos", .enabled(if: RealPhotos.folder != nil, "CAIRN_PHOTOS names no folder with queries.csv"))
struct RealPhotosTests {
    @Test("search is at least as right as comparing every pair with OpenCV's RootSIFT and MAGSAC")
    func accuracy() async throws {
        let root = try #require(RealPhotos.folder)
        let dataset = try FolderDataset(root: root, queries: root.appendingPathComponent("queries.csv"))
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: path) }
        let gallery = try Gallery.openOrCreate(at: path.path)
        _ = try await gallery.index([dataset.root])
        let searcher = try gallery.searcher()
        let result = try await RetrievalEvaluation(dataset).run { query in
            try await searcher.rankedAnswer(to: query, limit: dataset.images.count)
        }
        let scores = result.report.scores
        // What exhaustive comparison reaches there: 1,000 keypoints, ratio 0.8 and mutual, homography by USAC_MAGSAC.
        #expect(scores.overall.meanAveragePrecision >= 0.770)
        #expect(scores.overall.precisionAt1 >= 0.900)
        for (kind, least) in ["building": 0.778, "object": 0.999_999, "scene": 0.821, "product": 0.721] {
            let figures = try #require(scores.byKind[kind])
            #expect(figures.meanAveragePrecision >= least, "\(kind)")
        }
    }
}
