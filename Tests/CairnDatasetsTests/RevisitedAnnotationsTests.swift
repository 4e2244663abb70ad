import CairnCore
import CairnDatasets
import CairnMetrics
import Foundation
import Testing

@Suite struct RevisitedAnnotationsTests {
    private static let images = [
        "all_souls_000013", "all_souls_000026", "ashmolean_000058", "radcliffe_000095", "oxford_002416",
    ]
    private static let queries = ["all_souls_000006", "ashmolean_000000"]

    @Test(
        "lists and arrays, texts and bytes, protocols 2 and 4 give the same benchmark",
        arguments: [
            RevisitedPickles.listsProtocol2, RevisitedPickles.listsProtocol4, RevisitedPickles.arraysProtocol2,
            RevisitedPickles.arraysProtocol4,
        ])
    func variants(pickle: Data) throws {
        let folder = try FolderFixture([])
        let file = try folder.write(pickle, to: "gnd_roxford5k.pkl")
        let benchmark = try BenchmarkLayout.roxford5k.load(groundTruth: file)
        #expect(benchmark.name == "roxford5k")
        #expect(benchmark.scoring == .revisited)
        #expect(benchmark.gallery == Self.images.map { .init(id: $0) })
        #expect(benchmark.queries.map(\.image.id) == Self.queries)
        #expect(benchmark.queries[0].region?.x0 == 136.5)
        // 34.1 comes in single precision in one of them.
        #expect(abs((benchmark.queries[0].region?.y0 ?? 0) - 34.1) < 1e-5)
        #expect(benchmark.queries[1].region == PixelRegion(x0: 52, y0: 7, x1: 200, y1: 300.25))
        #expect(benchmark.settings.map(\.name) == ["easy", "medium", "hard"])
        #expect(
            benchmark.settings.map(\.judgments) == [
                [.init(positives: [0], junk: [3, 1, 4]), .init(positives: [], junk: [2])],
                [.init(positives: [0, 1, 4], junk: [3]), .init(positives: [2], junk: [])],
                [.init(positives: [1, 4], junk: [3, 0]), .init(positives: [2], junk: [])],
            ])
    }

    @Test("with a folder, photos have paths in jpg/ and must all be there")
    func folder() throws {
        let folder = try FolderFixture((Self.images + Self.queries).map { "jpg/\($0).jpg" })
        try folder.write(RevisitedPickles.listsProtocol4, to: "gnd_rparis6k.pkl")
        let benchmark = try BenchmarkLayout.rparis6k.load(directory: folder.root)
        #expect(benchmark.gallery.map { folder.relative($0.path ?? "") } == Self.images.map { "jpg/\($0).jpg" })
        #expect(benchmark.missingImages().isEmpty)

        for name in [Self.queries[1], Self.images[3]] {
            try FileManager.default.removeItem(at: folder.root.appendingPathComponent("jpg/\(name).jpg"))
        }
        expectError(
            .notFound, "lacks 2 of 7 images, the first of them jpg/ashmolean_000000.jpg; it is published at https"
        ) {
            try BenchmarkLayout.rparis6k.load(directory: folder.root)
        }
        var options = BenchmarkOptions()
        options.images = .unchecked
        #expect(try BenchmarkLayout.rparis6k.load(directory: folder.root, options: options).gallery.count == 5)
    }

    @Test("distractors follow the gallery, by their list or by what is in jpg/, and the judgments stay")
    func distractors() throws {
        let folder = try FolderFixture(["million/jpg/0/00/b.jpg", "million/jpg/0/00/a.jpg"])
        let file = try folder.write(RevisitedPickles.listsProtocol4, to: "gnd_roxford5k.pkl")
        let million = folder.root.appendingPathComponent("million")
        var options = BenchmarkOptions()
        options.distractors = million
        let sorted = try BenchmarkLayout.roxford5k.load(groundTruth: file, options: options)
        #expect(sorted.gallery.dropFirst(5).map(\.id) == ["0/00/a.jpg", "0/00/b.jpg"])

        options.distractors = try folder.write("0/00/b.jpg\njpg/0/00/a.jpg\n0/00/c\n", to: "million/revisitop1m.txt")
        let listed = try BenchmarkLayout.roxford5k.load(groundTruth: file, options: options)
        #expect(
            listed.gallery.dropFirst(5).map { folder.relative($0.path ?? "") } == [
                "million/jpg/0/00/b.jpg", "million/jpg/0/00/a.jpg", "million/jpg/0/00/c.jpg",
            ])
        #expect(listed.settings[1].judgments == sorted.settings[1].judgments)
        options.distractors = folder.root.appendingPathComponent("nowhere")
        expectError(.notFound, "nowhere is not there: give revisitop1m.txt or its folder") {
            try BenchmarkLayout.roxford5k.load(groundTruth: file, options: options)
        }
    }

    @Test(
        "what does not fit is named with its query and key",
        arguments: [
            (RevisitedPickles.rowPastTheEnd, "“hard” of query 1 (ashmolean_000000) has 5.0, and “imlist” 5 images"),
            (RevisitedPickles.noJunk, "“junk” of query 1 (ashmolean_000000) is not there"),
            (RevisitedPickles.oneTruth, "“gnd” is of 1 queries and “qimlist” of 2"),
            (RevisitedPickles.aList, "it holds no dictionary"),
            (RevisitedPickles.emptyBox, "“bbx” of query 0 (all_souls_000006) is empty: [5.0, 5.0, 5.0, 9.0]"),
            (Data("<html>".utf8), "cannot be read as the ground truth of Revisited Oxford or Paris"),
        ])
    func damage(pickle: Data, sentence: String) throws {
        let folder = try FolderFixture([])
        let file = try folder.write(pickle, to: "gnd_roxford5k.pkl")
        expectError(nil, sentence) { try BenchmarkLayout.roxford5k.load(groundTruth: file) }
    }

    @Test("without ground truth the error names the file and where it is published")
    func missing() throws {
        let folder = try FolderFixture(["jpg/a.jpg"])
        expectError(
            .notFound,
            "is not a whole roxford5k: it lacks gnd_roxford5k.pkl; it is published at https://github.com/filipradenovic/revisitop"
        ) { try BenchmarkLayout.roxford5k.load(directory: folder.root) }
        expectError(.notFound, "is not a folder: give the one that holds roxford5k") {
            try BenchmarkLayout.roxford5k.load(directory: folder.root.appendingPathComponent("no"))
        }
        expectError(.invalidArgument, "roxford5k needs its folder or gnd_roxford5k.pkl") {
            try BenchmarkLayout.roxford5k.load()
        }
    }
}

/// Expects a `DatasetError` of a kind whose message holds `part`.
func expectError(
    _ kind: ErrorKind?, _ part: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Any
) {
    do {
        _ = try body()
        Issue.record("nothing was thrown where “\(part)” was expected", sourceLocation: sourceLocation)
    } catch let error as DatasetError {
        if let kind { #expect(error.kind == kind, sourceLocation: sourceLocation) }
        #expect(error.message.contains(part), "\(error.message)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error) is no DatasetError", sourceLocation: sourceLocation)
    }
}
