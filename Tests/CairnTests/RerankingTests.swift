import CairnAlgebra
import CairnCore
import CairnFeatures
import CairnImaging
import CairnRerank
import Foundation
import Testing

@testable import Cairn

@Suite("Searching with re-ranking", .serialized)
struct RerankingTests {
    static let methods = [
        "aqe:n=3", "alphaqe:n=5,alpha=3", "dba:k=3", "dba:k=2;alphaqe:n=4,alpha=3;diffusion:k=6", "diffusion:k=8",
        "kreciprocal:k1=8,k2=3", "discriminative:n=20,k=3,threshold=0.5", "verify:n=20",
        "local-guidance-global-expansion", "alphaqe:n=3;verify:n=12,inliers=8",
    ]

    /// What decides about a result: image, score, and all numbers but those of the inverted file, whose weights of words depend on
    /// the whole collection.
    private func lines(_ answer: SearchAnswer) -> [String] {
        answer.results.map { result in
            let stages = result.stages.filter { $0.key != "asmk" && $0.key != "local_rank" }.sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value)" }
            return "\(result.image) \(result.score) \(stages) \(result.via ?? "")"
        }
    }

    private func searcher(
        _ gallery: Gallery, _ methods: String, _ strategy: SearchStrategy? = .global,
        _ change: (inout SearchConfiguration) -> Void = { _ in }
    ) throws -> Searcher {
        var configuration = SearchConfiguration.standard
        configuration.strategy = strategy
        configuration.reranking = methods
        change(&configuration)
        return try gallery.searcher(configuration: configuration, matchers: FakeMatchers())
    }

    @Test("The ranking is the one that the methods give on the plain arrays", arguments: methods)
    func plainArrays(methods: String) async throws {
        let gallery = try await LabelledTown.gallery()
        let images = try gallery.images()
        try await TownGallery.withFolder { folder in
            let query = try TownGallery.query(2, in: folder).path
            let asked = try searcher(gallery, methods)
            let own = try asked.queryFeatures(contentsOf: query)
            let everything = try searcher(gallery, "", .fused)
            let stored = try images.map { try #require(try everything.storedFeatures(of: $0.id)) }
            let rows = stored.map(\.globalDescriptor)
            let plain = try await RerankingSpecification.parse(methods).prepare(
                RerankingGallery(
                    descriptors: DescriptorMatrix(rows: rows), labels: images.map { $0.label?.landmarkName }))
            let expected = try await plain.rank(
                DescriptorMatrix(rows: [own.globalDescriptor]), limit: images.count,
                evidence: EveryPair(own.local, with: stored))[0]

            let answer = try await asked.search(contentsOf: query, limit: 100)
            #expect(answer.results.map(\.id) == expected.rows.map { images[Int($0)].id })
            #expect(answer.results.map(\.rank) == Array(1...images.count))
            for (place, (result, score)) in zip(answer.results, expected.scores).enumerated() {
                #expect(abs((result.stages["reranked"] ?? .nan) - Double(score)) < 1e-5 * max(1, abs(Double(score))))
                #expect(abs(result.score - (1 - Float(place) / Float(images.count))) < 1e-6)
                let row = try #require(images.firstIndex { $0.id == result.id })
                let cosine = zip(rows[row], own.globalDescriptor)
                    .reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs((result.stages["global"] ?? .nan) - Double(cosine)) < 1e-5, "the plain similarity stays")
            }
            let without = try await searcher(gallery, "").search(contentsOf: query, limit: 100)
            #expect(without.results.map(\.id) != answer.results.map(\.id), "re-ranking changes nothing: a poor test")
            #expect(without.results.allSatisfy { $0.stages["reranked"] == nil })
        }
    }

    @Test(
        "A photo left out of its own search has no say in it: the answer is that of a collection without it",
        arguments: methods + ["match:model=fake,n=4"], [SearchStrategy.global, .fused, .globalVerified])
    func leaveOneOut(methods: String, strategy: SearchStrategy) async throws {
        let gallery = try await LabelledTown.gallery()
        let photo = LabelledTown.photo(1, 2)
        let id = try gallery.id(photo)
        try await LabelledTown.withCopy { copy, _ in
            try await copy.collection.remove([photo])
            let never = try await searcher(copy, methods, strategy).search(contentsOf: photo, limit: 100)
            let left = try await searcher(gallery, methods, strategy).search(
                contentsOf: photo, limit: 100, excluding: id)
            #expect(never.results.count == 32 && !left.results.contains { $0.id == id })
            #expect(lines(left) == lines(never))
        }
    }

    @Test("Images that re-ranking puts first are verified; where nothing verifies, its order counts")
    func strategies() async throws {
        let gallery = try await LabelledTown.gallery()
        try await TownGallery.withFolder { folder in
            let query = try TownGallery.query(4, in: folder).path
            let methods = "dba:k=2;alphaqe:n=4,alpha=3"
            let order = try await searcher(gallery, methods).search(contentsOf: query, limit: 100).results.map(\.id)
            for strategy in [SearchStrategy.fused, .globalVerified] {
                let answer = try await searcher(gallery, methods, strategy) {
                    $0.globalShortlist = 5
                    $0.shortlist = 1
                    $0.expansionSources = 0
                }.search(contentsOf: query, limit: 100)
                let compared = answer.results.filter { $0.stages["matches"] != nil }.map(\.id)
                #expect(Set(compared).isSuperset(of: order.prefix(5)) && compared.count <= 6)
                let isVerified = answer.results.map { $0.inliers >= 10 }
                let head = isVerified.prefix { $0 }.count
                #expect(head > 0 && !isVerified[head...].contains(true))
                let tail = answer.results[head...].map(\.id)
                #expect(tail == order.filter(Set(tail).contains) && answer.results.count == 33)
                #expect(answer.results[head...].allSatisfy { $0.score < 1 })
            }
        }
    }

    @Test("What the inverted file alone proposes stands below all that re-ranking reached")
    func beyondTheList() async throws {
        let gallery = try await LabelledTown.gallery()
        try await TownGallery.withFolder { folder in
            let query = try TownGallery.query(0, in: folder).path
            let answer = try await searcher(gallery, "alphaqe:n=3", .fused) {
                $0.globalShortlist = 3
                $0.verifiedInliers = 1_000_000
                $0.expansionSources = 0
            }.search(contentsOf: query, limit: 5)
            // The list has room for five results.
            #expect(answer.results.allSatisfy { $0.stages["reranked"] != nil && $0.score >= 0.4 })
            #expect(answer.results.compactMap { $0.stages["global_rank"] } == [1, 2, 3, 4, 5])
        }
        var candidates = SearchCandidates()
        candidates.update(ImageID(1)) { $0.globalSimilarity = 0.99 }
        candidates.update(ImageID(2)) { $0.globalSimilarity = -0.5 }
        candidates.add(ImageID(3), reranked: 0.1, globalRank: 40, of: 40)
        candidates.placeOthersBelowReranked()
        #expect(candidates.ranked(by: .fused(verifiedInliers: 10)).map(\.candidate.id.rawValue) == [3, 1, 2])
    }

    @Test("In a large collection too, the first hundred keep their order and stay below one inlier")
    func largeCollections() {
        var candidates = SearchCandidates()
        for rank in 1...100 {
            candidates.add(ImageID(UInt32(1_000 - rank)), reranked: 0.5, globalRank: rank, of: 1_000_000)
        }
        for rule in [RankingRule.global, .fused(verifiedInliers: 10)] {
            let ranked = candidates.ranked(by: rule)
            #expect(ranked.map(\.candidate.globalRank) == Array(1...100))
            #expect(ranked.allSatisfy { $0.score <= 1 })
        }
        #expect(candidates.ranked(by: .fused(verifiedInliers: 10)).allSatisfy { $0.score < 1 })
    }

    @Test("Answers do not depend on the number of threads, nor on queries before")
    func threads() async throws {
        let gallery = try await LabelledTown.gallery()
        for methods in ["dba:k=3;alphaqe:n=5;diffusion:k=6", "kreciprocal", "local-guidance-global-expansion"] {
            var listings: Set<[String]> = []
            for threads in [1, 2, 5] {
                let counted = try searcher(gallery, methods, nil) { $0.threads = threads }
                for _ in 0..<2 {
                    listings.insert(
                        lines(try await counted.search(contentsOf: LabelledTown.photo(3, 1), limit: 100)))
                    _ = try await counted.search(contentsOf: LabelledTown.photo(0, 0), limit: 3)
                }
            }
            #expect(listings.count == 1 && listings.first?.count == 33)
        }
    }

    @Test("Queries at the same time share what is prepared and do not mix")
    func concurrentQueries() async throws {
        let gallery = try await LabelledTown.gallery()
        let photos = (0..<4).map { LabelledTown.photo($0, 0) }
        let shared = try searcher(gallery, "dba:k=3;verify:n=5")
        let together = try await withThrowingTaskGroup(of: (String, [String]).self) { group in
            for photo in photos { group.addTask { (photo, lines(try await shared.search(contentsOf: photo))) } }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for photo in photos {
            let alone = try await searcher(gallery, "dba:k=3;verify:n=5").search(contentsOf: photo)
            #expect(together[photo] == lines(alone))
        }
    }

    @Test("What cannot be is refused with what to do, before anything is searched")
    func refusals() async throws {
        let gallery = try await LabelledTown.gallery()
        try await TownGallery.withFolder { folder in
            func empty(_ name: String, _ extractors: ExtractorSet) throws -> Gallery {
                try Gallery.openOrCreate(at: folder.appendingPathComponent(name).path, extractors: extractors)
            }
            let localOnly = try empty("local", ExtractorSet(rootSIFT: .standard))
            let globalOnly = try empty("global", ExtractorSet(globals: [LabelledTown.histogram]))
            func expect(
                _ gallery: Gallery, _ methods: String, _ strategy: SearchStrategy? = nil, says words: String,
                at location: SourceLocation = #_sourceLocation
            ) {
                do {
                    _ = try searcher(gallery, methods, strategy)
                    Issue.record("\(methods) was accepted", sourceLocation: location)
                } catch {
                    let error = error as? any CairnError
                    #expect(error?.kind == .invalidArgument, sourceLocation: location)
                    #expect(error?.message.contains(words) == true, "\(error as Any)", sourceLocation: location)
                }
            }
            expect(localOnly, "dba", says: "index with a global model too")
            expect(gallery, "dba", .local, says: "the strategy local does without")
            for methods in ["verify", "local-guidance-global-expansion", "dba;verify"] {
                expect(globalOnly, methods, says: "local features, which the collection does not have")
            }
            expect(gallery, "alphaquery", says: "there is no re-ranking method “alphaquery”; there are aqe")
            expect(gallery, "dba:k=0", says: "k")
            expect(gallery, ";", says: "a method is missing")
            // A matcher that finds its own keypoints needs no local features.
            #expect(try searcher(globalOnly, "match:model=fake").strategy == .global)
        }
    }

    @Test("Labels that are not there, matchers that are not at hand: told by the first query")
    func missingMeans() async throws {
        try await LabelledTown.withCopy { copy, _ in
            var changes = LabelChanges(source: .hand)
            changes.clearsAllLabels = true
            _ = try await copy.collection.apply(changes)
            let error = await #expect(throws: RerankError.self) {
                try await searcher(copy, "discriminative").search(contentsOf: LabelledTown.photo(0, 0))
            }
            #expect(error?.kind == .invalidArgument && error?.message.contains("needs labels") == true)
            var configuration = SearchConfiguration.standard
            configuration.reranking = "match:model=fake"
            let alone = try copy.searcher(configuration: configuration)
            let missing = await #expect(throws: CollectionError.self) {
                try await alone.search(contentsOf: LabelledTown.photo(0, 0))
            }
            #expect(missing?.message.contains("no matching networks are at hand") == true)
        }
    }

    @Test("An empty collection has no results, one image is found, and left out there is none")
    func smallCollections() async throws {
        try await TownGallery.withFolder { folder in
            let extractors = try ExtractorSet(local: LabelledTown.local, globals: [LabelledTown.histogram])
            let gallery = try Gallery.openOrCreate(
                at: folder.appendingPathComponent("c").path, extractors: extractors)
            _ = try await LabelledTown.gallery()
            let photo = LabelledTown.photo(0, 0)
            let methods = ["dba;alphaqe;diffusion", "kreciprocal", "verify", "local-guidance-global-expansion"]
            for method in methods {
                #expect(try await searcher(gallery, method).search(contentsOf: photo).results.isEmpty)
            }
            _ = try await gallery.index([photo])
            let id = try gallery.id(photo)
            for method in methods {
                #expect(try await searcher(gallery, method, nil).search(contentsOf: photo).results.map(\.id) == [id])
                let without = try await searcher(gallery, method, nil).search(contentsOf: photo, excluding: id)
                #expect(without.results.isEmpty, "\(method)")
            }
        }
    }
}

/// Compares every pair, whatever an index proposes.
private struct EveryPair: PhotoComparison {
    private let found: [Int?]

    init(_ query: LocalFeatures?, with stored: [QueryFeatures]) throws {
        let verifier = try PairVerifier(configuration: LabelledTown.local.pairVerification)
        found = try stored.map { other in
            guard let query, let local = other.local else { return nil }
            return try verifier.verify(query, with: local).evidence?.score
        }
    }

    func inliers(query: Int, rows: [Int32], by matching: PairMatching) -> [Int] { rows.map { found[Int($0)] ?? 0 } }

    func localRanking(query: Int, limit: Int) -> [(row: Int32, inliers: Int)] {
        found.enumerated().compactMap { row, inliers in inliers.map { (Int32(row), $0) } }
            .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
    }
}

/// A matcher that goes by RootSIFT, so that it agrees with the collection's own verification.
private struct FakeMatchers: PhotoMatcherProvider {
    func matcher(named name: String, keypoints: String?) throws -> any PhotoMatcher {
        guard name == "fake" else { throw CollectionError(.notFound, "there is no matcher \(name)") }
        return Matcher()
    }

    private struct Matcher: PhotoMatcher {
        var longSide: Int { 400 }
        func session(query: RGBImage) throws -> any PhotoMatcherSession {
            Session(query: Self.features(of: query))
        }

        static func features(of photo: RGBImage) -> LocalFeatures {
            SIFTExtractor(configuration: .fast).features(of: photo.luma())
        }
    }

    private struct Session: PhotoMatcherSession {
        let query: LocalFeatures
        func compare(with photo: RGBImage) throws -> PairVerifier.Outcome {
            try PairVerifier().verify(query, with: Matcher.features(of: photo))
        }
    }
}
