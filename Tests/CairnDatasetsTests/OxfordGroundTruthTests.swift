import CairnCore
import CairnDatasets
import CairnMetrics
import Foundation
import Testing

@Suite struct OxfordGroundTruthTests {
    private func oxford() throws -> FolderFixture {
        let folder = try FolderFixture([
            "jpg/radcliffe_camera_000095.jpg", "jpg/all_souls_000013.jpg", "jpg/all_souls_000002.jpg",
            "jpg/ashmolean_000058.jpg", "jpg/README",
        ])
        try folder.write("oxc1_all_souls_000013 136.5 34.1 648.5 955.7\n", to: "gt_files_170407/all_souls_1_query.txt")
        try folder.write("all_souls_000013\n", to: "gt_files_170407/all_souls_1_good.txt")
        try folder.write("all_souls_000002\r\n\n", to: "gt_files_170407/all_souls_1_ok.txt")
        try folder.write("ashmolean_000058\n", to: "gt_files_170407/all_souls_1_junk.txt")
        return folder
    }

    @Test("Oxford: names without oxc1_, rows sorted by name, good and ok are right, the query counts as right itself")
    func oxfordLayout() throws {
        let folder = try oxford()
        let benchmark = try BenchmarkLayout.oxford5k.load(directory: folder.root)
        #expect(
            benchmark.gallery.map(\.id) == [
                "all_souls_000002", "all_souls_000013", "ashmolean_000058", "radcliffe_camera_000095",
            ])
        let query = try #require(benchmark.queries.first)
        #expect(query.image.id == "all_souls_000013")
        #expect(folder.relative(query.image.path ?? "") == "jpg/all_souls_000013.jpg")
        #expect(query.region == PixelRegion(x0: 136.5, y0: 34.1, x1: 648.5, y1: 955.7))
        #expect(query.galleryRow == 1)
        #expect(query.kind == "all_souls")
        #expect(benchmark.settings.map(\.judgments) == [[.init(positives: [1, 0], junk: [2])]])
        #expect(benchmark.scoring == .oxford)
    }

    @Test("Paris: photos in folders by landmark, corrupted ones left out of gallery and judgments")
    func parisLayout() throws {
        let folder = try FolderFixture([
            "paris/louvre/paris_louvre_000136.jpg", "paris/louvre/paris_louvre_000001.jpg",
            "paris/defense/paris_defense_000605.jpg",
        ])
        try folder.write("paris_defense_000605 1 2 3 4", to: "defense_1_query.txt")
        try folder.write("paris_defense_000605\nparis_louvre_000136", to: "defense_1_good.txt")
        try folder.write("", to: "defense_1_ok.txt")
        try folder.write("paris_louvre_000001", to: "defense_1_junk.txt")
        let benchmark = try BenchmarkLayout.paris6k.load(directory: folder.root)
        #expect(benchmark.gallery.map(\.id) == ["paris_defense_000605", "paris_louvre_000001"])
        #expect(folder.relative(benchmark.gallery[0].path ?? "") == "paris/defense/paris_defense_000605.jpg")
        #expect(benchmark.settings[0].judgments == [.init(positives: [0], junk: [1])])
        #expect(OxfordGroundTruth.corruptedImages.count == 20)
        #expect(BenchmarkLayout.detect(folder.root) == .paris6k)
    }

    @Test("a list of names gives the gallery another order, without photos too")
    func imageList() throws {
        let folder = try oxford()
        var options = BenchmarkOptions()
        options.imageList = try folder.write(
            "ashmolean_000058.jpg\nall_souls_000013\nall_souls_000002\n", to: "names.txt")
        let truth = folder.root.appendingPathComponent("gt_files_170407")
        let benchmark = try BenchmarkLayout.oxford5k.load(groundTruth: truth, options: options)
        #expect(benchmark.gallery.map(\.id) == ["ashmolean_000058", "all_souls_000013", "all_souls_000002"])
        #expect(benchmark.settings[0].judgments == [.init(positives: [1, 2], junk: [0])])
        expectError(.invalidArgument, "oxford5k has no list of its gallery") {
            try BenchmarkLayout.oxford5k.load(groundTruth: truth)
        }
    }

    @Test("half a download: what is missing is counted and named")
    func halves() throws {
        let folder = try oxford()
        try FileManager.default.removeItem(at: folder.root.appendingPathComponent("jpg/all_souls_000002.jpg"))
        expectError(
            .notFound,
            "the gallery of 3 images lacks 1 that the ground truth of oxford5k judges, the first of them all_souls_000002.jpg; "
                + "it is published at https://www.robots.ox.ac.uk/~vgg/data/oxbuildings/"
        ) { try BenchmarkLayout.oxford5k.load(directory: folder.root) }
        try folder.write("all_souls_000013 1 2", to: "gt_files_170407/all_souls_1_query.txt")
        expectError(.invalidInput, "all_souls_1_query.txt: “all_souls_000013 1 2” is not a name and") {
            try BenchmarkLayout.oxford5k.load(directory: folder.root)
        }
        let empty = try FolderFixture(["jpg/a.jpg"])
        expectError(.notFound, "is not a whole paris6k: it lacks the ground truth: *_query.txt") {
            try BenchmarkLayout.paris6k.load(directory: empty.root)
        }
    }
}
