import CairnCore
import CairnImaging
import Foundation
import GRDB
import Testing

@testable import Cairn

@Suite("Labels") struct LabelsTests {
    private func indexed(_ count: Int, _ fixture: CollectionFixture, fault: FaultHook? = nil) async throws
        -> ImageCollection
    {
        for i in 0..<count { try fixture.write("photo \(i)", to: "\(i % 2)/\(100 + i).jpg") }
        _ = try await fixture.collection().index(
            [fixture.photos], options: CollectionFixture.options, analyzer: ByteAnalyzer())
        return try fixture.collection(fault: fault)
    }

    private func position(_ latitude: Double, _ longitude: Double) throws -> GPSPosition {
        try #require(GPSPosition(latitude: latitude, longitude: longitude))
    }

    @Test("Labels, non-landmarks and unlabelled images are told apart, one by one and all together")
    func reading() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(5, fixture)
        let before = try collection.snapshot()
        #expect(try before.labels().isEmpty && before.landmarks().isEmpty)
        var changes = LabelChanges(source: .csv)
        try changes.set(.landmark("Old Bridge"), for: ImageID(1))
        try changes.set(.landmark("Old Bridge"), for: ImageID(2))
        try changes.set(.landmark("Abbey"), for: ImageID(3))
        try changes.set(.nonLandmark, for: ImageID(4))
        let report = try await collection.apply(changes)
        #expect(report == LabelReport(labelled: 3, nonLandmarks: 1))

        let snapshot = try collection.snapshot()
        let expected: [ImageID: ImageLabel] = [
            ImageID(1): .landmark("Old Bridge"), ImageID(2): .landmark("Old Bridge"), ImageID(3): .landmark("Abbey"),
            ImageID(4): .nonLandmark,
        ]
        #expect(try snapshot.labels() == expected)
        for number: UInt32 in 1...5 {
            #expect(try snapshot.label(of: ImageID(number)) == expected[ImageID(number)])
        }
        #expect(try snapshot.image(ImageID(4))?.labelSource == .csv)
        #expect(try snapshot.image(ImageID(5))?.labelSource == nil)
        #expect(try snapshot.landmarks().map(\.name) == ["Abbey", "Old Bridge"])
        #expect(try snapshot.landmarks().map(\.imageCount) == [1, 2])
        #expect(try before.labels().isEmpty, "a snapshot made before does not change")
        #expect(try collection.checkIntegrity(deep: true).isEmpty)

        let statistics = try collection.statistics()
        #expect(statistics.labels == 2 && statistics.labelledImages == 3 && statistics.nonLandmarkImages == 1)
        #expect(statistics.locatedImages == 0, "the photos have latitudes alone")
    }

    @Test("A label is replaced, kept or taken away; a name that no image has is forgotten")
    func changing() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(3, fixture)
        var first = LabelChanges(source: .folder)
        for number: UInt32 in 1...3 { try first.set(.landmark("A"), for: ImageID(number)) }
        try await collection.apply(first)
        var second = LabelChanges(source: .hand)
        try second.set(.landmark("A"), for: ImageID(1))
        try second.set(.landmark("B"), for: ImageID(2))
        try second.set(nil, for: ImageID(3))
        #expect(try await collection.apply(second) == LabelReport(labelled: 1, unchanged: 1, cleared: 1))
        let snapshot = try collection.snapshot()
        #expect(try snapshot.labels() == [ImageID(1): .landmark("A"), ImageID(2): .landmark("B")])
        #expect(
            try snapshot.image(ImageID(1))?.labelSource == .folder && snapshot.image(ImageID(2))?.labelSource == .hand)

        var all = LabelChanges(source: .hand)
        all.clearsAllLabels = true
        try all.set(.nonLandmark, for: ImageID(2))
        #expect(try await collection.apply(all) == LabelReport(nonLandmarks: 1, cleared: 2))
        #expect(try collection.snapshot().labels() == [ImageID(2): .nonLandmark])
        #expect(try collection.snapshot().landmarks().isEmpty)
        let rows = try collection.snapshot().read { try Int.fetchOne($0, sql: "SELECT count(*) FROM label") }
        #expect(rows == 0)
    }

    @Test("A label stays with its content through moves and runs, and goes with it")
    func lifetime() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(4, fixture)
        var changes = LabelChanges(source: .hand)
        for number: UInt32 in 1...4 {
            try changes.set(.landmark("L\(number)"), for: ImageID(number))
            changes.set(place: try position(Double(number), 7), for: ImageID(number))
        }
        try await collection.apply(changes)
        let path = { (image: UInt32) in try #require(try collection.snapshot().image(ImageID(image))?.paths.first) }
        let name = { (path: String) in String(path.dropFirst(fixture.photos.count + 1)) }
        let (moved, changed) = (name(try path(1)), name(try path(2)))
        try fixture.move(moved, to: "moved.jpg")
        try fixture.write("another content", to: changed)
        var options = CollectionFixture.options
        options.prune = true
        _ = try await collection.index([fixture.photos], options: options, analyzer: ByteAnalyzer())
        let after = try collection.snapshot()
        #expect(try after.imageID(atPath: fixture.path("moved.jpg")) == ImageID(1))
        #expect(try after.label(of: ImageID(1)) == .landmark("L1"))
        let replaced = try #require(try after.imageID(atPath: fixture.path(changed)))
        #expect(try after.label(of: replaced) == nil && replaced != ImageID(2))
        #expect(try Set(after.labels().keys) == [ImageID(1), ImageID(3), ImageID(4)])

        try await collection.remove([try path(3)])
        let final = try collection.snapshot()
        #expect(try Set(final.labels().keys) == [ImageID(1), ImageID(4)])
        #expect(try final.landmarks().map(\.name) == ["L1", "L4"])
        let places = try final.read {
            try UInt32.fetchAll($0, sql: "SELECT image_id FROM image_place ORDER BY image_id")
        }
        #expect(places == [1, 4])
        #expect(try collection.checkIntegrity(deep: true).isEmpty)
    }

    @Test("A given place counts before the photo's own, which stays readable")
    func places() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(4, fixture)
        let database = try DatabaseQueue(path: fixture.store + "/collection.sqlite")
        try await database.write { try $0.execute(sql: "UPDATE image SET latitude = 10, longitude = 20 WHERE id <= 2") }
        try database.close()
        var changes = LabelChanges(source: .csv)
        changes.set(place: try position(-33.5, 151.25), for: ImageID(2))
        changes.set(place: try position(1, 2), for: ImageID(3))
        #expect(try await collection.apply(changes) == LabelReport(places: 2))
        #expect(try await collection.apply(changes) == LabelReport(), "the same places are no change")
        let snapshot = try collection.snapshot()
        let found = try (1...4).map { try snapshot.place(of: ImageID($0)) }
        #expect(found == [try position(10, 20), try position(-33.5, 151.25), try position(1, 2), nil])
        let second = try #require(try snapshot.image(ImageID(2)))
        #expect(second.latitude == 10 && second.longitude == 20 && second.placeSource == .csv && second.label == nil)
        #expect(try collection.statistics().locatedImages == 3)
        var back = LabelChanges(source: .hand)
        back.set(place: nil, for: ImageID(2))
        #expect(try await collection.apply(back) == LabelReport(clearedPlaces: 1))
        #expect(try collection.snapshot().place(of: ImageID(2)) == position(10, 20))
    }

    @Test("A landmark lies where it was said to, else in the middle of its images, whatever one of them says")
    func landmarkPlaces() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(6, fixture)
        var changes = LabelChanges(source: .csv)
        let places = [(48.0, 2.0), (48.2, 2.1), (48.1, 2.3), (0.0, 0.0), (47.9, 2.2)]
        for (index, place) in places.enumerated() {
            try changes.set(.landmark("Tower"), for: ImageID(UInt32(index + 1)))
            changes.set(place: try position(place.0, place.1), for: ImageID(UInt32(index + 1)))
        }
        try changes.set(.landmark("7"), for: ImageID(6))
        try changes.describe(landmark: "7", title: "The seventh")
        #expect(try await collection.apply(changes).landmarks == 1)
        let landmarks = try collection.snapshot().landmarks()
        #expect(landmarks.map(\.place) == [nil, try position(48, 2.1)])
        #expect(landmarks.map(\.isPlaceGiven) == [false, false] && landmarks[0].title == "The seventh")
        var given = LabelChanges(source: .csv)
        try given.describe(landmark: "7", note: "a note", place: try position(5, 6))
        try await collection.apply(given)
        let seventh = try collection.snapshot().landmarks()[0]
        #expect(
            seventh
                == LandmarkSummary(
                    name: "7", title: "The seventh", note: "a note", imageCount: 1, place: try position(5, 6),
                    isPlaceGiven: true))
        // Something is known of it: it stays when its image goes.
        var cleared = LabelChanges(source: .hand)
        cleared.clearsAllLabels = true
        try await collection.apply(cleared)
        #expect(try collection.snapshot().landmarks().map(\.name) == ["7"])
        #expect(try collection.statistics().labels == 0)
    }

    @Test("The median of positions goes round the Earth")
    func median() throws {
        let cases: [([(Double, Double)], (Double, Double))] = [
            ([(0, 179), (2, -179)], (1, 180)), ([(0, 179), (0, -179), (0, -178)], (0, -179)), ([(10, 20)], (10, 20)),
            ([(0, -10), (0, 10), (0, 30), (0, 170)], (0, 20)), ([(1, 5), (3, 5), (90, 5)], (3, 5)),
        ]
        for (positions, expected) in cases {
            let found = GPSPosition.median(of: try positions.map { try position($0.0, $0.1) })
            #expect(found == (try position(expected.0, expected.1)))
        }
        #expect(GPSPosition.median(of: []) == nil)
    }

    @Test("Nothing is changed when one image or landmark is unknown, or the writer is stopped")
    func allOrNothing() async throws {
        struct Stop: Error {}
        let fixture = try CollectionFixture()
        let collection = try await indexed(3, fixture)
        var changes = LabelChanges(source: .csv)
        try changes.set(.landmark("A"), for: ImageID(1))
        var unknown = changes
        try unknown.set(.landmark("B"), for: ImageID(99))
        var undescribed = changes
        try undescribed.describe(landmark: "nobody's", title: "x")
        let right = changes
        let wrong = (unknown, undescribed)
        let error = await #expect(throws: CollectionError.self) { try await collection.apply(wrong.0) }
        #expect(error?.kind == .notFound && error?.message.contains("image 99") == true)
        let other = await #expect(throws: CollectionError.self) { try await collection.apply(wrong.1) }
        #expect(other?.kind == .notFound && other?.message.contains("nobody's") == true)
        let stopped = try fixture.collection { if $0 == .beforeCommit { throw Stop() } }
        await #expect(throws: Stop.self) { try await stopped.apply(right) }
        #expect(try collection.snapshot().labels().isEmpty && collection.snapshot().landmarks().isEmpty)
        let after = try fixture.collection { if $0 == .afterCommit { throw Stop() } }
        await #expect(throws: Stop.self) { try await after.apply(right) }
        #expect(try collection.snapshot().labels() == [ImageID(1): .landmark("A")])
    }

    @Test("A second writer is told who is writing")
    func writers() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(3, fixture)
        var changes = LabelChanges(source: .hand)
        try changes.set(.nonLandmark, for: ImageID(1))
        let hand = changes
        do {
            let writer = try CollectionWriter(layout: collection.layout)
            let error = await #expect(throws: CollectionError.self) { try await collection.apply(hand) }
            #expect(error?.kind == .conflict && error?.message.contains("process \(getpid())") == true)
            _ = try await writer.hasFiles(below: "/")
        }
    }

    @Test(
        "A collection that may not be written is left as it is, with a word on permissions", .enabled(if: getuid() != 0)
    )
    func readOnly() async throws {
        let fixture = try CollectionFixture()
        let collection = try await indexed(3, fixture)
        var changes = LabelChanges(source: .hand)
        try changes.set(.nonLandmark, for: ImageID(1))
        let hand = changes
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: fixture.store + "/lock")
        let refused = await #expect(throws: CollectionError.self) { try await collection.apply(hand) }
        #expect(refused?.message.contains("permission") == true)
    }

    @Test(
        "A name that cannot be a label is refused",
        arguments: [
            ("", "it is empty"), ("  ", "it is empty"), ("a\nb", "control character"), ("a\u{7}", "control character"),
            ("a\u{2028}b", "control character"), (String(repeating: "x", count: 1_001), "1001 bytes"),
            (String(repeating: "long ", count: 200_000), "1000000 bytes"),
        ])
    func names(text: String, reason: String) {
        let error = #expect(throws: CollectionError.self) { try ImageLabel(validating: text) }
        #expect(error?.kind == .invalidInput && error?.message.contains(reason) == true)
        #expect((error?.message.utf8.count ?? .max) < 300 && error?.message.contains("\n") == false)
        var changes = LabelChanges(source: .hand)
        #expect(throws: CollectionError.self) { try changes.set(.landmark(text), for: ImageID(1)) }
        #expect(changes.isEmpty)
    }

    @Test("Spaces around a name and the spelling of accents make no difference; _distractor is no landmark")
    func spelling() throws {
        let composed = try ImageLabel.name(validating: "Caf\u{E9}")
        let decomposed = try ImageLabel.name(validating: "  Cafe\u{301} ")
        #expect(Array(composed.utf8) == Array(decomposed.utf8))
        #expect(try ImageLabel(validating: " _distractor") == .nonLandmark)
        #expect(try ImageLabel(validating: String(repeating: "x", count: 1_000)).landmarkName?.count == 1_000)
        var changes = LabelChanges(source: .hand)
        #expect(throws: CollectionError.self) { try changes.set(.landmark("_distractor"), for: ImageID(1)) }
        #expect(throws: CollectionError.self) { try changes.describe(landmark: "a", title: "") }
    }
}
