import CairnImaging
import CairnMetrics
import Foundation
import Testing

@testable import CairnDatasets

@Suite struct BenchmarkLayoutTests {
    /// The smallest Google Landmarks: two photos searched, five queries of which two are not scored.
    private func landmarks(photos: Bool = true) throws -> FolderFixture {
        let index = ["fedcba9876543200", "fedcba9876543210", "fedcba9876543220"]
        let test = (1...5).map { "0\($0)23456789abcdef" }
        func path(_ part: String, _ id: String) -> String {
            let letters = Array(id)
            return "\(part)/\(letters[0])/\(letters[1])/\(letters[2])/\(id).jpg"
        }
        let folder = try FolderFixture(
            photos
                ? index.map { path("index", $0) } + test.map { path("test", $0) } + [path("train", "6e158a47eb2ca3f6")]
                : [])
        try folder.write("id\n" + index.joined(separator: "\n"), to: "index.csv")
        try folder.write("id\n" + test.reversed().joined(separator: "\n"), to: "metadata/test.csv")
        try folder.write(LandmarkFilesTests.retrievalSolution, to: "ground_truth/retrieval_solution_v2.1.csv")
        try folder.write(LandmarkFilesTests.recognitionSolution, to: "ground_truth/recognition_solution_v2.1.csv")
        try folder.write("id,url,landmark_id\n6e158a47eb2ca3f6,u,12\n", to: "train/train.csv")
        return folder
    }

    @Test(
        "Google Landmarks retrieval: rows of index.csv, queries of test.csv, nothing said of the other part's queries")
    func landmarkRetrieval() throws {
        let folder = try landmarks()
        let benchmark = try BenchmarkLayout.googleLandmarksRetrieval.load(directory: folder.root)
        #expect(benchmark.gallery.map(\.id) == ["fedcba9876543200", "fedcba9876543210", "fedcba9876543220"])
        #expect(folder.relative(benchmark.gallery[1].path ?? "") == "index/f/e/d/fedcba9876543210.jpg")
        #expect(
            benchmark.queries.map(\.image.id) == [
                "0523456789abcdef", "0423456789abcdef", "0323456789abcdef", "0223456789abcdef", "0123456789abcdef",
            ])
        #expect(benchmark.settings.map(\.name) == ["public", "private"])
        #expect(benchmark.settings[0].judgments == [nil, nil, nil, .init(positives: [1, 0]), nil])
        #expect(benchmark.settings[1].judgments == [nil, .init(positives: [2]), .init(positives: [0]), nil, nil])
        #expect(benchmark.missingImages().isEmpty)
        #expect(BenchmarkLayout.detect(folder.root) == .googleLandmarksRetrieval)
    }

    @Test("Google Landmarks by its files alone, and by halves")
    func landmarkHalves() throws {
        let folder = try landmarks(photos: false)
        let layout = BenchmarkLayout.googleLandmarksRetrieval
        #expect(try layout.load(groundTruth: folder.root).gallery.allSatisfy { $0.path == nil })
        expectError(
            .notFound,
            "lacks 8 of 8 images, the first of them test/0/5/2/0523456789abcdef.jpg; it is published at https"
        ) {
            try layout.load(directory: folder.root)
        }
        try folder.write("id\nfedcba9876543200\n", to: "index.csv")
        expectError(.invalidInput, "right for 0223456789abcdef, and index.csv does not list it") {
            try layout.load(groundTruth: folder.root)
        }
        try FileManager.default.removeItem(at: folder.root.appendingPathComponent("index.csv"))
        expectError(
            .notFound, "it lacks index.csv; it is published at https://github.com/cvdfoundation/google-landmark"
        ) {
            try layout.load(groundTruth: folder.root)
        }
        expectError(.notFound, "it lacks retrieval_solution_v2.1.csv; it is published at") {
            try layout.load(groundTruth: FolderFixture([]).root)
        }
    }

    @Test("Google Landmarks recognition reads labels and solution, and is no retrieval benchmark")
    func landmarkRecognition() throws {
        let folder = try landmarks()
        let benchmark = try LandmarkRecognitionBenchmark(directory: folder.root)
        #expect(benchmark.training?.landmarks == [12])
        #expect(benchmark.solution.queries.count == 5)
        let alone = try LandmarkRecognitionBenchmark(
            groundTruth: folder.root.appendingPathComponent("ground_truth/recognition_solution_v2.1.csv"))
        #expect(alone.training == nil && alone.missingImages().isEmpty)
        expectError(.invalidArgument, "no benchmark for rankings") {
            try BenchmarkLayout.googleLandmarksRecognition.load(directory: folder.root)
        }
        let half = try landmarks(photos: false)
        expectError(.notFound, "lacks 6 of 6 images, the first of them test/0/1/2/0123456789abcdef.jpg") {
            try LandmarkRecognitionBenchmark(directory: half.root)
        }
        let check = try BenchmarkCheck(.googleLandmarksRecognition, directory: half.root)
        #expect(check.missing.count == 6 && check.gallery == 1)
        #expect(check.settings.map(\.queries) == [2, 1])
        #expect(check.settings.map(\.queriesWithoutPositives) == [1, 0])
    }

    @Test("a check counts queries and right answers, finds what is missing or damaged, and compares sizes")
    func check() throws {
        let folder = try FolderFixture([])
        let photo = try RGBImage(size: .init(width: 4, height: 3), pixels: Array(repeating: 9, count: 36)).encodePNG()
        for name in ["100000", "100001", "100100"] { try folder.write(photo, to: "jpg/\(name).jpg") }
        try folder.write("<html>moved</html>", to: "jpg/100101.jpg")
        var steps: [Int] = []
        let check = try BenchmarkCheck(.holidays, directory: folder.root) { done, total in
            #expect(total == 4)
            steps.append(done)
        }
        #expect(steps == [1, 2, 3, 4])
        #expect(check.gallery == 4 && check.queries == 2)
        #expect(
            check.settings == [
                .init(
                    name: nil, queries: 2, queriesWithoutPositives: 0, minimumPositives: 1, medianPositives: 1,
                    maximumPositives: 1)
            ])
        #expect(check.missing.isEmpty)
        #expect(check.unreadable.map { folder.relative($0.path) } == ["jpg/100101.jpg"])
        #expect(
            check.differences == [
                "4 images to search, where the published set has 1,491", "2 queries, where the published set has 500",
            ])
        #expect(!check.isWhole)
        #expect(try BenchmarkCheck(.holidays, directory: folder.root, readingHeaders: false).unreadable.isEmpty)
    }

    @Test("a check counts a row that is right and junk as junk, and finds names that come twice")
    func checkCounts() throws {
        let folder = try FolderFixture(["tower/a.jpg", "tower/b.jpg", "tower/c.jpg", "gate/d.jpg"])
        let check = try BenchmarkCheck(.folders, directory: folder.root, readingHeaders: false)
        #expect(check.settings[0].minimumPositives == 2 && check.settings[0].maximumPositives == 2)
        #expect(check.isWhole)

        let twice = try landmarks()
        try twice.write("id\nfedcba9876543200\nfedcba9876543210\nfedcba9876543220\nfedcba9876543210\n", to: "index.csv")
        let found = try BenchmarkCheck(.googleLandmarksRetrieval, directory: twice.root, readingHeaders: false)
        #expect(found.duplicates == ["fedcba9876543210"])
        #expect(found.settings.map(\.queries) == [1, 2])
        #expect(found.settings.map(\.maximumPositives) == [2, 1])
    }

    @Test("every layout says what it is, what it needs and where that is published")
    func descriptions() {
        for layout in BenchmarkLayout.allCases {
            #expect(!layout.summary.isEmpty && !layout.files.isEmpty)
            #expect((layout.source == nil) == [.folders, .csv].contains(layout))
        }
        #expect(
            BenchmarkLayout.allCases.map(\.rawValue) == [
                "roxford5k", "rparis6k", "oxford5k", "paris6k", "gldv2-retrieval", "gldv2-recognition", "digix",
                "ukbench", "holidays", "market1501", "folders", "csv",
            ])
        #expect(BenchmarkLayout.roxford5k.differences(gallery: 1_004_993, queries: 70, distractors: 1_000_000).isEmpty)
    }

    @Test("folders without any of the layouts are none")
    func detection() throws {
        #expect(BenchmarkLayout.detect(try FolderFixture(["readme.txt"]).root) == nil)
        #expect(BenchmarkLayout.detect(URL(fileURLWithPath: "/nowhere/at/all")) == nil)
        let revisited = try FolderFixture(["gnd_rparis6k.pkl", "jpg/a.jpg"])
        #expect(BenchmarkLayout.detect(revisited.root) == .rparis6k)
        #expect(BenchmarkLayout.detect(try FolderFixture(["gallery.csv", "queries.csv"]).root) == .csv)
        #expect(BenchmarkLayout.detect(try FolderFixture(["all_souls_1_query.txt"]).root) == .oxford5k)
    }
}
