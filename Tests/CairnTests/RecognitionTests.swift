import CairnCore
import CairnFeatures
import CairnImaging
import CairnRecognition
import Foundation
import Testing

@testable import Cairn

@Suite("Recognising landmarks", .serialized)
struct RecognitionTests {
    /// A view that the town does not have: of a landmark, of a look-alike or of neither.
    private enum View {
        case landmark(Int)
        case lookAlike(Int)
        case distractor(Int)
    }

    private func write(_ view: View, in folder: URL) throws -> String {
        let town = try #require(TownGallery.town)
        let shown =
            switch view {
            case .landmark(let index): town.view(landmark: index, index: TownGallery.views)
            case .lookAlike(let index): town.view(lookAlike: index, index: 1)
            case .distractor(let index): town.distractor(index: 20 + index)
            }
        let file = folder.appendingPathComponent("\(view).jpg")
        try shown.image.encodeJPEG(quality: 90).write(to: file)
        return file.path
    }

    private func calibrate(
        _ gallery: Gallery, _ configuration: RecognizerConfiguration = .geometric,
        searching: SearchConfiguration = .standard
    ) async throws {
        let search = try RecognitionSearch(gallery.searcher(configuration: searching))
        try RecognizerModel(
            fitting: try await search.labelledEvidence(), configuration: configuration, falseAcceptRate: 0.01,
            fittedOn: search.digest
        ).write(to: gallery.collection.recognizerPath)
    }

    @Test("Uncalibrated, every photo gets the best label, without a probability")
    func uncalibrated() async throws {
        let gallery = try await LabelledTown.gallery()
        let recognizer = try gallery.recognizer()
        try await TownGallery.withFolder { folder in
            for landmark in 0..<TownGallery.landmarks {
                let (answer, search) = try await recognizer.recognize(
                    contentsOf: write(.landmark(landmark), in: folder))
                #expect(answer.label == LabelledTown.name(landmark))
                #expect(answer.probability == nil && answer.threshold == nil && answer.falseAcceptRate == nil)
                #expect(answer.rejection == nil && answer.candidates.first?.label == answer.label)
                #expect(answer.candidates.map(\.score) == answer.candidates.map(\.score).sorted(by: >))
                let scenes = answer.evidence.filter { $0.label == answer.label }
                #expect((1...4).contains(scenes.count) && answer.evidence.first?.label == answer.label)
                #expect(scenes.allSatisfy { $0.path.contains("/\(LabelledTown.name(landmark))/") })
                #expect(answer.evidence.contains { ($0.inliers ?? 0) >= 10 })
                #expect(answer.nonLandmarks.allSatisfy { $0.label == nil && $0.path.contains("/_distractor/") })
                #expect(search.results.first.map { $0.image.contains(LabelledTown.name(landmark)) } == true)
            }
            let (none, _) = try await recognizer.recognize(contentsOf: write(.distractor(0), in: folder))
            #expect(none.label != nil && none.probability == nil)
        }
    }

    @Test("Calibrated: landmarks with a probability, and none of these for what shows none")
    func calibrated() async throws {
        try await LabelledTown.withCopy { copy, folder in
            try await calibrate(copy)
            let recognizer = try copy.recognizer()
            var probabilities: [Double] = []
            for landmark in 0..<TownGallery.landmarks {
                let (answer, _) = try await recognizer.recognize(contentsOf: write(.landmark(landmark), in: folder))
                #expect(answer.candidates.first?.label == LabelledTown.name(landmark), "landmark \(landmark)")
                #expect(answer.falseAcceptRate == 0.01)
                let (score, threshold) = (try #require(answer.candidates.first).score, try #require(answer.threshold))
                let (probability, limit) = (try #require(answer.probability), try #require(answer.thresholdProbability))
                #expect((answer.label != nil) == (score > threshold) && (probability >= limit || score <= threshold))
                #expect((answer.rejection == .belowThreshold) == (answer.label == nil))
                if answer.label != nil { probabilities.append(probability) }
                if answer.label == nil || landmark != 0 { continue }
                let data = try JSONEncoder().encode(answer)
                let keys = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]).keys
                #expect(Set(keys).isSuperset(of: ["query", "label", "probability", "false_accept_rate", "evidence"]))
                let read = try JSONDecoder().decode(RecognitionAnswer.self, from: data)
                #expect(read.candidates.map(\.score) == answer.candidates.map(\.score))
            }
            // Nine negatives make a strict threshold, so some views of landmarks fall below it.
            #expect(probabilities.count >= 4 && probabilities.allSatisfy { (0.5...1).contains($0) }, "\(probabilities)")
            for view in [
                View.distractor(0), .distractor(1), .distractor(2), .lookAlike(0), .lookAlike(1), .lookAlike(2),
            ] {
                let (answer, _) = try await recognizer.recognize(contentsOf: write(view, in: folder))
                #expect(answer.label == nil && answer.rejection == .belowThreshold, "\(view)")
                #expect(try #require(answer.probability) < (probabilities.min() ?? 0), "\(view)")
                #expect(!answer.candidates.isEmpty, "what was considered is told")
            }
        }
    }

    @Test("What was calibrated stays with its features, weights and strategy; new photos do not matter")
    func digests() async throws {
        try await LabelledTown.withCopy { copy, folder in
            try await calibrate(copy)
            var changes: [SearchConfiguration] = []
            for change: (inout SearchConfiguration) -> Void in [
                { $0.strategy = .global }, { $0.strategy = .globalVerified }, { $0.reranking = "alphaqe" },
                { $0.shortlist = 0 }, { $0.globalWeights = ["colors": 2] },
                {
                    $0.strategy = .fused
                    $0.shortlist = 0
                },
            ] {
                var configuration = SearchConfiguration.standard
                change(&configuration)
                changes.append(configuration)
            }
            for configuration in changes {
                let error = #expect(throws: RecognitionError.self) {
                    try copy.recognizer(configuration: configuration)
                }
                #expect(error?.kind == .conflict && error?.message.contains("calibrate it again") == true)
            }
            var same = SearchConfiguration.standard
            same.threads = 3
            #expect(throws: Never.self) { try copy.recognizer(configuration: same) }
            _ = try await copy.index([write(.landmark(1), in: folder)])
            #expect(try copy.recognizer().recognizer.model != nil)

            // The same file in a collection of other features.
            let others = try ExtractorSet(
                local: LabelledTown.local, globals: [ColorHistogram(digest: "colors-2")])
            let other = try Gallery.openOrCreate(
                at: folder.appendingPathComponent("other").path, extractors: others)
            _ = try await other.index([LabelledTown.photo(0, 0)])
            var labels = LabelChanges(source: .hand)
            try labels.set(.landmark("A"), for: other.id(LabelledTown.photo(0, 0)))
            _ = try await other.collection.apply(labels)
            #expect(throws: Never.self) { try other.recognizer() }
            try FileManager.default.copyItem(
                atPath: copy.collection.recognizerPath, toPath: other.collection.recognizerPath)
            let error = #expect(throws: RecognitionError.self) { try other.recognizer() }
            #expect(error?.kind == .conflict)
        }
    }

    @Test("A damaged file of what was calibrated is refused, whatever is wrong with it")
    func damagedFile() async throws {
        try await LabelledTown.withCopy { copy, _ in
            try await calibrate(copy)
            let path = copy.collection.recognizerPath
            let good = try Data(contentsOf: URL(fileURLWithPath: path))
            var flipped = good
            flipped[good.count - 20] ^= 4
            let newline = try #require(good.firstIndex(of: UInt8(ascii: "\n")))
            let damages: [(Data, ErrorKind)] = [
                (flipped, .corrupted), (good.dropLast(30), .corrupted), (good.prefix(newline + 1), .corrupted),
                (Data(), .invalidInput), (Data("{}".utf8), .invalidInput),
                (
                    Data(
                        String(decoding: good, as: UTF8.self).replacingOccurrences(
                            of: " 1 ", with: " 9 ", range: nil
                        ).utf8), .unsupported
                ),
            ]
            for (data, kind) in damages {
                try data.write(to: URL(fileURLWithPath: path))
                let error = #expect(throws: RecognitionError.self) { try copy.recognizer() }
                #expect(error?.kind == kind && error?.message.contains(path) == true, "\(error as Any)")
            }
            try good.write(to: URL(fileURLWithPath: path))
            #expect(throws: Never.self) { try copy.recognizer() }
        }
    }

    @Test("Without a labelled landmark there is nothing to recognise by")
    func withoutLabels() async throws {
        try await LabelledTown.withCopy { copy, _ in
            var changes = LabelChanges(source: .hand)
            changes.clearsAllLabels = true
            _ = try await copy.collection.apply(changes)
            for labels in [[], [ImageLabel.nonLandmark]] {
                var changes = LabelChanges(source: .hand)
                for label in labels { try changes.set(label, for: copy.id(LabelledTown.photo(0, 0))) }
                _ = try await copy.collection.apply(changes)
                let error = #expect(throws: CollectionError.self) { try copy.recognizer() }
                #expect(error?.kind == .invalidArgument && error?.message.contains("cairn label") == true)
            }
        }
    }

    @Test("Leave-one-out: the evidence is that of a collection without the image, in every strategy")
    func leaveOneOut() async throws {
        let photo = LabelledTown.photo(2, 1)
        try await LabelledTown.withCopy { copy, _ in
            let gallery = try await LabelledTown.gallery()
            try await copy.collection.remove([photo])
            for strategy in SearchStrategy.allCases {
                var configuration = SearchConfiguration.standard
                configuration.strategy = strategy
                let here = try RecognitionSearch(gallery.searcher(configuration: configuration))
                let there = try RecognitionSearch(copy.searcher(configuration: configuration))
                let left = try #require(try await here.finding(leavingOut: gallery.id(photo))).evidence
                let never = try await there.finding(contentsOf: photo).evidence
                func rows(_ evidence: RecognitionEvidence) -> Set<Int> {
                    Set(evidence.candidates.map(\.row) + evidence.nonLandmarks.map(\.row))
                }
                #expect(rows(never) == rows(left), "\(strategy)")
                // The inverted file's weights of words depend on the whole collection; and where local features play no part, a
                // query's photo is decoded at another size.
                if strategy.usesLocal && strategy.usesGlobal { #expect(never == left, "\(strategy)") }
                #expect(left.candidates.contains { $0.inliers != nil } == (strategy != .global))
            }
        }
    }

    @Test("No labelled image speaks for itself, and a file's exact copy is the same image")
    func ownEvidence() async throws {
        try await LabelledTown.withCopy { copy, folder in
            let photo = LabelledTown.photo(0, 0)
            let twin = folder.appendingPathComponent("twin.jpg").path
            try FileManager.default.copyItem(atPath: photo, toPath: twin)
            _ = try await copy.index([twin])
            #expect(try copy.id(twin) == copy.id(photo))
            let search = try RecognitionSearch(copy.searcher())
            let all = try await search.labelledEvidence()
            let labels = search.labels.sorted { $0.key < $1.key }
            #expect(all.count == 33 && labels.count == 33)
            for ((id, label), query) in zip(labels, all) {
                let rows = query.evidence.candidates.map(\.row) + query.evidence.nonLandmarks.map(\.row)
                #expect(!rows.contains(Int(id.rawValue)))
                #expect(Set(rows).count == rows.count && rows.allSatisfy { search.labels[ImageID(UInt32($0))] != nil })
                switch label {
                case .landmark(let name): #expect(query.truth == .landmark(name))
                case .nonLandmark: #expect(query.truth == .nonLandmark)
                }
                for candidate in query.evidence.candidates {
                    #expect(search.labels[ImageID(UInt32(candidate.row))]?.landmarkName == candidate.label)
                }
            }
            #expect(try await search.labelledEvidence() == all, "twice the same")
            let few = try await search.labelledEvidence(limit: 11)
            #expect(few == stride(from: 0, to: 33, by: 3).map { all[$0] }, "at even distances")
        }
    }

    @Test("Non-landmarks are the nearest of all; images without a label say nothing")
    func nearestNonLandmarks() async throws {
        try await LabelledTown.withCopy { copy, _ in
            let silent = [LabelledTown.photo(1, 0), LabelledTown.photo(1, 3)]
            var changes = LabelChanges(source: .hand)
            for path in silent { try changes.set(nil, for: copy.id(path)) }
            _ = try await copy.collection.apply(changes)
            let photo = LabelledTown.photo(1, 1)
            let search = try RecognitionSearch(copy.searcher())
            let evidence = try #require(try await search.finding(leavingOut: copy.id(photo))).evidence
            #expect(evidence.candidates.count == 24 - 3 && evidence.nonLandmarks.count == 9)
            let ids = try silent.map { Int(try copy.id($0).rawValue) }
            #expect(!evidence.candidates.contains { ids.contains($0.row) })

            func descriptor(_ path: String) throws -> [Float] {
                try #require(try search.searcher.storedFeatures(of: copy.id(path))).globalDescriptor
            }
            let own = try descriptor(photo)
            let images = try copy.images()
            for neighbor in evidence.nonLandmarks {
                let path = try #require(images.first { Int($0.id.rawValue) == neighbor.row }).paths[0]
                let cosine = zip(own, try descriptor(path)).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(path.contains("_distractor") && abs(cosine - neighbor.similarity) < 1e-5)
            }
        }
    }

    @Test("Answers do not depend on the number of threads")
    func threads() async throws {
        let gallery = try await LabelledTown.gallery()
        var answers: Set<RecognitionEvidence> = []
        for threads in [1, 2, 5] {
            var configuration = SearchConfiguration.standard
            configuration.threads = threads
            let search = try RecognitionSearch(gallery.searcher(configuration: configuration))
            answers.insert(try await search.finding(contentsOf: LabelledTown.photo(5, 3)).evidence)
        }
        #expect(answers.count == 1)
    }

    @Test("The boosted re-ranker is trained, kept and used, and gives the same answer read back")
    func boosted() async throws {
        try await LabelledTown.withCopy { copy, folder in
            try await calibrate(copy, .boosted)
            let recognizer = try copy.recognizer()
            #expect(recognizer.recognizer.configuration.boosted)
            let path = try write(.landmark(3), in: folder)
            let first = try await recognizer.recognize(contentsOf: path).answer
            let again = try await Gallery.open(at: copy.collection.path, provider: FakeProvider()).recognizer()
                .recognize(contentsOf: path).answer
            #expect(first.candidates.map(\.score) == again.candidates.map(\.score))
            #expect(first.candidates.first?.label == LabelledTown.name(3))
            #expect(first.probability != nil)
        }
    }

    @Test("Local features alone, and a global descriptor alone, recognise too", arguments: [true, false])
    func oneKind(isLocal: Bool) async throws {
        _ = try await LabelledTown.gallery()
        try await TownGallery.withFolder { folder in
            let extractors =
                try isLocal ? ExtractorSet(local: LabelledTown.local) : ExtractorSet(globals: [LabelledTown.histogram])
            let gallery = try Gallery.openOrCreate(
                at: folder.appendingPathComponent("c").path, extractors: extractors)
            _ = try await gallery.index([LabelledTown.photos.path])
            var changes = LabelChanges(source: .folder)
            for image in try gallery.images() {
                let name = URL(fileURLWithPath: image.paths[0]).deletingLastPathComponent().lastPathComponent
                try changes.set(ImageLabel(validating: name), for: image.id)
            }
            _ = try await gallery.collection.apply(changes)
            try await calibrate(gallery, isLocal ? .geometric : .suppressed)
            let answer = try await gallery.recognizer().recognize(contentsOf: write(.landmark(4), in: folder)).answer
            #expect(answer.candidates.first?.label == LabelledTown.name(4))
            #expect(answer.evidence.contains { ($0.inliers ?? 0) >= 10 } == isLocal)
            if isLocal { #expect(answer.label == LabelledTown.name(4)) }
            let none = try await gallery.recognizer().recognize(contentsOf: write(.distractor(1), in: folder)).answer
            #expect(none.label == nil)
        }
    }

    @Test("Places: the landmark's, the evidence's, and the photo's own")
    func places() async throws {
        try await LabelledTown.withCopy { copy, folder in
            let place = try #require(GPSPosition(latitude: 48.5, longitude: -3.25))
            var changes = LabelChanges(source: .hand)
            try changes.set(place: place, for: copy.id(LabelledTown.photo(0, 1)))
            try changes.describe(landmark: LabelledTown.name(0), title: "The old one")
            _ = try await copy.collection.apply(changes)
            let answer = try await copy.recognizer().recognize(contentsOf: write(.landmark(0), in: folder)).answer
            #expect(answer.title == "The old one" && answer.candidates.first?.title == "The old one")
            #expect(answer.place == place && answer.queryPlace == nil)
            #expect(answer.evidence.first { $0.path == LabelledTown.photo(0, 1) }?.place == place)
        }
    }
}
