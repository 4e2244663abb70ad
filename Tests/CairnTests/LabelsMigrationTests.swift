import CairnCore
import CairnFeatures
import Foundation
import GRDB
import Testing

@testable import Cairn

/// Collections of the second version of the schema, which knew no labels.
///
/// `Fixtures/collection-version-2` was made by that version from two photos of the sample town and one with a GPS position:
/// `cairn demo --landmarks 2 --views 2 --seed 5`, a vocabulary of 16 words from its landmarks' photos (`cairn vocabulary train …
/// --words 16 --descriptors 4000`), then `view00.jpg` of both landmarks and `located.jpg` of the imaging tests were indexed below
/// `/srv/town2` with `--keypoints 20`.
@Suite("Collections without labels") struct LabelsMigrationTests {
    private func withCollection(_ body: (String) async throws -> Void) async throws {
        try await TownGallery.withFolder { folder in
            let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "Fixtures/collection-version-2")
            let path = folder.appendingPathComponent("old")
            try FileManager.default.copyItem(at: source, to: path)
            try await body(path.path)
        }
    }

    @Test("One opens with all images unlabelled and where their photos say, and takes labels")
    func opening() async throws {
        try await withCollection { path in
            let before = try DatabaseQueue(path: path + "/collection.sqlite")
            let steps = try await before.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM grdb_migrations") }
            #expect(steps == 2)
            try before.close()
            let gallery = try Gallery.open(at: path)
            let snapshot = try gallery.collection.snapshot()
            #expect(try snapshot.imageCount == 3 && snapshot.labels().isEmpty && snapshot.landmarks().isEmpty)
            let located = try #require(try snapshot.imageID(atPath: "/srv/town2/located.jpg"))
            let place = try #require(try snapshot.place(of: located))
            #expect(abs(place.latitude + 33.8569) < 1e-4 && abs(place.longitude - 151.2151) < 1e-4)
            let statistics = try gallery.collection.statistics()
            #expect(statistics.locatedImages == 1 && statistics.labels == 0 && statistics.images == 3)

            var changes = LabelChanges(source: .hand)
            for file in try snapshot.files(atOrBelow: "/srv/town2") {
                try changes.set(.landmark("Town"), for: file.image)
            }
            #expect(try await gallery.collection.apply(changes).labelled == 3)
            let landmark = try gallery.collection.snapshot().landmarks()
            #expect(landmark.map(\.imageCount) == [3] && landmark[0].place == place)
            #expect(try gallery.collection.checkIntegrity(deep: true).isEmpty)
            try await gallery.collection.remove(["/srv/town2"])
            #expect(try gallery.collection.snapshot().labels().isEmpty)
        }
    }

    @Test("One that is being written is refused with what to do, and left as it is")
    func beingWritten() async throws {
        try await withCollection { path in
            let lock = try WriterLock(layout: CollectionLayout(root: path))
            let error = #expect(throws: CollectionError.self) { try ImageCollection.open(at: path) }
            #expect(error?.kind == .unsupported && error?.message.contains("index once") == true)
            withExtendedLifetime(lock) {}
        }
    }
}
