import CairnDatasets
import CairnMetrics
import Foundation
import Testing

@Suite struct DIGIXDatasetTests {
    private func fixture() throws -> FolderFixture {
        let photos = ["1/a", "1/b", "2/c", "3/d", "3/e", "3/f", "4/g"].map { "DIGIX_00000\($0).jpg" }
        let folder = try FolderFixture(
            photos.map { "train_data/" + $0 } + [
                "test_data_A/query/q.jpg", "test_data_A/query/r.jpg", "test_data_A/gallery/q.jpg",
                "test_data_A/gallery/x.jpg", "test_data_A/gallery/y.jpg",
            ])
        let lines = zip(photos, [0, 0, 1, 2, 2, 2, 3]).map { "\($0),\($1)" }
        try folder.write(lines.joined(separator: "\n"), to: "train_data/label.txt")
        return folder
    }

    @Test("each training photo of a class of two or more asks for the others")
    func leaveOneOut() throws {
        let folder = try fixture()
        let dataset = try DIGIXDataset(root: folder.root)
        #expect(dataset.training.map(\.label) == [0, 0, 1, 2, 2, 2, 3])
        let benchmark = try BenchmarkLayout.digix.load(directory: folder.root)
        #expect(benchmark.gallery.count == 7)
        #expect(benchmark.gallery.allSatisfy { FileManager.default.fileExists(atPath: $0.path ?? "") })
        #expect(benchmark.queries.map(\.galleryRow) == [0, 1, 3, 4, 5])
        #expect(
            benchmark.settings[0].judgments == [
                .init(positives: [0, 1], junk: [0]), .init(positives: [0, 1], junk: [1]),
                .init(positives: [3, 4, 5], junk: [3]), .init(positives: [3, 4, 5], junk: [4]),
                .init(positives: [3, 4, 5], junk: [5]),
            ])
        #expect(benchmark.scoring == .digix)
        #expect(BenchmarkLayout.detect(folder.root) == .digix)
    }

    @Test("a split by class holds every n-th out: its first photo is the query, the others are searched")
    func heldOut() throws {
        let folder = try fixture()
        var options = BenchmarkOptions()
        options.digix = .heldOut(every: 3)
        let benchmark = try BenchmarkLayout.digix.load(directory: folder.root, options: options)
        #expect(benchmark.queries.map(\.image.id) == ["DIGIX_000003/d.jpg"])
        #expect(benchmark.gallery.map(\.id) == ["DIGIX_000003/e.jpg", "DIGIX_000003/f.jpg"])
        #expect(benchmark.settings[0].judgments == [.init(positives: [0, 1])])
        #expect(try DIGIXDataset(root: folder.root).heldOutClasses(every: 2) == [1, 3])
        options.digix = .heldOut(every: 0)
        expectError(.invalidArgument, "give 1 or more") {
            try BenchmarkLayout.digix.load(directory: folder.root, options: options)
        }
    }

    @Test("a test part is judged by a list of labels; what it leaves out of the gallery is a distractor")
    func labelled() throws {
        let folder = try fixture()
        func load(_ list: String) throws -> RetrievalBenchmark {
            var options = BenchmarkOptions()
            options.digix = .labelled(try folder.write(list, to: "labels.csv"))
            return try BenchmarkLayout.digix.load(directory: folder.root, options: options)
        }
        let benchmark = try load("image,label\nquery/q.jpg,phone\nr.jpg,watch\nx.jpg,phone\ngallery/q.jpg,phone\n")
        #expect(benchmark.queries.map(\.image.id) == ["query/q.jpg", "query/r.jpg"])
        #expect(benchmark.gallery.map(\.id) == ["gallery/q.jpg", "gallery/x.jpg", "gallery/y.jpg"])
        #expect(benchmark.settings[0].judgments == [.init(positives: [0, 1]), .init(positives: [])])
        for name in ["query/t.jpg", "gallery/u.jpg"] { try folder.write("", to: "test_data_B/\(name)") }
        #expect(try load("image,label\nt.jpg,phone\nu.jpg,phone\n").gallery.map(\.id) == ["gallery/u.jpg"])
        expectError(.invalidInput, "line 2: “q.jpg” is in both folders of") { try load("image,label\nq.jpg,phone\n") }
        expectError(.invalidInput, "line 2: “z.jpg” is no photo of") { try load("image,label\nz.jpg,phone\n") }
        expectError(.invalidInput, "line 3: “r.jpg” is listed already") {
            try load("image,label\nquery/r.jpg,phone\nr.jpg,phone\n")
        }
        expectError(.invalidInput, "has no label for 1 of 2 queries, the first of them query/q.jpg") {
            try load("image,label\nquery/r.jpg,phone\n")
        }
        expectError(.invalidInput, "columns “image” and “label” are needed, not “name” and “label”") {
            try load("name,label\nr.jpg,phone\n")
        }
    }

    @Test("half a download, and lists that are none")
    func damage() throws {
        let folder = try fixture()
        try FileManager.default.removeItem(at: folder.root.appendingPathComponent("train_data/DIGIX_000003/e.jpg"))
        expectError(
            .notFound, "is not a whole digix: it lacks the image train_data/DIGIX_000003/e.jpg; it is published at"
        ) {
            try BenchmarkLayout.digix.load(directory: folder.root)
        }
        try folder.write("a.jpg,1\nb.jpg;2\n", to: "train_data/label.txt")
        expectError(.invalidInput, "label.txt, entry 2: “b.jpg;2” is not a path, a comma and the number of a class") {
            try BenchmarkLayout.digix.load(directory: folder.root)
        }
        expectError(.notFound, "it lacks train_data/label.txt") {
            try BenchmarkLayout.digix.load(directory: FolderFixture([]).root)
        }
        expectError(.invalidArgument, "digix cannot be read without its folder") { try BenchmarkLayout.digix.load() }
    }
}
