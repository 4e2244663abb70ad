import CairnCore
import CairnFeatures
import CairnIndex
import Foundation
import Testing

@testable import Cairn

@Suite("Searching a collection", .serialized)
struct SearcherTests {
    private func folderName(_ path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().lastPathComponent
    }

    @Test("the views of the landmark that a new view shows come first, verified")
    func findsTheLandmark() async throws {
        try await TownGallery.withFolder { folder in
            let (_, gallery) = try await TownGallery.make(in: folder)
            let searcher = try gallery.searcher()
            var (right, verified) = (0, 0)
            for landmark in 0..<TownGallery.landmarks {
                let query = try TownGallery.query(landmark, in: folder)
                let answer = try await searcher.search(contentsOf: query.path, limit: TownGallery.views)
                let hits = answer.results.filter { folderName($0.image) == query.name }
                right += hits.count
                verified += hits.filter { $0.inliers >= searcher.configuration.verifiedInliers || $0.via != nil }.count
                #expect(answer.results.first.map { folderName($0.image) } == query.name)
                #expect(answer.results.map(\.rank) == Array(1...answer.results.count))
                #expect(zip(answer.results, answer.results.dropFirst()).allSatisfy { $0.score >= $1.score })
            }
            let all = TownGallery.landmarks * TownGallery.views
            #expect(Double(right) >= 0.9 * Double(all), "\(right) of \(all)")
            #expect(Double(verified) >= 0.8 * Double(all), "\(verified) of \(all)")
        }
    }

    @Test("results do not depend on the number of threads")
    func threadsDoNotMatter() async throws {
        try await TownGallery.withFolder { folder in
            let (_, gallery) = try await TownGallery.make(in: folder)
            let query = try TownGallery.query(1, in: folder)
            var listings: [[String]] = []
            for threads in [1, 2, 5] {
                var configuration = SearchConfiguration.standard
                configuration.threads = threads
                let answer = try await gallery.searcher(configuration: configuration).search(contentsOf: query.path)
                listings.append(
                    answer.results.map { result in
                        let stages = result.stages.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                        return "\(result.image) \(result.score) \(stages) \(result.via ?? "")"
                    })
            }
            #expect(!listings[0].isEmpty)
            #expect(listings[0] == listings[1])
            #expect(listings[0] == listings[2])
        }
    }

    @Test("a photo of the collection finds itself, with every keypoint, unless it is left out")
    func findsItself() async throws {
        try await TownGallery.withFolder { folder in
            let (photos, gallery) = try await TownGallery.make(in: folder)
            let searcher = try gallery.searcher()
            let names = try FileManager.default.contentsOfDirectory(atPath: photos.path).filter { !$0.hasPrefix("_") }
            let path = photos.appendingPathComponent("\(try #require(names.min()))/view00.jpg").path
            let id = try #require(try searcher.snapshot.imageID(atPath: path))
            let keypoints = try #require(try searcher.snapshot.image(id)).keypointCount

            let first = try #require(try await searcher.search(contentsOf: path).results.first)
            #expect(first.image == path)
            // Keypoints with several directions count once.
            #expect(first.inliers > keypoints / 2)
            let without = try await searcher.search(contentsOf: path, excluding: id)
            #expect(!without.results.contains { $0.image == path })
            #expect(!without.results.isEmpty)
        }
    }

    @Test("a removed image is not found again, by way of others neither")
    func removedImages() async throws {
        try await TownGallery.withFolder { folder in
            let (_, gallery) = try await TownGallery.make(in: folder)
            let query = try TownGallery.query(2, in: folder)
            let before = try await gallery.searcher().search(contentsOf: query.path)
            let gone = try #require(before.results.first).image
            try await gallery.collection.remove([gone])
            let after = try await gallery.searcher().search(contentsOf: query.path)
            #expect(!after.results.contains { $0.image == gone || $0.via == gone })
            #expect(after.results.first.map { folderName($0.image) } == query.name)
        }
    }

    @Test("nearest-descriptor voting finds the landmark too, and its collection keeps the setting")
    func voting() async throws {
        try await TownGallery.withFolder { folder in
            let (_, gallery) = try await TownGallery.make(in: folder, configuration: .nearestDescriptorVoting)
            let query = try TownGallery.query(3, in: folder)
            let again = try Gallery.open(at: gallery.collection.path)
            #expect(again.analyzer.configuration == .nearestDescriptorVoting)
            let answer = try await again.searcher(configuration: .unverified).search(contentsOf: query.path, limit: 4)
            #expect(answer.results.first.map { folderName($0.image) } == query.name)
            #expect(answer.results.first?.stages["votes"] ?? 0 > 10)

            // A photo of the collection takes all votes for itself, unless it is left out.
            let photo = try #require(answer.results.first).image
            let searcher = try again.searcher()
            let id = try #require(try searcher.snapshot.imageID(atPath: photo))
            let others = try await searcher.search(contentsOf: photo, limit: 3, excluding: id)
            #expect(others.results.first.map { folderName($0.image) } == query.name)
        }
    }

    @Test("an expansion ranks below the image that led to it, and says which that was")
    func expansion() async throws {
        try await TownGallery.withFolder { folder in
            let (_, gallery) = try await TownGallery.make(in: folder)
            // With a single image verified directly, everything else has to come by way of it.
            var configuration = SearchConfiguration.standard
            configuration.shortlist = 1
            let query = try TownGallery.query(0, in: folder)
            let answer = try await gallery.searcher(configuration: configuration).search(contentsOf: query.path)
            let first = try #require(answer.results.first)
            let indirect = answer.results.filter { $0.via != nil }
            #expect(!indirect.isEmpty)
            for result in indirect {
                #expect(result.via == first.image)
                #expect(result.score < Float(first.inliers))
                #expect(result.stages["expansion"] != nil)
            }
        }
    }

    @Test("other settings than the collection's are refused, with what to do")
    func otherSettings() async throws {
        try await TownGallery.withFolder { folder in
            let (_, gallery) = try await TownGallery.make(in: folder)
            var other = LocalFeatureConfiguration.standard
            other.sift.maximumKeypoints = 123
            let error = #expect(throws: CollectionError.self) {
                try Gallery.openOrCreate(at: gallery.collection.path, configuration: other)
            }
            #expect(error?.kind == .invalidArgument)
            #expect(error?.message.contains("new collection") == true)
            let words = try Vocabulary(words: [UInt8](repeating: 1, count: 128 * 4), dimensions: 128)
            #expect(throws: CollectionError.self) {
                try Gallery.openOrCreate(at: gallery.collection.path, vocabulary: words)
            }
        }
    }

    @Test("an empty collection answers with nothing")
    func emptyCollection() async throws {
        try await TownGallery.withFolder { folder in
            let gallery = try Gallery.openOrCreate(at: folder.appendingPathComponent("c").path)
            let query = try TownGallery.query(0, in: folder)
            #expect(try await gallery.searcher().search(contentsOf: query.path).results.isEmpty)
        }
    }
}
