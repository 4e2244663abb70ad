import CairnCore
import CairnDatasets
import CairnImaging
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

extension CommandLineTests {
    /// `cairn recognize`, `calibrate`, `clean` and `duplicates`, and what evaluates them.
    @Suite("Recognition, cleaning, duplicates") struct RecognitionCommandTests {
        /// What `cairn recognize --json` promises.
        private struct Answer: Decodable {
            struct Candidate: Decodable {
                var label: String
                var score: Double
            }

            struct Photo: Decodable {
                var path: String
                var label: String?
                var similarity: Double
                var inliers: Int?
            }

            var query: String
            var label: String?
            var probability: Double?
            var threshold: Double?
            var rejection: String?
            var candidates: [Candidate]
            var evidence: [Photo]
        }

        /// The town with RootSIFT and a global model, and three photos that are not in it: of two landmarks and of none.
        private func town(labelled: Bool = true) async throws -> (sandbox: Sandbox, queries: [String], none: String) {
            let sandbox = try await Sandbox.withModels(photos: TownPhoto.all.count)
            let indexed = try await sandbox.run(
                "index", sandbox.photos, "--model", "rootsift", "--model", "thumb", "--keypoints", "400")
            try #require(indexed.status == 0, "\(indexed.errors)")
            if labelled {
                let outcome = try await sandbox.run("label", "folders", sandbox.photos)
                try #require(outcome.status == 0, "\(outcome.errors)")
            }
            let queries = try (0..<2).map { try sandbox.writeFile(TownPhoto.queries[$0], "query \($0).jpg") }
            let view = try SampleTown(
                seed: 7, landmarks: 12, viewsPerLandmark: 3, lookAlikes: 0, distractors: 6, longSide: 320,
                difficulty: .easy
            ).distractor(index: 11).image
            return (sandbox, queries, try sandbox.writeFile(try view.encodeJPEG(quality: 88), "nothing.jpg"))
        }

        private func expectWellFormed(
            _ name: String, in sandbox: Sandbox, showing words: String...,
            at location: SourceLocation = #_sourceLocation
        ) throws {
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(sandbox.root)/\(name)"))
            let parser = XMLParser(data: data)
            #expect(
                parser.parse(), "\(name), line \(parser.lineNumber): \(parser.parserError as Any)",
                sourceLocation: location)
            let text = String(decoding: data, as: UTF8.self)
            for word in words { #expect(text.contains(word), "\(name) lacks “\(word)”", sourceLocation: location) }
        }

        private func expectSentence(
            _ outcome: CairnProcess.Outcome, _ status: Int32, _ words: String...,
            at location: SourceLocation = #_sourceLocation
        ) {
            #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)", sourceLocation: location)
            for word in words {
                #expect(outcome.errors.contains(word), "\(outcome.errors)", sourceLocation: location)
            }
        }

        @Test(
            "From labels to an answer: refused without labels, a guess uncalibrated, then a landmark or none of these")
        func recognize() async throws {
            let (sandbox, queries, none) = try await town(labelled: false)
            expectSentence(try await sandbox.run("recognize", queries[0]), 64, "give them labels with `cairn label`")
            expectSentence(try await sandbox.run("calibrate"), 64, "give them labels with `cairn label`")
            try await sandbox.run("label", "folders", sandbox.photos)
            let label = URL(fileURLWithPath: TownPhoto.all[0].name).deletingLastPathComponent().lastPathComponent

            let guess = try await sandbox.run("recognize", queries[0], none)
            #expect(guess.status == 0 && guess.output.contains("  \(label)\n"), "\(guess.output)")
            #expect(!guess.output.contains("none of these") && guess.errors.contains("not calibrated"))

            for share in ["0", "200%", "100%", "1.5", "-1%", "some"] {
                expectSentence(try await sandbox.run("calibrate", "--false-accepts=\(share)"), 64, "--false-accepts")
            }
            expectSentence(try await sandbox.run("calibrate", "--method", "guess"), 64, "--method")
            expectSentence(try await sandbox.run("calibrate", "--limit", "1"), 64, "--limit is 1")
            #expect(!FileManager.default.fileExists(atPath: sandbox.collection + "/recognizer.json"))
            let calibrated = try await sandbox.run("calibrate", "--false-accepts", "1%")
            #expect(calibrated.status == 0, "\(calibrated.errors)")
            #expect(calibrated.output.contains("36 images of landmarks, 6 of none"), "\(calibrated.output)")
            #expect(calibrated.output.contains("99 negatives are needed"), "six cannot promise 1 %")
            #expect(FileManager.default.fileExists(atPath: sandbox.collection + "/recognizer.json"))

            // Where it is, from the label's own place.
            _ = try sandbox.writeFile(Data("label,lat,lon,title\n\(label),47.5,8.25,The <first> one\n".utf8), "p.csv")
            #expect(try await sandbox.run("label", "places", "p.csv").status == 0)
            let outcome = try await sandbox.run(
                "recognize", queries[0], "--json", "--html", "why.html", "--geojson", "where.geojson", "--map",
                "map.html")
            try #require(outcome.status == 0, "\(outcome.errors)")
            let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
            #expect(answer.label == label && answer.candidates.first?.label == label && answer.rejection == nil)
            #expect((0.5...1).contains(answer.probability ?? 0))
            #expect(answer.evidence.first?.label == label && (answer.evidence.first?.inliers ?? 0) >= 10)
            #expect(try #require(answer.candidates.first?.score) > #require(answer.threshold))
            try expectWellFormed("why.html", in: sandbox, showing: "The &lt;first&gt; one", "data:image/jpeg")
            try expectWellFormed("map.html", in: sandbox, showing: "The &lt;first&gt; one")
            let collection = try #require(
                try JSONSerialization.jsonObject(
                    with: Data(contentsOf: URL(fileURLWithPath: sandbox.root + "/where.geojson"))) as? [String: Any])
            #expect(collection["type"] as? String == "FeatureCollection")
            let feature = try #require((collection["features"] as? [[String: Any]])?.first)
            let geometry = try #require(feature["geometry"] as? [String: Any])
            #expect(geometry["type"] as? String == "Point")
            #expect(geometry["coordinates"] as? [Double] == [8.25, 47.5], "longitude first")

            let rejected = try await sandbox.reply(Answer.self, "recognize", none)
            #expect(rejected.label == nil && rejected.rejection == "belowThreshold" && !rejected.candidates.isEmpty)
            #expect(try #require(rejected.probability) < (answer.probability ?? 0))
            let text = try await sandbox.run("recognize", none, "--html", "none.html")
            #expect(text.status == 0 && text.output.contains("none of these"), "\(text.output)")
            try expectWellFormed("none.html", in: sandbox)
        }

        @Test(
            "Of several photos a bad one is told and does not cost the others; a calibration is for what it was made with"
        )
        func severalPhotos() async throws {
            let (sandbox, queries, none) = try await town()
            #expect(try await sandbox.run("calibrate", "--method", "suppressed").status == 0)
            let bad = try sandbox.writeFile(Data("no photo".utf8), "bad.jpg")
            let outcome = try await sandbox.run(
                "recognize", queries[0], bad, queries[1], none, "--json", "--map", "trip.html", "--no-tiles")
            #expect(outcome.status == 2 && outcome.errors.contains("skipped:") && outcome.errors.contains("bad.jpg"))
            let answers = try JSONDecoder().decode([Answer].self, from: Data(outcome.output.utf8))
            #expect(answers.map(\.query) == [queries[0], queries[1], none])
            #expect(answers[0].label?.hasPrefix("00 ") == true || answers[0].label == nil)
            try expectWellFormed("trip.html", in: sandbox)
            expectSentence(try await sandbox.run("recognize", bad), 2, "bad.jpg")
            expectSentence(
                try await sandbox.run("recognize", queries[0], none, "--html", "x.html"), 64, "--html shows one photo")
            expectSentence(
                try await sandbox.run("recognize", queries[0], "--html", "no/x.html"), 2, "there is no folder")
            for other in [["--strategy", "global"], ["--rerank", "alphaqe"], ["--no-verify"]] {
                let refused = try await sandbox.run(["recognize", queries[0]] + other)
                expectSentence(refused, 3, "calibrate it again")
            }
            let path = sandbox.collection + "/recognizer.json"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[bytes.count - 9] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            expectSentence(try await sandbox.run("recognize", queries[0]), 4, "recognizer.json")
        }

        @Test("Cleaning: a table that cairn label csv reads, a page, and labels that change only when told to")
        func clean() async throws {
            struct Cleaning: Decodable {
                struct Image: Decodable {
                    var path: String
                    var label: String
                    var newLabel: String?
                    var outcome: String

                    enum CodingKeys: String, CodingKey {
                        case path, label, outcome
                        case newLabel = "new_label"
                    }
                }

                var images: [Image]
            }
            let (sandbox, _, _) = try await town()
            let stray = "\(sandbox.photos)/\(TownPhoto.all[3].name)"
            let first = URL(fileURLWithPath: TownPhoto.all[0].name).deletingLastPathComponent().lastPathComponent
            #expect(try await sandbox.run("label", "set", first, stray).status == 0)
            let before = try await sandbox.run("label", "show", sandbox.photos, "--json").output
            let settings = ["--verify", "--inliers", "12", "--votes", "1"]
            let outcome = try await sandbox.run(
                ["clean", "--json", "-o", "labels.csv", "--html", "cleaned.html"] + settings)
            try #require(outcome.status == 0, "\(outcome.errors)")
            let cleaned = try JSONDecoder().decode(Cleaning.self, from: Data(outcome.output.utf8))
            #expect(cleaned.images.count == 36)
            let found = try #require(cleaned.images.first { $0.path == stray })
            #expect(found.label == first && found.newLabel == nil && found.outcome == "dropped")
            let kept = cleaned.images.filter { $0.newLabel != nil }
            #expect(kept.count > 20)
            try expectWellFormed("cleaned.html", in: sandbox, showing: first)
            #expect(try await sandbox.run("label", "show", sandbox.photos, "--json").output == before)

            // The table says of each image what was kept.
            #expect(try await sandbox.run("label", "clear", "--all").status == 0)
            let read = try await sandbox.reply(LabelReply.self, "label", "csv", "labels.csv")
            #expect(read.labelled == kept.count)
            try await sandbox.run("label", "clear", "--all")
            try await sandbox.run("label", "folders", sandbox.photos)
            try await sandbox.run("label", "set", first, stray)
            let applied = try await sandbox.run(["clean", "--apply"] + settings)
            #expect(applied.status == 0 && !applied.errors.contains("--apply gives"), "\(applied.errors)")
            let list = try await sandbox.reply(LabelListReply.self, "label", "list")
            #expect(list.labels.reduce(0) { $0 + $1.imageCount } == kept.count && list.nonLandmarks == 6)

            let clusters = try await sandbox.run("clean", "--eps", "0.2", "--html", "c.html")
            #expect(clusters.status == 0 && clusters.output.contains(" labels → "), "\(clusters)")
            try expectWellFormed("c.html", in: sandbox)
            expectSentence(try await sandbox.run("clean", "--eps", "0.5", "--tail-eps", "0.2"), 64, "0.2")
            expectSentence(try await sandbox.run("clean", "--eps", "0"), 64, "0")
            expectSentence(try await sandbox.run("clean", "-o", "no/x.csv"), 2, "there is no folder")
            try await sandbox.run("label", "clear", "--all")
            expectSentence(try await sandbox.run("clean"), 64, "cairn label")
        }

        @Test("Duplicates: paths that could go, groups as JSON, a page")
        func duplicates() async throws {
            struct Report: Decodable {
                struct Photo: Decodable { var path: String }
                struct Group: Decodable {
                    var keep: Photo
                    var reason: String
                    var others: [Photo]
                }

                var groups: [Group]
                var comparedImages: Int
            }
            let sandbox = try Sandbox()
            try sandbox.writeTown(9)
            let original = TownPhoto.all[0].content
            try sandbox.write(original, to: "copies/b & copy.jpg")
            let image = try ImageDecoder().rgb(from: original)
            try sandbox.write(
                image.resized(to: ImageSize(width: image.width / 2, height: image.height / 2)).encodeJPEG(quality: 90),
                to: "copies/half.jpg")
            try sandbox.write(image.encodeJPEG(quality: 60), to: "copies/again.jpg")
            #expect(try await sandbox.run("index", sandbox.photos).status == 0)
            let expected = Set(
                ["copies/b & copy.jpg", "copies/half.jpg", "copies/again.jpg"].map { sandbox.photos + "/" + $0 })
            let first = "\(sandbox.photos)/\(TownPhoto.all[0].name)"
            let report = try await sandbox.reply(Report.self, "duplicates")
            #expect(report.comparedImages == 11 && report.groups.count == 1)
            let group = try #require(report.groups.first)
            #expect(Set(group.others.map(\.path)).union([group.keep.path]) == expected.union([first]))
            #expect(group.reason == "oldest" || group.reason == "most pixels")
            let paths = try await sandbox.run("duplicates", "--paths", "--html", "d.html")
            #expect(paths.status == 0)
            #expect(Set(paths.output.split(separator: "\n").map(String.init)) == Set(group.others.map(\.path)))
            try expectWellFormed("d.html", in: sandbox, showing: "b &amp; copy.jpg", "data:image/jpeg")
            let text = try await sandbox.run("duplicates", "--keep", "newest")
            #expect(text.output.contains("1 group, 3 photos to spare, of 11 different images"), "\(text.output)")
            let strict = try await sandbox.reply(Report.self, "duplicates", "--inliers", "100000")
            #expect(strict.groups.count == 1 && strict.groups[0].others.count == 1, "exact copies need no inliers")
            expectSentence(try await sandbox.run("duplicates", "--keep", "best"), 64, "--keep")
            expectSentence(try await sandbox.run("duplicates", "--similarity", "7"), 64, "7")
            expectSentence(try await sandbox.run("duplicates", "--html", "no/d.html"), 2, "there is no folder")
        }

        @Test("evaluate recognition measures every preset, leaving each photo out of its own search")
        func evaluateRecognition() async throws {
            struct Figures: Decodable {
                var globalAveragePrecision: Double
                var accuracy: Double
                var recognized: Double
                var falseAccepts: Double
                var landmarkQueries: Int
                var nonLandmarkQueries: Int

                enum CodingKeys: String, CodingKey {
                    case globalAveragePrecision = "GAP"
                    case accuracy, recognized
                    case falseAccepts = "false_accepts"
                    case landmarkQueries = "landmark_queries"
                    case nonLandmarkQueries = "non_landmark_queries"
                }
            }
            let sandbox = try Sandbox()
            try sandbox.writeTown()
            let figures = try await sandbox.reply(
                [String: Figures].self, "evaluate", "recognition", sandbox.photos, "--keypoints", "300",
                "--false-accepts", "5%")
            #expect(Set(figures.keys) == ["nearest", "softVoting", "suppressed", "geometric", "boosted"])
            for (name, row) in figures {
                #expect(row.landmarkQueries == 36 && row.nonLandmarkQueries == 6, "\(name)")
                #expect((0...1).contains(row.globalAveragePrecision) && row.recognized <= row.accuracy, "\(name)")
            }
            let geometric = try #require(figures["geometric"])
            #expect(geometric.globalAveragePrecision > 0.8 && geometric.accuracy > 0.8, "\(figures)")
            let table = try await sandbox.run(
                "evaluate", "recognition", sandbox.photos, "--keypoints", "300", "--curves", "curves")
            let curve = try String(contentsOfFile: sandbox.root + "/curves/thresholds.svg", encoding: .utf8)
            #expect(curve.contains("softVoting") && curve.contains("false accepts"))
            #expect(table.status == 0 && table.output.contains("36 photos of landmarks, 6 of none"), "\(table)")
        }

        @Test("search and evaluate folders re-rank; what they cannot use is told")
        func rerank() async throws {
            let sandbox = try await Sandbox.withModels(photos: 24)
            let models = ["--model", "rootsift", "--model", "thumb"]
            let indexed = try await sandbox.run(["index", sandbox.photos] + models)
            try #require(indexed.status == 0, "\(indexed.errors)")
            let photo = "\(sandbox.photos)/\(TownPhoto.all[4].name)"
            let plain = try await sandbox.reply(SearchReply.self, "search", photo, "--strategy", "global")
            let reply = try await sandbox.reply(
                SearchReply.self, "search", photo, "--strategy", "global", "--rerank", "dba:k=3;alphaqe:n=5")
            #expect(reply.images.first == photo && Set(reply.results.map(\.rank)).count == 20)
            #expect(reply.results.allSatisfy { $0.stages["reranked"] != nil && $0.stages["global"] != nil })
            #expect(plain.results.allSatisfy { $0.stages["reranked"] == nil } && plain.images != reply.images)
            _ = try sandbox.writeFile(
                Data(#"[{"method": "dba", "k": 3}, {"method": "alphaqe", "n": 5}]"#.utf8), "m.json")
            let file = try await sandbox.reply(
                SearchReply.self, "search", photo, "--strategy", "global", "--rerank", "@m.json")
            #expect(file.results == reply.results)
            let verified = try await sandbox.run("search", photo, "--rerank", "verify", "--html", "s.html")
            #expect(verified.status == 0, "\(verified.errors)")
            try expectWellFormed("s.html", in: sandbox)
            expectSentence(
                try await sandbox.run("search", photo, "--rerank", "best"), 64, "there is no re-ranking method “best”")
            expectSentence(try await sandbox.run("search", photo, "--rerank", "@no.json"), 2, "no.json")
            expectSentence(
                try await sandbox.run("search", photo, "--strategy", "local", "--rerank", "dba"), 64,
                "the strategy local does without")
            expectSentence(
                try await sandbox.run("search", photo, "--rerank", "discriminative"), 64, "needs labels")
            expectSentence(
                try await sandbox.run("search", photo, "--rerank", "match:model=nothing"), 2, "nothing")

            let evaluated = try await sandbox.run(
                ["evaluate", "folders", sandbox.photos, "--json", "--strategy", "global", "--rerank", "alphaqe:n=3"]
                    + ["--model", "thumb"])
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            let figures = try JSONDecoder().decode(EvaluationReply.self, from: Data(evaluated.output.utf8))
            #expect(figures.all.queries == 24 && figures.all.mAP > 0)
        }
    }
}
