import CairnCore
import Foundation
import Testing

@testable import Cairn

@Suite("Images by name") struct LabelsLookupTests {
    @Test("Paths, file names and names without suffix are found; what may be two images is not guessed")
    func finding() async throws {
        let fixture = try CollectionFixture()
        for (content, name) in [
            ("one", "a/one.jpg"), ("two", "a/same.jpg"), ("three", "b/same.jpg"), ("four", "b/copy.jpg"),
            ("four", "c/copy.jpg"), ("five", "c/stem.png"), ("six", "c/stem"), ("seven", "c/dot.ted.jpg"),
        ] { try fixture.write(content, to: name) }
        let collection = try fixture.collection()
        _ = try await collection.index([fixture.photos], options: CollectionFixture.options, analyzer: ByteAnalyzer())
        let snapshot = try collection.snapshot()
        func id(_ name: String) throws -> ImageLookup {
            .found(try #require(try snapshot.imageID(atPath: fixture.path(name))))
        }
        let expected: [(String, ImageLookup)] = [
            (fixture.path("a/one.jpg"), try id("a/one.jpg")), ("a/one.jpg", try id("a/one.jpg")),
            ("./b/../a/one.jpg", try id("a/one.jpg")), ("one.jpg", try id("a/one.jpg")), ("one", try id("a/one.jpg")),
            ("same.jpg", .ambiguous(fixture.path("a/same.jpg"), fixture.path("b/same.jpg"))),
            ("same", .ambiguous(fixture.path("a/same.jpg"), fixture.path("b/same.jpg"))),
            ("copy.jpg", try id("b/copy.jpg")), ("stem", try id("c/stem")), ("stem.png", try id("c/stem.png")),
            ("dot.ted", try id("c/dot.ted.jpg")), ("dot", .missing), ("", .missing), ("x/one.jpg", .missing),
            ("a", .missing), (fixture.path("a"), .missing), ("'; DROP TABLE image; --", .missing),
        ]
        let found = try snapshot.find(expected.map(\.0), relativeTo: fixture.photos)
        for (index, (text, lookup)) in expected.enumerated() { #expect(found[index] == lookup, "\(text)") }
        #expect(try snapshot.files(atOrBelow: fixture.path("c")).count == 4)
        #expect(try snapshot.files(atOrBelow: fixture.path("c/stem")).map(\.path) == [fixture.path("c/stem")])
        #expect(try snapshot.files(atOrBelow: fixture.path("d")).isEmpty)
    }
}
