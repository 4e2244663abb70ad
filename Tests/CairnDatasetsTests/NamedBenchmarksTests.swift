import CairnDatasets
import CairnMetrics
import Foundation
import Testing

/// Benchmarks whose ground truth is in the names of files and folders.
@Suite struct NamedBenchmarksTests {
    @Test("UKBench: four consecutive numbers to an object, each a query that counts itself")
    func ukbench() throws {
        let photos = (0..<8).map { "full/ukbench0000\($0).jpg" }
        let folder = try FolderFixture(photos + ["full/ukbench00000.th.jpg", "full/other.jpg"])
        let benchmark = try BenchmarkLayout.ukbench.load(directory: folder.root)
        #expect(benchmark.gallery.map { folder.relative($0.path ?? "") } == photos)
        #expect(benchmark.queries.map(\.galleryRow) == Array(0..<8))
        #expect(benchmark.settings[0].judgments[2] == QueryJudgment(positives: [0, 1, 2, 3]))
        #expect(benchmark.settings[0].judgments[7] == QueryJudgment(positives: [4, 5, 6, 7]))
        #expect(benchmark.scoring == .ukbench)
        #expect(BenchmarkLayout.detect(folder.root) == .ukbench)

        try FileManager.default.removeItem(at: folder.root.appendingPathComponent("full/ukbench00005.jpg"))
        expectError(
            .notFound,
            "lacks 1 photo, four belonging to each object, the first of them ukbench00005.jpg; it is published at"
        ) { try BenchmarkLayout.ukbench.load(directory: folder.root) }
        expectError(.notFound, "lacks full/ukbench00000.jpg and all that follow") {
            try BenchmarkLayout.ukbench.load(directory: FolderFixture(["a.jpg"]).root)
        }
    }

    @Test("Holidays: the photo that ends in 00 asks for the others of its scene, and is junk itself")
    func holidays() throws {
        let folder = try FolderFixture(
            ["100000", "100001", "100002", "100100", "100101", "149900"].map { "jpg/\($0).jpg" } + ["jpg/Thumbs.db"])
        let benchmark = try BenchmarkLayout.holidays.load(directory: folder.root)
        #expect(benchmark.gallery.map(\.id) == ["100000", "100001", "100002", "100100", "100101", "149900"])
        #expect(benchmark.queries.map(\.image.id) == ["100000", "100100", "149900"])
        #expect(benchmark.queries.map(\.galleryRow) == [0, 3, 5])
        #expect(
            benchmark.settings.map(\.judgments) == [
                [
                    .init(positives: [1, 2], junk: [0]), .init(positives: [4], junk: [3]),
                    .init(positives: [], junk: [5]),
                ]
            ])
        #expect(BenchmarkLayout.detect(folder.root) == .holidays)
        try FileManager.default.removeItem(at: folder.root.appendingPathComponent("jpg/100100.jpg"))
        expectError(.notFound, "lacks the query of 1 of 3 scenes, the first of them 100100.jpg") {
            try BenchmarkLayout.holidays.load(directory: folder.root)
        }
    }

    @Test("Market-1501: other cameras are right, the own camera and person -1 are junk, person 0000 is wrong")
    func market() throws {
        let folder = try FolderFixture([
            "bounding_box_test/-1_c1s1_000401_03.jpg", "bounding_box_test/0000_c1s1_000151_01.jpg",
            "bounding_box_test/0002_c1s1_000451_03.jpg", "bounding_box_test/0002_c2s1_000301_01.jpg",
            "bounding_box_test/0007_c1s1_000001_01.jpg", "bounding_box_test/Thumbs.db", "query/0002_c1s1_000776_00.jpg",
            "query/0007_c3s3_000001_00.jpg",
        ])
        let benchmark = try BenchmarkLayout.market1501.load(directory: folder.root)
        #expect(benchmark.gallery.count == 5)
        #expect(benchmark.gallery[0].id == "bounding_box_test/-1_c1s1_000401_03.jpg")
        #expect(
            benchmark.settings.map(\.judgments) == [
                [.init(positives: [3], junk: [2, 0]), .init(positives: [4], junk: [0])]
            ])
        #expect(benchmark.queries.allSatisfy { $0.galleryRow == nil })
        #expect(BenchmarkLayout.detect(folder.root) == .market1501)
        try folder.write("", to: "query/nobody.jpg")
        expectError(.invalidInput, "query/nobody.jpg is not named as 0002_c1s1_000451_03.jpg is, by person and camera")
        {
            try BenchmarkLayout.market1501.load(directory: folder.root)
        }
        expectError(.notFound, "it lacks bounding_box_test/ and query/; it is published at https://zheng-lab") {
            try BenchmarkLayout.market1501.load(directory: FolderFixture([]).root)
        }
    }

    @Test("folders: what FolderDataset finds, with kinds, and the query junk to itself")
    func folders() throws {
        let folder = try FolderFixture(["_distractor/e.jpg", "gate/d.jpg", "tower/a.jpg", "tower/b.jpg"])
        var options = BenchmarkOptions()
        options.queries = try folder.write("image,kind\ntower/b.jpg,night\ngate/d.jpg,\n", to: "queries.csv")
        let benchmark = try BenchmarkLayout.folders.load(directory: folder.root, options: options)
        #expect(benchmark.gallery.map(\.id) == ["_distractor/e.jpg", "gate/d.jpg", "tower/a.jpg", "tower/b.jpg"])
        #expect(benchmark.queries.map(\.kind) == ["night", nil])
        #expect(benchmark.queries.map(\.galleryRow) == [3, 1])
        #expect(
            benchmark.settings.map(\.judgments) == [
                [.init(positives: [2, 3], junk: [3]), .init(positives: [1], junk: [1])]
            ])
        #expect(
            try BenchmarkLayout.folders.load(directory: folder.root).queries.map(\.image.id) == [
                "tower/a.jpg", "tower/b.jpg",
            ])
        #expect(BenchmarkLayout.detect(folder.root) == .folders)
    }
}
