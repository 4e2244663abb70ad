import CairnCore
import CairnFeatures
import CairnIndex
import Foundation
import Testing

@testable import Cairn

@Suite("Collections with several extractors", .serialized)
struct SeveralExtractorsTests {
    private func names(_ answer: SearchAnswer) -> [String] {
        answer.results.map { URL(fileURLWithPath: $0.image).deletingLastPathComponent().lastPathComponent }
    }

    @Test("Global descriptors alone: ranked by the cosine that comparing every pair gives")
    func globalAlone() async throws {
        try await TownGallery.withFolder { folder in
            let histogram = ColorHistogram()
            let (photos, made) = try await TownGallery.make(in: folder, extractors: ExtractorSet(globals: [histogram]))
            let gallery = try Gallery.open(at: made.collection.path, provider: FakeProvider())
            #expect(try gallery.collection.checkIntegrity(deep: true).isEmpty)
            let searcher = try gallery.searcher()
            #expect(searcher.strategy == .global && searcher.snapshot.imageCount == 33)
            let query = try TownGallery.query(2, in: folder)
            let answer = try await searcher.search(contentsOf: query.path, limit: 100)
            #expect(answer.strategy == .global && answer.results.count == 33)

            let own = try histogram.descriptor(of: ExtractionPhoto(contentsOf: query.path, for: histogram.input))
            for result in answer.results {
                let photo = try ExtractionPhoto(contentsOf: result.image, for: histogram.input)
                let cosine = zip(own, try histogram.descriptor(of: photo)).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(result.score - cosine) < 1e-5 && result.stages["global"] == Double(result.score))
                #expect(result.inliers == 0 && result.stages["asmk"] == nil && result.stages["matches"] == nil)
            }
            #expect(zip(answer.results, answer.results.dropFirst()).allSatisfy { $0.score >= $1.score })

            let inside = photos.appendingPathComponent("\(query.name)/view00.jpg").path
            let id = try #require(try searcher.snapshot.imageID(atPath: inside))
            #expect(try await searcher.search(contentsOf: inside).results.first?.id == id)
            let without = try await searcher.search(contentsOf: inside, limit: 100, excluding: id)
            #expect(without.results.count == 32 && !without.results.contains { $0.id == id })

            try await gallery.collection.remove([inside])
            let after = try await gallery.searcher().search(contentsOf: inside, limit: 100)
            #expect(after.results.count == 32 && !after.results.contains { $0.image == inside })
            #expect(try gallery.collection.checkIntegrity(deep: true).isEmpty)
        }
    }

    @Test("Fused: verified images first by inliers, the rest by global similarity, and both lists are heard")
    func fused() async throws {
        try await TownGallery.withFolder { folder in
            let extractors = try ExtractorSet(
                local: RootSIFTExtractor(configuration: .fast), globals: [ColorHistogram()])
            let (_, gallery) = try await TownGallery.make(in: folder, extractors: extractors)
            let searcher = try gallery.searcher()
            #expect(searcher.strategy == .fused)
            for landmark in 0..<TownGallery.landmarks {
                let query = try TownGallery.query(landmark, in: folder)
                let answer = try await searcher.search(contentsOf: query.path, limit: 100)
                #expect(names(answer).first == query.name)
                let isVerified = answer.results.map { $0.inliers >= 10 || $0.via != nil }
                let head = isVerified.prefix { $0 }.count
                #expect(head > 0 && !isVerified[head...].contains(true))
                #expect(answer.results.count == 33, "every image has a similarity")
                let tail = answer.results[head...].compactMap { $0.stages["global"] }
                #expect(tail.count == 33 - head && tail == tail.sorted(by: >))
                #expect(answer.results[..<head].allSatisfy { $0.score >= 1 })
                #expect(answer.results[head...].allSatisfy { $0.score < 1 })
                #expect(answer.results.contains { $0.stages["local_rank"] != nil && $0.stages["global_rank"] != nil })
            }
        }
    }

    @Test("Each strategy goes by its own evidence")
    func strategies() async throws {
        try await TownGallery.withFolder { folder in
            let extractors = try ExtractorSet(
                local: RootSIFTExtractor(configuration: .fast), globals: [ColorHistogram()])
            let (_, gallery) = try await TownGallery.make(in: folder, extractors: extractors)
            let query = try TownGallery.query(1, in: folder)
            func answer(_ strategy: SearchStrategy?, _ change: (inout SearchConfiguration) -> Void = { _ in })
                async throws -> SearchAnswer
            {
                var configuration = SearchConfiguration.standard
                configuration.strategy = strategy
                change(&configuration)
                return try await gallery.searcher(configuration: configuration).search(
                    contentsOf: query.path, limit: 100)
            }
            let local = try await answer(.local)
            #expect(local.results.allSatisfy { $0.stages["global"] == nil && $0.stages["asmk"] != nil })
            let global = try await answer(.global)
            #expect(global.results.allSatisfy { $0.stages["asmk"] == nil && $0.stages["inliers"] == nil })
            let verified = try await answer(.globalVerified) { $0.globalShortlist = 3 }
            #expect(verified.results.filter { $0.stages["matches"] != nil }.count == 3)
            let three = Set(global.results.prefix(3).map(\.id))
            #expect(verified.results.allSatisfy { three.contains($0.id) == ($0.stages["matches"] != nil) })
            #expect(verified.results.allSatisfy { $0.via == nil && $0.stages["asmk"] == nil })

            // With the local list cut to one image, what the global one proposes is verified all the same.
            let fused = try await answer(.fused) { $0.shortlist = 1 }
            #expect(fused.results.filter { $0.stages["local_rank"] != nil }.count == 1)
            #expect(fused.results.filter { $0.stages["matches"] != nil }.count > 1)
            #expect(try await answer(nil) { $0.shortlist = 0 }.strategy == .global)

            let data = try JSONEncoder().encode(try await answer(nil))
            let keys = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]).keys
            #expect(Set(keys) == ["query", "strategy", "results", "timings_ms"])
            #expect(try JSONDecoder().decode(SearchAnswer.self, from: data).strategy == .fused)
            #expect(
                String(decoding: try JSONEncoder().encode(SearchStrategy.globalVerified), as: UTF8.self)
                    == #""global+verify""#)
        }
    }

    @Test("Several global models: the similarity is the weighted mean of theirs")
    func severalModels() async throws {
        try await TownGallery.withFolder { folder in
            var whole = ColorHistogram(name: "whole", digest: "whole-1")
            whole.isDivided = false
            let extractors = try ExtractorSet(globals: [ColorHistogram(), whole])
            let (_, gallery) = try await TownGallery.make(in: folder, extractors: extractors)
            let query = try TownGallery.query(4, in: folder)
            let cases: [(weights: [String: Float], share: Double)] = [
                ([:], 0.5), (["colors": 3], 0.75), (["colors": 0], 0),
            ]
            for (weights, share) in cases {
                var configuration = SearchConfiguration.standard
                configuration.globalWeights = weights
                let answer = try await gallery.searcher(configuration: configuration).search(
                    contentsOf: query.path, limit: 100)
                #expect(answer.results.count == 33)
                for result in answer.results {
                    let (first, second) = (result.stages["global.colors"] ?? 9, result.stages["global.whole"] ?? 9)
                    #expect(abs(Double(result.score) - share * first - (1 - share) * second) < 1e-5)
                }
            }
            var unknown = SearchConfiguration.standard
            unknown.globalWeights = ["resnet": 1]
            let error = #expect(throws: CollectionError.self) { try gallery.searcher(configuration: unknown) }
            #expect(error?.message.contains("resnet") == true)
        }
    }

    @Test("A learned local extractor's vocabulary is learned from the first photos, and kept")
    func learnedLocal() async throws {
        try await TownGallery.withFolder { folder in
            let extractors = try ExtractorSet(local: HalvedSIFT())
            let (photos, gallery) = try await TownGallery.make(in: folder, extractors: extractors)
            let vocabulary = try #require(gallery.analyzer.vocabulary)
            #expect(vocabulary.dimensions == 64 && vocabulary.count >= 64)
            #expect(vocabulary.count.nonzeroBitCount == 1, "\(vocabulary.count) words")
            let again = try Gallery.open(at: gallery.collection.path, provider: FakeProvider())
            #expect(again.analyzer.vocabulary?.fingerprint == vocabulary.fingerprint)
            #expect(again.analyzer.extractors == gallery.analyzer.extractors)
            #expect(try await again.index([photos.path]).unchanged == 33)
            #expect(try again.collection.checkIntegrity(deep: true).isEmpty)

            let searcher = try again.searcher()
            #expect(searcher.strategy == .local && searcher.verification.verifier.configuration == .learned)
            var right = 0
            for landmark in 0..<TownGallery.landmarks {
                let query = try TownGallery.query(landmark, in: folder)
                let answer = try await searcher.search(contentsOf: query.path, limit: TownGallery.views)
                right += names(answer).filter { $0 == query.name }.count
                #expect(names(answer).first == query.name)
                #expect(answer.results.first?.inliers ?? 0 >= 10)
            }
            #expect(Double(right) >= 0.8 * Double(TownGallery.landmarks * TownGallery.views), "\(right)")
        }
    }

    @Test("A vocabulary learned by a run that was stopped is taken up again; another extractor's is not")
    func learnedAgain() async throws {
        try await TownGallery.withFolder { folder in
            let (photos, done) = try await TownGallery.make(in: folder, extractors: ExtractorSet(local: HalvedSIFT()))
            let words = try #require(done.analyzer.vocabulary)
            for (digest, isTaken) in [("halved-1", true), ("halved-2", false)] {
                let path = folder.appendingPathComponent("stopped-\(digest)").path
                let extractors = try ExtractorSet(local: HalvedSIFT(digest: digest))
                _ = try Gallery.openOrCreate(at: path, extractors: extractors)
                try words.write(to: path + "/vocabulary.cairnvoc")
                let gallery = try Gallery.openOrCreate(at: path, extractors: extractors)
                #expect((gallery.analyzer.vocabulary?.fingerprint == words.fingerprint) == isTaken)
                // Fewer photos than before, so that learning again gives other words.
                var learning = VocabularyLearning()
                learning.photos = 5
                _ = try await gallery.index([photos.path], learning: learning)
                #expect((gallery.analyzer.vocabulary?.fingerprint == words.fingerprint) == isTaken)
            }
        }
    }

    @Test("A missing model is named, with what to do; a changed one is refused")
    func missingModels() async throws {
        try await TownGallery.withFolder { folder in
            let extractors = try ExtractorSet(local: HalvedSIFT(), globals: [ColorHistogram()])
            let (_, gallery) = try await TownGallery.make(in: folder, extractors: extractors)
            let path = gallery.collection.path
            let missing = #expect(throws: FeatureError.self) { try Gallery.open(at: path) }
            #expect(missing?.kind == .notFound && missing?.message.contains("cairn models add") == true)
            #expect(missing?.message.contains("halved") == true)
            let changed = #expect(throws: CollectionError.self) {
                try Gallery.open(at: path, provider: FakeProvider(halved: HalvedSIFT(digest: "halved-2")))
            }
            #expect(changed?.kind == .unsupported && changed?.message.contains("halved-2") == true)
            for other in [
                try ExtractorSet(local: HalvedSIFT()), try ExtractorSet(globals: [ColorHistogram()]),
                try ExtractorSet(rootSIFT: .standard),
                try ExtractorSet(local: HalvedSIFT(), globals: [ColorHistogram(digest: "colors-2")]),
            ] {
                let error = #expect(throws: CollectionError.self) {
                    try Gallery.openOrCreate(at: path, extractors: other)
                }
                #expect(error?.kind == .invalidArgument && error?.message.contains("new collection") == true)
            }
            #expect(try Gallery.openOrCreate(at: path, extractors: extractors).searcher().strategy == .fused)
        }
    }

    @Test("A strategy that needs what the collection lacks is refused")
    func unfitStrategies() async throws {
        try await TownGallery.withFolder { folder in
            let global = try Gallery.openOrCreate(
                at: folder.appendingPathComponent("g").path, extractors: ExtractorSet(globals: [ColorHistogram()]))
            let local = try Gallery.openOrCreate(at: folder.appendingPathComponent("l").path)
            for (gallery, fit) in [(global, [SearchStrategy.global]), (local, [.local])] {
                for strategy in SearchStrategy.allCases {
                    var configuration = SearchConfiguration.standard
                    configuration.strategy = strategy
                    if fit.contains(strategy) {
                        _ = try gallery.searcher(configuration: configuration)
                    } else {
                        let error = #expect(throws: CollectionError.self) {
                            try gallery.searcher(configuration: configuration)
                        }
                        #expect(error?.kind == .invalidArgument && error?.message.contains(strategy.rawValue) == true)
                    }
                }
            }
        }
    }

    @Test("A set needs an extractor, and has each once")
    func impossibleSets() throws {
        #expect(throws: CollectionError.self) { try ExtractorSet() }
        #expect(throws: CollectionError.self) { try ExtractorSet(globals: [ColorHistogram(), ColorHistogram()]) }
    }

    @Test("A model that gives no unit vector makes a reported failure, not a stored one")
    func badModel() async throws {
        struct Zero: GlobalDescriptorExtractor {
            let name = "zero"
            let digest = "0"
            let configurationJSON = "{}"
            let dimensions = 8
            let input = ExtractionInput(channels: .rgb, longSide: 64)
            func descriptor(of photo: ExtractionPhoto) throws -> [Float] { [Float](repeating: .nan, count: 8) }
        }
        try await TownGallery.withFolder { folder in
            let query = try TownGallery.query(0, in: folder)
            let gallery = try Gallery.openOrCreate(
                at: folder.appendingPathComponent("c").path, extractors: ExtractorSet(globals: [Zero()]))
            let report = try await gallery.index([query.path])
            #expect(report.added == 0 && report.failures.first?.reason.contains("zero") == true)
        }
    }

    @Test(
        "The number of words leaves 16 descriptors for each",
        arguments: [
            (0, 0), (1, 1), (31, 1), (32, 2), (1_024, 64), (200_000, 8_192), (300_000, 16_384), (9_999_999, 16_384),
        ])
    func wordCounts(descriptors: Int, words: Int) {
        #expect(VocabularyLearning().words(for: descriptors) == words)
    }

    @Test("The photos to learn from are drawn evenly, and the same each time")
    func sampling() throws {
        let fixture = try CollectionFixture()
        for i in 0..<200 { try fixture.write("x", to: "\(i % 7)/\(1_000 + i)") }
        var learning = VocabularyLearning()
        learning.photos = 50
        let chosen = learning.sample(below: [fixture.photos], excluding: fixture.store) { false }
        #expect(chosen.count == 50 && Set(chosen).count == 50)
        #expect(chosen == learning.sample(below: [fixture.photos], excluding: fixture.store) { false })
        let folders = Dictionary(grouping: chosen) { FilePaths.parent(of: $0) }
        #expect(folders.count == 7 && folders.values.allSatisfy { (2...14).contains($0.count) })
        learning.photos = 500
        #expect(learning.sample(below: [fixture.photos], excluding: fixture.store) { false }.count == 200)
    }
}
