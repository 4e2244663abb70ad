import Foundation
import Testing

extension CommandLineTests {
    /// `cairn label`: what people do, right and wrong.
    @Suite("Labels") struct LabelTests {
        /// A collection of the town's first six photos, two landmarks, and its six distractors.
        private func labelled() async throws -> (sandbox: Sandbox, paths: [String]) {
            let sandbox = try Sandbox()
            var paths = try sandbox.writeTown(6)
            for photo in TownPhoto.all.suffix(6) {
                try sandbox.write(photo.content, to: photo.name)
                paths.append("\(sandbox.photos)/\(photo.name)")
            }
            let indexed = try await sandbox.run("index", sandbox.photos, "--keypoints", "50")
            try #require(indexed.status == 0, "\(indexed.errors)")
            return (sandbox, paths)
        }

        private func write(_ text: String, _ name: String, in sandbox: Sandbox) throws -> String {
            let path = "\(sandbox.root)/\(name)"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return path
        }

        @Test("Folders are labels, _distractor is none, and what is not indexed is counted")
        func folders() async throws {
            let (sandbox, paths) = try await labelled()
            try sandbox.write(TownPhoto.all[7].content, to: "02 new/1.jpg")
            try sandbox.write(Data("x".utf8), to: "notes.txt")
            let outcome = try await sandbox.reply(LabelReply.self, "label", "folders", sandbox.photos)
            #expect(outcome.labelled == 6 && outcome.nonLandmarks == 6 && outcome.missing == 1 && outcome.ignored == 1)
            let again = try await sandbox.reply(LabelReply.self, "label", "folders", sandbox.photos)
            #expect(again.labelled == 0 && again.unchanged == 12)
            let list = try await sandbox.reply(LabelListReply.self, "label", "list")
            #expect(list.labels.map(\.imageCount) == [3, 3] && list.nonLandmarks == 6 && list.unlabelled == 0)
            #expect(list.labels[0].name.hasPrefix("00 ") && list.labels[1].name.hasPrefix("01 "))
            let info = try await sandbox.run("info")
            #expect(info.output.contains("2 on 6 images; 6 non-landmarks"), "\(info.output)")
            let shown = try await sandbox.run("label", "show", paths[0], paths[11])
            #expect(
                shown.output.contains("\(list.labels[0].name) (folder)") && shown.output.contains("none of the labels"))
        }

        @Test("A table's labels, places and titles come back from export as they went in")
        func table() async throws {
            let (sandbox, paths) = try await labelled()
            let bridge = "\"Bridge, \"\"Old\"\"\""
            let text = """
                Image,LABEL,lat,lon,title,url
                My Photos/\(TownPhoto.all[0].name),\(bridge),45.5,-7.25,The bridge,x
                \(paths[1]),\(bridge),,,,x
                \(paths[2]),Caf\u{E9},,,,
                \(paths[3]),_distractor,,,,
                \(paths[4]),,1,2,,
                """
            let file = try write(text, "labels.csv", in: sandbox)
            let outcome = try await sandbox.reply(LabelReply.self, "label", "csv", file)
            #expect(outcome.labelled == 3 && outcome.nonLandmarks == 1 && outcome.places == 2 && outcome.landmarks == 1)
            let list = try await sandbox.reply(LabelListReply.self, "label", "list")
            #expect(
                list.labels.map(\.name) == ["Bridge, \"Old\"", "Caf\u{E9}"] && list.labels[0].title == "The bridge")
            #expect(list.labels[0].place?.latitude == 45.5 && list.labels[0].isPlaceGiven == false)

            let places = try write("label,latitude,longitude,note\nCaf\u{E9},10,20,corner\n", "places.csv", in: sandbox)
            #expect(try await sandbox.reply(LabelReply.self, "label", "places", places).landmarks == 1)
            for arguments in [["all.csv"], ["landmarks.csv", "--landmarks"]] {
                let exported = try await sandbox.run(["label", "export"] + arguments)
                #expect(exported.status == 0, "\(exported.errors)")
            }
            let before = try await sandbox.run("label", "show", sandbox.photos, "--json").output
            let known = try await sandbox.run("label", "list", "--json").output
            let cleared = try await sandbox.reply(LabelReply.self, "label", "clear", "--all", "--places")
            #expect(cleared.cleared == 4 && cleared.clearedPlaces == 2)
            #expect(try await sandbox.run("label", "show", sandbox.photos, "--json").output != before)
            #expect(try await sandbox.run("label", "csv", "all.csv").status == 0)
            #expect(try await sandbox.run("label", "places", "landmarks.csv").status == 0)
            #expect(try await sandbox.run("label", "show", sandbox.photos, "--json").output == before)
            #expect(try await sandbox.run("label", "list", "--json").output == known)
        }

        @Test("Tables of Google Landmarks v2 are read as they are")
        func googleLandmarks() async throws {
            let (sandbox, _) = try await labelled()
            for (index, name) in ["6e158a47eb2ca3f6", "202cd79556f30760"].enumerated() {
                try sandbox.write(TownPhoto.all[10 + index].content, to: "\(name.first ?? "x")/\(name).jpg")
            }
            try await sandbox.run("index", sandbox.photos)
            let train = try write(
                "id,url,landmark_id\n6e158a47eb2ca3f6,https://a/b.jpg,142820\n17660ef415d37059,https://c,104169\n",
                "train.csv", in: sandbox)
            let refused = try await sandbox.run("label", "csv", train)
            #expect(refused.status == 2 && refused.errors.contains("train.csv, line 3"), "\(refused.errors)")
            let outcome = try await sandbox.reply(LabelReply.self, "label", "csv", train, "--skip-missing")
            #expect(outcome.labelled == 1 && outcome.missing == 1)
            let clean = try write(
                "landmark_id,images\n1,17660ef415d37059 202cd79556f30760\n142820,6e158a47eb2ca3f6\n", "clean.csv",
                in: sandbox)
            let second = try await sandbox.reply(LabelReply.self, "label", "csv", clean, "--skip-missing")
            #expect(second.labelled == 1 && second.unchanged == 1 && second.missing == 1)
        }

        @Test("Sidecars give labels and places; a broken one is named, or left aside when asked")
        func sidecars() async throws {
            let (sandbox, paths) = try await labelled()
            try write(#"{"label": "Tower", "latitude": 1.5, "longitude": 2}"#, besides: paths[0], ".json")
            try write("_distractor\n", besides: paths[1], ".txt")
            let found = try await sandbox.reply(LabelReply.self, "label", "sidecars", sandbox.photos)
            #expect(found.labelled == 1 && found.nonLandmarks == 1 && found.places == 1 && found.bare == 10)
            try write("{", besides: paths[2], ".json")
            let broken = try await sandbox.run("label", "sidecars", sandbox.photos)
            #expect(broken.status == 2 && broken.errors.contains(paths[2] + ".json"), "\(broken.errors)")
            let skipped = try await sandbox.reply(
                LabelReply.self, "label", "sidecars", sandbox.photos, "--skip-unreadable")
            #expect(skipped.unreadable == 1 && skipped.unchanged == 2)
        }

        private func write(_ text: String, besides path: String, _ suffix: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path + suffix))
        }

        @Test("By hand: a file name, a folder; labels go when told to")
        func byHand() async throws {
            let (sandbox, paths) = try await labelled()
            let folder = URL(fileURLWithPath: paths[0]).deletingLastPathComponent().path
            #expect(try await sandbox.reply(LabelReply.self, "label", "set", " Old Bridge ", folder).labelled == 3)
            // Names of files in the folder of distractors and in those of landmarks are the same.
            let several = try await sandbox.run("label", "none", "0.jpg")
            #expect(several.status == 2 && several.errors.contains("give the path"), "\(several.errors)")
            #expect(try await sandbox.reply(LabelReply.self, "label", "none", "5.jpg").nonLandmarks == 1)
            let list = try await sandbox.run("label", "list")
            #expect(
                list.output.contains("     3  Old Bridge") && list.output.contains("1 non-landmarks"), "\(list.output)")
            #expect(try await sandbox.reply(LabelReply.self, "label", "clear", paths[0]).cleared == 1)
            #expect(try await sandbox.reply(LabelListReply.self, "label", "list").labels.map(\.imageCount) == [2])
            #expect(try await sandbox.run("label", "clear").status == 64)
            #expect(try await sandbox.run("label", "clear", "--all", paths[0]).status == 64)
        }

        @Test("Two folders, or two lines, that say different things of one image are told; it can be left aside")
        func conflicts() async throws {
            let (sandbox, paths) = try await labelled()
            try sandbox.write(TownPhoto.all[0].content, to: "03 copy/copy.jpg")
            try await sandbox.run("index", sandbox.photos)
            let refused = try await sandbox.run("label", "folders", sandbox.photos)
            #expect(refused.status == 2 && refused.errorLines.count == 1, "\(refused.errors)")
            #expect(refused.errors.contains("03 copy/copy.jpg") && refused.errors.contains(paths[0]))
            #expect(try await sandbox.reply(LabelListReply.self, "label", "list").unlabelled == 12)
            let skipped = try await sandbox.reply(
                LabelReply.self, "label", "folders", sandbox.photos, "--skip-conflicts")
            #expect(skipped.conflicts == 1 && skipped.labelled == 5)
        }

        @Test("A wrong line is named, and nothing is written")
        func wrongLines() async throws {
            let (sandbox, paths) = try await labelled()
            let image = paths[0]
            let cases: [(name: String, text: String, words: [String])] = [
                (
                    "unknown image", "image,label\n\(image),a\ngone.jpg,b\nlost.jpg,b\n",
                    ["line 3", "gone.jpg", "1 more", "--skip-missing"]
                ),
                ("several images", "image,label\n0.jpg,a\n", ["line 2", "0.jpg", "give the path"]),
                (
                    "two labels", "image,label\n\(image),a\n\(paths[1]),b\n\(image),b\n",
                    ["line 4", "line 2", "“b”", "“a”"]
                ),
                (
                    "two places", "image,label,lat,lon\n\(image),a,1,2\n\(image),a,1,3\n",
                    ["line 3", "line 2", "--skip-conflicts"]
                ),
                ("north of the pole", "image,label,lat,lon\n\(image),a,90.5,2\n", ["line 2", "-90 to 90"]),
                ("not a number", "image,label,lat,lon\n\(image),a,north,2\n", ["line 2", "“north”"]),
                ("nan", "image,label,lat,lon\n\(image),a,nan,2\n", ["line 2", "-90 to 90"]),
                ("half a place", "image,label,lat,lon\n\(image),a,1,\n", ["line 2", "without a longitude"]),
                ("spaces", "image,label\n\(image),\"  \"\n", ["line 2", "it is empty"]),
                ("nothing", "image,label\n\(image),\n", ["line 2", "neither label nor place"]),
                ("no image", "image,label\n\(image),a\n,a\n", ["line 3", "names no image"]),
                ("a line break", "image,label\n\(image),\"a\nb\"\n", ["line 2", "line break"]),
                (
                    "a megabyte", "image,label\n\(image),\(String(repeating: "x", count: 1 << 20))\n",
                    ["line 2", "1048576 bytes"]
                ),
                ("too few fields", "image,label\n\(image)\n", ["line 2", "1 fields"]),
                ("no header", "\(image),a\n\(paths[1]),b\n", ["line 1", "landmark_id"]),
                ("no label column", "image,name\n\(image),a\n", ["line 1", "label"]),
                ("two titles", "image,label,title\n\(image),a,x\n\(paths[1]),a,y\n", ["line 3", "“x” on line 2"]),
                ("nothing at all", "", ["is empty"]),
            ]
            for (name, text, words) in cases {
                let file = try write(text, "wrong.csv", in: sandbox)
                let outcome = try await sandbox.run("label", "csv", file)
                #expect(outcome.status == 2 && outcome.output.isEmpty, "\(name): \(outcome)")
                #expect(
                    outcome.errors.hasPrefix("cairn: \(file)") && outcome.errorLines.count == 1,
                    "\(name): \(outcome.errors)")
                #expect(outcome.errors.utf8.count < 600, "\(name)")
                for word in words { #expect(outcome.errors.contains(word), "\(name): \(outcome.errors)") }
            }
            for (text, words) in [
                ("label,lat,lon\nnobody,1,2\n", ["line 2", "nobody"]), ("image,lat\n\(image),1\n", ["longitude"]),
                ("lat,lon\n1,2\n", ["label"]), ("image,lat,lon\n\(image),181,181\n", ["line 2", "-180 to 180"]),
            ] {
                let outcome = try await sandbox.run("label", "places", write(text, "wrong.csv", in: sandbox))
                #expect(outcome.status == 2, "\(outcome)")
                for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
            }
            for arguments in [
                ["set", "a", "gone.jpg"], ["set", "", image], ["set", "a", image, "gone.jpg"], ["none", "gone.jpg"],
                ["clear", "gone.jpg"], ["show", "gone.jpg"], ["csv", "gone.csv"], ["folders", "gone"],
                ["sidecars", "gone"], ["export", "gone/a.csv"],
            ] {
                let outcome = try await sandbox.run(["label"] + arguments)
                #expect(outcome.status == 2 && outcome.errorLines.count == 1, "\(arguments): \(outcome)")
            }
            let list = try await sandbox.reply(LabelListReply.self, "label", "list")
            #expect(list.labels.isEmpty && list.unlabelled == 12)
        }

        @Test("A table of 100,000 lines is read at once; a kill leaves all of it or nothing", .timeLimit(.minutes(2)))
        func manyLines() async throws {
            let (sandbox, paths) = try await labelled()
            var text = "image,label\n"
            for line in 0..<100_000 { text += line < 12 ? "\(paths[line]),label \(line)\n" : "unknown\(line),x\n" }
            let file = try write(text, "many.csv", in: sandbox)
            for delay: UInt32 in [30_000, 60_000, 90_000, 120_000, 160_000, 220_000] {
                let process = try sandbox.start(["label", "csv", file, "--skip-missing"])
                usleep(delay)
                process.send(SIGKILL)
                _ = try await process.wait()
                let list = try await sandbox.reply(LabelListReply.self, "label", "list")
                #expect([0, 12].contains(list.labelled) && list.labelled == list.labels.count)
            }
            let outcome = try await sandbox.run("label", "csv", file, "--skip-missing", "--json")
            let reply = try JSONDecoder().decode(LabelReply.self, from: Data(outcome.output.utf8))
            #expect(reply.labelled + reply.unchanged == 12 && reply.missing == 99_988)
            #expect(outcome.duration < .seconds(20))
            #expect(try await sandbox.run("doctor", "--deep").status == 0)
        }
    }
}

/// What the commands of `cairn label` that change something promise with `--json`.
struct LabelReply: Codable {
    var labelled: Int
    var nonLandmarks: Int
    var unchanged: Int
    var cleared: Int
    var places: Int
    var clearedPlaces: Int
    var landmarks: Int
    var missing: Int
    var conflicts: Int
    var ignored: Int
    var bare: Int
    var unreadable: Int
}

/// What `cairn label list --json` promises.
struct LabelListReply: Codable {
    struct Place: Codable {
        var latitude: Double
        var longitude: Double
    }

    struct Label: Codable {
        var name: String
        var title: String?
        var note: String?
        var imageCount: Int
        var place: Place?
        var isPlaceGiven: Bool
    }

    var labels: [Label]
    var labelled: Int
    var nonLandmarks: Int
    var unlabelled: Int
}
