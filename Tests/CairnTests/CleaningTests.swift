import CairnAlgebra
import CairnCleaning
import CairnCore
import CairnFeatures
import CairnImaging
import Foundation
import Testing

@testable import Cairn

@Suite("Cleaning a collection's labels", .serialized)
struct CleaningTests {
    /// Labels of all images by path, `nil` for none.
    private func labels(_ gallery: Gallery) throws -> [String: ImageLabel?] {
        Dictionary(uniqueKeysWithValues: try gallery.images().map { ($0.paths[0], $0.label) })
    }

    private func set(_ label: ImageLabel?, _ paths: [String], in gallery: Gallery) async throws {
        var changes = LabelChanges(source: .hand)
        for path in paths { try changes.set(label, for: gallery.id(path)) }
        _ = try await gallery.collection.apply(changes)
    }

    /// Two landmarks whose views are nearer to each other than to those of all three, a third one, and a radius half way.
    private func separated(_ gallery: Gallery) throws -> (first: Int, second: Int, third: Int, eps: Double) {
        let searcher = try gallery.searcher()
        let rows = try (0..<TownGallery.landmarks).map { landmark in
            try (0..<TownGallery.views).map {
                try #require(try searcher.storedFeatures(of: gallery.id(LabelledTown.photo(landmark, $0))))
                    .globalDescriptor
            }
        }
        func distance(_ a: [Float], _ b: [Float]) -> Double {
            1 - zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        }
        /// Every one of three views has all others within this.
        func inside(_ views: ArraySlice<[Float]>) -> Double {
            views.flatMap { view in views.map { distance(view, $0) } }.max() ?? 2
        }
        func outside(_ some: ArraySlice<[Float]>, _ others: ArraySlice<[Float]>) -> Double {
            some.flatMap { view in others.map { distance(view, $0) } }.min() ?? 0
        }
        for first in rows.indices {
            for second in rows.indices where second != first {
                for third in rows.indices where third != first && third != second {
                    let (a, b, c) = (rows[first][...], rows[second].dropLast(), rows[third].prefix(1))
                    let near = max(inside(a), inside(b))
                    let far = min(outside(a, b), outside(a, c), outside(b, c))
                    if near < far { return (first, second, third, (near + far) / 2) }
                }
            }
        }
        throw CollectionError(.failure, "the town's colours tell no three landmarks apart")
    }

    @Test("A label that is two landmarks is split, a wrong image is dropped, and all others are kept")
    func split() async throws {
        try await LabelledTown.withCopy { copy, _ in
            let chosen = try separated(copy)
            let views = 0..<TownGallery.views
            let first = views.map { LabelledTown.photo(chosen.first, $0) }
            let second = views.map { LabelledTown.photo(chosen.second, $0) }
            let wrong = LabelledTown.photo(chosen.third, 0)
            try await set(.landmark("Mixed"), first + second.dropLast() + [wrong], in: copy)
            try await set(nil, (1..<4).map { LabelledTown.photo(chosen.third, $0) }, in: copy)
            try await set(nil, [second[3]], in: copy)
            var settings = ClassCleaning.standard
            (settings.eps, settings.tailEps) = (chosen.eps, chosen.eps)
            let cleaned = try CollectionCleaner(copy.searcher()).split(settings)
            let found = Dictionary(uniqueKeysWithValues: cleaned.images.map { ($0.path, $0) })
            #expect(first.allSatisfy { found[$0]?.newLabel == "Mixed" && found[$0]?.outcome == .kept })
            #expect(second.dropLast().allSatisfy { found[$0]?.newLabel == "Mixed#2" })
            let dropped = try #require(found[wrong])
            #expect(dropped.newLabel == nil && dropped.outcome == .dropped && dropped.label == "Mixed")
            #expect(dropped.reason?.contains("of its label within") == true, "\(dropped.reason ?? "")")
            #expect(found[second[3]] == nil && !found.keys.contains { $0.contains("_distractor") })
            #expect(cleaned.labelCount == 4 && cleaned.images.count == 8 + 12)

            // The same as cleaning the descriptors themselves.
            let images = try copy.images()
            let searcher = try copy.searcher()
            let rows = try images.map { try #require(try searcher.storedFeatures(of: $0.id)).globalDescriptor }
            let plain = try settings.clean(
                DescriptorMatrix(rows: rows), labels: images.map { $0.label?.landmarkName })
            for (image, verdict) in zip(images, plain.verdicts) {
                guard verdict.label != nil else {
                    #expect(found[image.paths[0]] == nil)
                    continue
                }
                var name: String?
                if case .kept(let kept, _) = verdict.outcome { name = kept }
                #expect(found[image.paths[0]]?.newLabel == name)
            }
            let data = try JSONEncoder().encode(cleaned)
            #expect(try JSONDecoder().decode(LabelCleaning.self, from: data) == cleaned)
        }
    }

    @Test("Applied, labels change as was said, and nothing else does")
    func apply() async throws {
        try await LabelledTown.withCopy { copy, _ in
            let wrong = LabelledTown.photo(2, 0)
            try await set(.landmark(LabelledTown.name(0)), [wrong], in: copy)
            let before = try labels(copy)
            let images = try copy.images()
            let cleaned = try await CollectionCleaner(copy.searcher()).verify(verification)
            #expect(try labels(copy) == before, "looking changes nothing")
            let report = try await copy.collection.apply(cleaned.changes())
            #expect(report.cleared == cleaned.droppedCount && report.labelled == 0)
            let after = try labels(copy)
            for image in cleaned.images {
                #expect(after[image.path] == .some(image.newLabel.map { .landmark($0) }))
            }
            let touched = Set(cleaned.images.map(\.path))
            for (path, label) in before where !touched.contains(path) { #expect(after[path] == label) }
            #expect(after[wrong] == .some(nil))
            func rest(_ images: [CollectionImage]) -> [String] {
                images.map { "\($0.id) \($0.paths) \($0.size) \($0.keypointCount) \($0.place as Any)" }
            }
            #expect(rest(try copy.images()) == rest(images))
            #expect(try copy.collection.checkIntegrity(deep: true).isEmpty)
            let again = try await CollectionCleaner(copy.searcher()).verify(verification)
            #expect(try again.changes().isEmpty && again.droppedCount == 0, "what is clean stays")
        }
    }

    /// Views of the small town share fewer keypoints than the winners' photos.
    private var verification: VerifiedNeighborCleaning {
        var settings = VerifiedNeighborCleaning.glret2019
        (settings.minimumInliers, settings.minimumVerified) = (12, 1)
        return settings
    }

    @Test("Verification keeps what neighbours of the label verify, by the inliers of the pairs themselves")
    func verify() async throws {
        try await LabelledTown.withCopy { copy, _ in
            let wrong = LabelledTown.photo(2, 0)
            try await set(.landmark(LabelledTown.name(0)), [wrong], in: copy)
            let cleaned = try await CollectionCleaner(copy.searcher()).verify(verification)
            let verifier = try PairVerifier(configuration: LabelledTown.local.pairVerification)
            func features(_ path: String) throws -> LocalFeatures {
                try LabelledTown.local.features(of: ExtractionPhoto(contentsOf: path, for: LabelledTown.local.input))
            }
            let found = Dictionary(uniqueKeysWithValues: cleaned.images.map { ($0.path, $0) })
            #expect(found.count == 24)
            let members = try copy.images().filter { $0.label == .landmark(LabelledTown.name(0)) }.map { $0.paths[0] }
            #expect(members.count == 5)
            var counts = [Int](repeating: 0, count: 5)
            for first in 0..<5 {
                for second in first + 1..<5 {
                    let evidence = try verifier.verify(features(members[first]), with: features(members[second]))
                        .evidence
                    guard (evidence?.score ?? 0) >= 12 else { continue }
                    counts[first] += 1
                    counts[second] += 1
                }
            }
            for (path, count) in zip(members, counts) {
                #expect((found[path]?.newLabel != nil) == (count >= 1), "\(path): \(count)")
            }
            #expect(counts[members.firstIndex(of: wrong) ?? 0] == 0 && counts.filter { $0 > 0 }.count >= 3)
            #expect(found[wrong]?.reason?.contains("0 of 4 compared neighbours verify, 1 are asked for") == true)
        }
    }

    @Test("Without labels, descriptors or local features there is nothing to go by, and that is said")
    func refusals() async throws {
        _ = try await LabelledTown.gallery()
        try await TownGallery.withFolder { folder in
            func made(_ name: String, _ extractors: ExtractorSet) async throws -> Gallery {
                let gallery = try Gallery.openOrCreate(
                    at: folder.appendingPathComponent(name).path, extractors: extractors)
                _ = try await gallery.index([LabelledTown.photo(0, 0)])
                return gallery
            }
            let unlabelled = try await made("a", ExtractorSet(globals: [LabelledTown.histogram]))
            var error = #expect(throws: CollectionError.self) { try CollectionCleaner(unlabelled.searcher()) }
            #expect(error?.message.contains("cairn label") == true)
            try await set(.landmark("A"), [LabelledTown.photo(0, 0)], in: unlabelled)
            let cleaner = try CollectionCleaner(unlabelled.searcher())
            let alone = try #require(try cleaner.split().images.first)
            #expect(alone.newLabel == nil && alone.reason?.contains("the only one of its label") == true)
            error = await #expect(throws: CollectionError.self) { try await cleaner.verify() }
            #expect(error?.kind == .invalidArgument && error?.message.contains("no local features") == true)
            let localOnly = try await made("b", ExtractorSet(local: LabelledTown.local))
            try await set(.landmark("A"), [LabelledTown.photo(0, 0)], in: localOnly)
            error = #expect(throws: CollectionError.self) { try CollectionCleaner(localOnly.searcher()) }
            #expect(error?.message.contains("index with a global model too") == true)
        }
    }
}
