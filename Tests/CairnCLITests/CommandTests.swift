import CairnImaging
import Foundation
import Testing

extension CommandLineTests {
    /// Every command and option that other programs rely on.
    @Suite("Commands") struct CommandTests {
        @Test("index, search and info: the collection of $CAIRN_COLLECTION, paths with spaces, the JSON's keys")
        func indexAndSearch() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown(24)
            let report = try await sandbox.reply(IndexReply.self, "index", sandbox.photos)
            #expect(report.added == paths.count && report.failures.isEmpty && !report.isCancelled)
            #expect(report.seconds > 0 && report.imagesPerSecond > 0)

            let query = sandbox.root + "/a query.jpg"
            try TownPhoto.queries[0].write(to: URL(fileURLWithPath: query))
            let answer = try await sandbox.reply(SearchReply.self, "search", query, "--top", "5")
            #expect(answer.query == query)
            #expect(answer.results.count <= 5 && answer.results.map(\.rank) == Array(1...answer.results.count))
            #expect(answer.images.prefix(2).allSatisfy { $0.hasPrefix("\(sandbox.photos)/00 ") }, "\(answer.images)")
            #expect(answer.results[0].inliers >= 15 && answer.results[0].score >= 15)
            #expect(answer.results[0].stages["inliers"] == Double(answer.results[0].inliers))
            #expect(answer.results[0].stages["asmk"] != nil)
            #expect(answer.timings["extraction"] != nil && answer.timings["search"] != nil)
            let scores = answer.results.map(\.score)
            #expect(scores == scores.sorted(by: >))

            let quick = try await sandbox.reply(SearchReply.self, "search", query, "--no-verify", "--top", "3")
            #expect(quick.results.count == 3 && quick.results.allSatisfy { $0.inliers == 0 })
            #expect(quick.images[0].hasPrefix("\(sandbox.photos)/00 "))

            let info = try await sandbox.reply(InfoReply.self, "info")
            #expect(info.collection == sandbox.collection)
            #expect(info.statistics.images == paths.count && info.statistics.files == paths.count)

            let text = try await sandbox.run("search", query, "--top", "2")
            #expect(text.status == 0 && text.output.contains(answer.images[0]) && text.output.contains("inliers"))
            #expect(text.errors.contains("\(paths.count) images"))
        }

        @Test("search --html writes one page that needs nothing else")
        func sheet() async throws {
            let sandbox = try Sandbox()
            try sandbox.writeTown(9)
            try await sandbox.run("index", sandbox.photos)
            let page = sandbox.root + "/sheet.html"
            let outcome = try await sandbox.run("search", "\(sandbox.photos)/\(TownPhoto.all[0].name)", "--html", page)
            #expect(outcome.status == 0)
            let html = try String(contentsOfFile: page, encoding: .utf8)
            #expect(html.contains("data:image/jpeg;base64,") && html.contains("prefers-color-scheme"))
            for outside in ["src=\"http", "href=\"http", "@import", "url(http"] { #expect(!html.contains(outside)) }
        }

        @Test("The collection is --collection, else $CAIRN_COLLECTION, else the XDG data folder")
        func collectionRules() async throws {
            let sandbox = try Sandbox()
            try sandbox.writeTown(2)
            func location(_ arguments: [String], _ changes: [String: String?]) async throws -> String {
                let outcome = try await sandbox.run(["info", "--json"] + arguments, environment: changes)
                try #require(outcome.status == 0, "\(outcome.errors)")
                return try JSONDecoder().decode(InfoReply.self, from: Data(outcome.output.utf8)).collection
            }
            let none: [String: String?] = ["CAIRN_COLLECTION": nil, "XDG_DATA_HOME": nil]
            let cases: [(arguments: [String], changes: [String: String?], expected: String)] = [
                (["--collection", "mine/here"], [:], "/mine/here"), ([], [:], "/the collection"),
                ([], ["CAIRN_COLLECTION": "relative one"], "/relative one"),
                ([], ["CAIRN_COLLECTION": nil], "/data/cairn/collection"),
                ([], ["CAIRN_COLLECTION": ""], "/data/cairn/collection"),
                ([], none, "/.local/share/cairn/collection"),
                // The specification has a relative path ignored.
                (
                    [], ["CAIRN_COLLECTION": nil, "XDG_DATA_HOME": "data"], "/.local/share/cairn/collection"
                ),
            ]
            for (arguments, changes, expected) in cases {
                // A relative path too, and a folder with a space in it.
                let made = try await sandbox.run(["index", "My Photos"] + arguments, environment: changes)
                #expect(made.status == 0, "\(made.errors)")
                #expect(try await location(arguments, changes) == sandbox.root + expected)
                #expect(FileManager.default.fileExists(atPath: sandbox.root + expected + "/collection.sqlite"))
            }
        }

        @Test(
            "match draws and describes what two photos have in common",
            arguments: ["homography", "affine", "fundamental"])
        func match(model: String) async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown(4)
            let lines = sandbox.root + "/lines.png"
            let reply = try await sandbox.reply(
                MatchReply.self, "match", paths[0], paths[1], "-o", lines, "--geometry", model)
            #expect(reply.images == [paths[0], paths[1]] && reply.model == model)
            #expect(reply.inliers >= 15 && reply.inliers <= reply.matches && reply.keypoints.allSatisfy { $0 > 100 })
            #expect(reply.matrix?.count == 9)
            let picture = try ImageDecoder().rgb(contentsOf: lines)
            let photo = try ImageDecoder().rgb(contentsOf: paths[0])
            #expect(picture.width > 2 * photo.width && picture.height >= photo.height)

            let jpeg = try await sandbox.run("match", paths[0], paths[1], "--output", "lines.jpg", "--geometry", model)
            #expect(jpeg.status == 0 && jpeg.output.contains("inliers of one \(model)"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: sandbox.root + "/lines.jpg")).starts(with: [0xFF, 0xD8]))

            let unlike = try await sandbox.reply(MatchReply.self, "match", paths[0], paths[3], "--geometry", model)
            // Balustrades look alike wherever they are.
            #expect(unlike.inliers * 3 < reply.inliers, "\(unlike.inliers) and \(reply.inliers)")
        }

        @Test("evaluate folders gives all figures, overall and by kind")
        func evaluate() async throws {
            let sandbox = try Sandbox()
            try sandbox.writeTown(15)
            try sandbox.write(TownPhoto.all[41].content, to: TownPhoto.all[41].name)
            let classes = (0..<4).map { TownPhoto.all[3 * $0].name }
            let list =
                "image,note,kind\n"
                + zip(classes, ["near", "near", "far", "far"]).map {
                    "\"\($0)\",\"a, b\",\($1)\n"
                }.joined()
            try sandbox.write(Data(list.utf8), to: "queries.csv")
            let reply = try await sandbox.reply(
                EvaluationReply.self, "evaluate", "folders", sandbox.photos, "--queries",
                sandbox.photos + "/queries.csv")
            #expect(reply.all.queries == 4 && Set(reply.byKind.keys) == ["near", "far"])
            #expect(reply.byKind.values.allSatisfy { $0.queries == 2 })
            for figure in [reply.all.mAP, reply.all.mAP10, reply.all.mAP100, reply.all.precision1, reply.all.recall10] {
                #expect(figure > 0.5 && figure <= 1)
            }
            #expect(reply.timings.search.median > 0 && reply.timings.extraction.total > 0)
            // Features went below the XDG cache folder, and the user's own collection was left alone.
            #expect(FileManager.default.fileExists(atPath: sandbox.root + "/cache/cairn/evaluate"))
            #expect(!FileManager.default.fileExists(atPath: sandbox.collection))

            let everything = try await sandbox.run(
                "evaluate", "folders", "My Photos", "--html", "ranked.html", "--no-verify")
            #expect(everything.status == 0 && everything.output.contains("mAP@10"), "\(everything.errors)")
            #expect(FileManager.default.fileExists(atPath: sandbox.root + "/ranked.html"))
        }

        @Test("evaluate scores a perfect folder as perfect, without a list of queries")
        func evaluatePerfect() async throws {
            let sandbox = try Sandbox()
            // Classes of one photo twice, encoded anew: every positive is found first.
            for index in 0..<3 {
                let image = try ImageDecoder().rgb(from: TownPhoto.all[3 * index].content)
                try sandbox.write(TownPhoto.all[3 * index].content, to: "\(index)/a.jpg")
                try sandbox.write(image.encodeJPEG(quality: 70), to: "\(index)/b.jpg")
            }
            let reply = try await sandbox.reply(EvaluationReply.self, "evaluate", "folders", sandbox.photos)
            #expect(reply.all.queries == 6 && reply.all.mAP == 1 && reply.all.precision1 == 1)
            #expect(reply.byKind.isEmpty)
        }

        @Test("vocabulary train makes words that index and search use")
        func vocabulary() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown(12)
            let trained = try await sandbox.run(
                "vocabulary", "train", sandbox.photos, "-o", "my words.cairnvoc", "--words", "64", "--iterations", "3")
            #expect(trained.status == 0 && trained.output.contains("64 words"), "\(trained.errors)")
            let again = try await sandbox.run(
                "vocabulary", "train", sandbox.photos, "-o", "again.cairnvoc", "--words", "64", "--iterations", "3")
            #expect(again.status == 0)
            let files = ["my words.cairnvoc", "again.cairnvoc"].map {
                FileManager.default.contents(atPath: "\(sandbox.root)/\($0)")
            }
            #expect(files[0] != nil && files[0] == files[1], "a seed gives the same words every time")

            let indexed = try await sandbox.run("index", sandbox.photos, "--vocabulary", "my words.cairnvoc")
            #expect(indexed.status == 0, "\(indexed.errors)")
            let answer = try await sandbox.reply(SearchReply.self, "search", paths[0], "--no-verify")
            #expect(answer.images.first == paths[0])
        }

        @Test("demo leaves a town, a collection and a page, and can be run again", .timeLimit(.minutes(2)))
        func demo() async throws {
            let sandbox = try Sandbox()
            for _ in 0..<2 {
                let outcome = try await sandbox.run("demo", "--output", "my town", "--landmarks", "2", "--views", "2")
                #expect(outcome.status == 0 && outcome.output.contains("inliers"), "\(outcome.errors)")
                for name in ["photos/queries.csv", "collection/collection.sqlite", "query.jpg", "sheet.html"] {
                    #expect(FileManager.default.fileExists(atPath: "\(sandbox.root)/my town/\(name)"))
                }
            }
            // The user's own collection was left alone.
            #expect(!FileManager.default.fileExists(atPath: sandbox.collection))
        }

        @Test("doctor describes a sound installation and finds a damaged byte")
        func doctor() async throws {
            let sandbox = try Sandbox()
            let bare = try await sandbox.reply(DoctorReply.self, "doctor")
            #expect(bare.collection == nil && bare.problems.isEmpty && bare.vocabularies.count == 2)
            #expect(bare.versions["libvips"] != nil && bare.versions["SQLite"] != nil && !bare.processor.isEmpty)

            try sandbox.writeTown(6)
            try await sandbox.run("index", sandbox.photos)
            let sound = try await sandbox.reply(DoctorReply.self, "doctor", "--deep")
            #expect(sound.images == 6 && sound.problems.isEmpty && sound.collection == sandbox.collection)

            let folder = sandbox.collection + "/segments"
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(folder)/\(name)"))
            try file.seek(toOffset: 40_000)
            let byte = try #require(try file.read(upToCount: 1)?.first)
            try file.seek(toOffset: 40_000)
            try file.write(contentsOf: [byte ^ 1])
            try file.close()
            let damaged = try await sandbox.run("doctor", "--deep")
            #expect(damaged.status == 4 && damaged.output.contains("PROBLEM"), "\(damaged.output)")
        }
    }
}
