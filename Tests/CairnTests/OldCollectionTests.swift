import CairnCore
import CairnDatasets
import CairnFeatures
import CairnImaging
import Foundation
import GRDB
import Testing

@testable import Cairn

/// Collections of the first version of the schema, which knew RootSIFT alone.
///
/// `Fixtures/collection-version-1` was made by that version from four photos of the sample town:
/// `cairn demo --landmarks 2 --views 2 --seed 5`, then a vocabulary of 64 words from its landmarks' photos
/// (`cairn vocabulary train … --words 64 --descriptors 4000`), then `cairn index /srv/town --vocabulary … --keypoints 40`.
@Suite("Old collections")
struct OldCollectionTests {
    private func withCollection(_ body: (String) async throws -> Void) async throws {
        try await TownGallery.withFolder { folder in
            let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "Fixtures/collection-version-1")
            let path = folder.appendingPathComponent("old")
            try FileManager.default.copyItem(at: source, to: path)
            try await body(path.path)
        }
    }

    @Test("One opens without further ado, and finds what it found")
    func opening() async throws {
        try await withCollection { path in
            let gallery = try Gallery.open(at: path)
            #expect(try gallery.collection.checkIntegrity(deep: true).isEmpty)
            let searcher = try gallery.searcher()
            #expect(searcher.snapshot.imageCount == 4 && searcher.strategy == .local)
            #expect(gallery.analyzer.configuration?.sift.maximumKeypoints == 40)
            #expect(gallery.analyzer.extractors == searcher.snapshot.extractors)
            for number: UInt32 in 1...4 {
                let image = try #require(try searcher.snapshot.image(ImageID(number)))
                let record = try #require(try searcher.snapshot.record(of: image))
                let features = try #require(try record.withUnsafeBytes { try LocalFeatures(record: $0) })
                #expect(features.count == image.keypointCount && features.dimensions == 128 && features.isOriented)
                let answer = try await searcher.search(features)
                #expect(answer.results.first?.id == image.id && (answer.results.first?.inliers ?? 0) >= 20)
            }
        }
    }

    @Test("It goes on being indexed: the same photos give the same records, and new ones join")
    func indexing() async throws {
        try await withCollection { path in
            let gallery = try Gallery.openOrCreate(at: path)
            let town = try SampleTown(
                seed: 5, landmarks: 2, viewsPerLandmark: 2, lookAlikes: 1, distractors: 2)
            let folder = path + "-photos"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let snapshot = try gallery.collection.snapshot()
            for landmark in 0..<2 {
                for view in 0..<3 {
                    let photo = town.view(landmark: landmark, index: view)
                    let content = try photo.image.encodeJPEG(quality: 88)
                    try content.write(to: URL(fileURLWithPath: "\(folder)/\(landmark)\(view).jpg"))
                    let name = (photo.label ?? "").replacingOccurrences(of: " ", with: "_")
                    guard view < 2 else { continue }
                    let id = try #require(try snapshot.imageID(atPath: "/srv/town/\(name)/view0\(view).jpg"))
                    let image = try #require(try snapshot.image(id))
                    let stored = try #require(try snapshot.record(of: image)?.withUnsafeBytes { Array($0) })
                    #expect(try gallery.analyzer.analyze(content, path: "").record == stored)
                }
            }
            let report = try await gallery.index([folder])
            // The four photos of before are known by their content.
            #expect(report.added == 2 && report.moved + report.duplicates == 4)
            let after = try gallery.collection.snapshot()
            #expect(after.imageCount == 6 && after.extractors == gallery.analyzer.extractors)
            #expect(try gallery.collection.checkIntegrity(deep: true).isEmpty)
            try await gallery.collection.remove([folder + "/02.jpg"])
            #expect(try gallery.collection.snapshot().imageCount == 5)
        }
    }

    @Test("Numbers of deleted images are not given again after the migration")
    func numbers() async throws {
        try await withCollection { path in
            let database = try DatabaseQueue(path: path + "/collection.sqlite")
            try await database.write { try $0.execute(sql: "UPDATE sqlite_sequence SET seq = 40 WHERE name = 'image'") }
            try database.close()
            let collection = try ImageCollection.open(at: path)
            try await collection.remove(["/srv/town"])
            let migrated = try DatabaseQueue(path: path + "/collection.sqlite")
            let (last, columns) = try await migrated.read { database in
                (
                    try Int.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'image'"),
                    try database.columns(in: "image").count { $0.isNotNull && $0.name == "segment_id" }
                )
            }
            #expect(last == 40 && columns == 0)
            #expect(try collection.snapshot().imageCount == 0)
        }
    }

    @Test("One that may not be written is refused with what to do", .enabled(if: getuid() != 0))
    func readOnly() async throws {
        try await withCollection { path in
            try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path + "/collection.sqlite")
            let error = #expect(throws: CollectionError.self) { try ImageCollection.open(at: path) }
            #expect(error?.message.contains("index once") == true)
        }
    }
}
