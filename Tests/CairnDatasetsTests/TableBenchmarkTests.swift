import CairnCore
import CairnDatasets
import CairnMetrics
import Foundation
import Testing

@Suite struct TableBenchmarkTests {
    private func load(_ gallery: String, _ queries: String) throws -> RetrievalBenchmark {
        let folder = try FolderFixture(["a.jpg", "b.jpg", "c c.jpg", "q.jpg"])
        try folder.write(gallery, to: "gallery.csv")
        try folder.write(queries, to: "queries.csv")
        return try BenchmarkLayout.csv.load(directory: folder.root)
    }

    @Test("by labels: the same label is right, none is a distractor, a query in the gallery is junk to itself")
    func labels() throws {
        let benchmark = try load(
            "image,label\na.jpg,tower\nb.jpg,tower\nc c.jpg,\n",
            "kind,image,label,x0,y0,x1,y1\nday,a.jpg,tower,,,,\n,q.jpg,tower,1,2,30.5,40\n,c c.jpg,gate,,,,\n")
        #expect(benchmark.gallery.map(\.id) == ["a.jpg", "b.jpg", "c c.jpg"])
        #expect(benchmark.queries.map(\.kind) == ["day", nil, nil])
        #expect(benchmark.queries.map(\.galleryRow) == [0, nil, 2])
        #expect(benchmark.queries.map(\.region) == [nil, PixelRegion(x0: 1, y0: 2, x1: 30.5, y1: 40), nil])
        #expect(
            benchmark.settings.map(\.judgments) == [
                [.init(positives: [0, 1], junk: [0]), .init(positives: [0, 1]), .init(positives: [], junk: [2])]
            ])
        #expect(benchmark.scoring == .standard)
    }

    @Test("by lists: positives go before labels, and may name the query itself")
    func lists() throws {
        let benchmark = try load(
            "id,image,label\n1,a.jpg,x\n2,b.jpg,x\n3,c c.jpg,y\n",
            "image,positives,junk,label\na.jpg,1 3,2,x\nb.jpg,3,,x\nq.jpg,,1,x\n")
        #expect(benchmark.gallery.map(\.id) == ["1", "2", "3"])
        #expect(
            benchmark.settings[0].judgments == [
                .init(positives: [0, 2], junk: [1]), .init(positives: [2], junk: [1]),
                .init(positives: [0, 1], junk: [0]),
            ])
    }

    @Test(
        "what is wrong is named with its file and line",
        arguments: [
            ("image\na.jpg\n", "image,label\na.jpg,x\n", "queries.csv, line 1: nothing says what is right"),
            ("file\na.jpg\n", "image,positives\na.jpg,a.jpg\n", "gallery.csv, line 1: no column is named “image”"),
            (
                "image\na.jpg\na.jpg\n", "image,positives\na.jpg,a.jpg\n",
                "gallery.csv, line 3: “a.jpg” is listed already"
            ),
            (
                "image\na.jpg\n", "image,positives\na.jpg,a.jpg b.jpg\n",
                "queries.csv, line 2: “b.jpg” of positives is not in gallery.csv"
            ),
            (
                "image\na.jpg\n", "image,positives,x0,y0,x1,y1\na.jpg,a.jpg,1,2,3,\n",
                "queries.csv, line 2: x0, y0, x1, y1 are to be"
            ),
            (
                "image\na.jpg\n", "image,positives,x0,y0,x1,y1\na.jpg,a.jpg,5,2,3,9\n",
                "queries.csv, line 2: x0, y0, x1, y1 are to be"
            ),
            ("image\na.jpg\n", "image,positives\n", "queries.csv lists nothing below its header"),
            ("image\na.jpg\n", "image,positives\n ,a.jpg\n", "queries.csv, line 2: no image is given"),
            ("image\nz.jpg\n", "image,positives\na.jpg,\n", "is not a whole csv: it lacks the image z.jpg"),
        ])
    func damage(gallery: String, queries: String, sentence: String) {
        expectError(nil, sentence) { try load(gallery, queries) }
    }

    @Test("both lists are missed at once")
    func missing() throws {
        let folder = try FolderFixture([])
        expectError(.notFound, "is not a whole csv: it lacks gallery.csv and queries.csv") {
            try BenchmarkLayout.csv.load(directory: folder.root)
        }
    }
}
