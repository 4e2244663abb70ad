import Foundation
import Testing

extension CommandLineTests {
    /// Every error is one sentence on standard error that says what is wrong with what, and a status that tells its kind.
    @Suite("Errors") struct ErrorTests {
        /// Something that users do, and what they are told. `@` stands for the sandbox, in both.
        struct Case: CustomTestStringConvertible, Sendable {
            var name: String
            var arguments: [String]
            var status: Int32
            var words: [String]
            var testDescription: String { name }

            init(_ name: String, _ arguments: [String], _ status: Int32, _ words: String...) {
                (self.name, self.arguments, self.status, self.words) = (name, arguments, status, words)
            }
        }

        static let cases: [Case] = [
            // What is missing.
            Case(
                "no collection", ["search", "@/photo.jpg", "--collection", "@/none"], 2, "no collection at @/none",
                "index"),
            Case("no collection for info", ["info", "--collection", "@/none"], 2, "no collection at @/none"),
            Case("no collection for remove", ["remove", "x", "--collection", "@/none"], 2, "no collection at @/none"),
            Case("no collection for doctor", ["doctor", "--collection", "@/none"], 2, "no collection at @/none"),
            Case("a folder that is no collection", ["info", "--collection", "@/My Photos"], 2, "not a collection"),
            Case(
                "the collection is a file", ["search", "@/photo.jpg", "--collection", "@/photo.jpg"], 64, "is a file"),
            Case("an index into a file", ["index", "@/My Photos", "--collection", "@/photo.jpg"], 64, "is a file"),
            Case(
                "an index into a folder of other things", ["index", "@/photo.jpg", "--collection", "@/My Photos"], 64,
                "@/My Photos"),
            Case("photos that are not there", ["index", "@/no photos"], 2, "no file or folder @/no photos"),
            Case("remove what is not there", ["remove", "@/never"], 2, "@/never", "nothing was removed"),

            // Queries.
            Case("no such query", ["search", "@/nothing.jpg"], 2, "@/nothing.jpg", "no such file"),
            Case("a query that is a folder", ["search", "@/My Photos"], 64, "@/My Photos", "folder"),
            Case("a query that is text", ["search", "@/text.jpg"], 2, "@/text.jpg", "not an image"),
            Case("an empty query", ["search", "@/empty.jpg"], 2, "@/empty.jpg", "empty"),
            Case("a truncated query", ["search", "@/truncated.jpg"], 2, "@/truncated.jpg", "--keep-partial"),
            Case(
                "a query that is too large", ["search", "@/photo.jpg", "--max-megapixels", "0.01"], 2,
                "--max-megapixels"),
            Case("a pair with a truncated photo", ["match", "@/photo.jpg", "@/truncated.jpg"], 2, "@/truncated.jpg"),
            Case("a pair with a lost photo", ["match", "@/photo.jpg", "@/nothing.jpg"], 2, "@/nothing.jpg"),

            // Options.
            Case("--top 0", ["search", "@/photo.jpg", "--top", "0"], 64, "--top is 0; it must be at least 1"),
            Case("--top without a number", ["search", "@/photo.jpg", "--top", "ten"], 64, "'ten'", "--top"),
            Case("an unknown option", ["search", "@/photo.jpg", "--frobnicate"], 64, "Unknown option '--frobnicate'"),
            Case("an unknown command", ["serach", "@/photo.jpg"], 64, "serach"),
            Case(
                "an unknown model", ["match", "a", "b", "--geometry", "sphere"], 64,
                "'homography', 'affine' or 'fundamental'"),
            Case("a picture of another sort", ["match", "a", "b", "-o", "a.gif"], 64, ".png or .jpg"),
            Case("an odd limit", ["index", "@/My Photos", "--max-megapixels=-1"], 64, "--max-megapixels is -1"),
            Case("no batch at all", ["index", "@/My Photos", "--batch", "0"], 64, "--batch is 0"),
            Case("no keypoints", ["index", "@/My Photos", "--keypoints", "0"], 64, "--keypoints is 0"),
            Case("no keypoints to evaluate", ["evaluate", "folders", "x", "--keypoints", "0"], 64, "--keypoints is 0"),
            Case("a town too small", ["demo", "--landmarks", "1"], 64, "--landmarks is 1"),
            Case(
                "other settings", ["index", "@/My Photos", "--keypoints", "77"], 64, "made with other feature settings"),

            // Files to write.
            Case(
                "a sheet in no folder", ["search", "@/photo.jpg", "--html", "@/no/sheet.html"], 2,
                "@/no/sheet.html cannot be written: there is no folder @/no"),
            Case(
                "a picture in no folder", ["match", "@/photo.jpg", "@/photo.jpg", "-o", "@/no/a.png"], 2,
                "there is no folder @/no"),
            Case(
                "words in no folder", ["vocabulary", "train", "@/My Photos", "-o", "@/no/a.voc"], 2,
                "there is no folder @/no"),
            Case(
                "a sheet that is a folder", ["search", "@/photo.jpg", "--html", "@/My Photos"], 1,
                "@/My Photos cannot be written"),
            Case("a demo among other things", ["demo", "-o", "@/My Photos"], 64, "which no demo made", "--output"),

            // Vocabularies.
            Case(
                "words from a photo", ["index", "@/My Photos", "--vocabulary", "@/photo.jpg", "--collection", "@/n"], 2,
                "is not a vocabulary"),
            Case("no words", ["index", "@/My Photos", "--vocabulary", "@/none", "--collection", "@/n"], 2, "@/none"),
            Case(
                "another collection's words", ["index", "@/My Photos", "--vocabulary", "@/words"], 64,
                "made with another vocabulary"),
            Case(
                "more words than descriptors", ["vocabulary", "train", "@/photo.jpg", "-o", "@/w", "--words", "9999"],
                2,
                "fewer than 9999 words"),
            Case("words from nothing", ["vocabulary", "train", "@/hollow", "-o", "@/w"], 2, "@/hollow"),

            // Evaluation.
            Case("no folder to evaluate", ["evaluate", "folders", "@/none"], 2, "@/none is not a folder"),
            Case("a folder without classes", ["evaluate", "folders", "@/hollow"], 2, "@/hollow holds no images"),
            Case(
                "no list of queries", ["evaluate", "folders", "@/My Photos", "--queries", "@/none.csv"], 2, "@/none.csv"
            ),
            Case(
                "a list without a header", ["evaluate", "folders", "@/My Photos", "--queries", "@/headless.csv"], 2,
                "@/headless.csv, line 1", "header"),
            Case(
                "a list of what is not there", ["evaluate", "folders", "@/My Photos", "--queries", "@/wrong.csv"], 2,
                "@/wrong.csv, line 3", "gone.jpg"),
        ]

        /// A collection, and files that are wrong in many ways; made once, as no case changes it.
        private static let sandbox = Task {
            let sandbox = try Sandbox()
            try sandbox.writeTown(4)
            let photo = TownPhoto.all[0].content
            for (name, content) in [
                ("photo.jpg", photo), ("truncated.jpg", photo.prefix(photo.count / 2)),
                ("text.jpg", Data("hello".utf8)),
                ("empty.jpg", Data()), ("headless.csv", Data("\(TownPhoto.all[0].name)\n".utf8)),
                ("wrong.csv", Data("image,kind\n\(TownPhoto.all[0].name),a\ngone.jpg,b\n".utf8)),
            ] { try content.write(to: URL(fileURLWithPath: "\(sandbox.root)/\(name)")) }
            try FileManager.default.createDirectory(atPath: sandbox.root + "/hollow", withIntermediateDirectories: true)
            let indexed = try await sandbox.run("index", sandbox.photos)
            try #require(indexed.status == 0, "\(indexed.errors)")
            let trained = try await sandbox.run(
                "vocabulary", "train", sandbox.photos, "-o", "words", "--words", "8", "--iterations", "1")
            try #require(trained.status == 0, "\(trained.errors)")
            return sandbox
        }

        /// Usage errors add what the command takes; all others are a sentence.
        private static func expectSentence(
            _ outcome: CairnProcess.Outcome, _ status: Int32, _ words: [String],
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            let errors = outcome.errors
            #expect(outcome.status == status, "\(outcome)", sourceLocation: sourceLocation)
            #expect(outcome.output.isEmpty, "\(outcome.output)", sourceLocation: sourceLocation)
            for word in words { #expect(errors.contains(word), sourceLocation: sourceLocation) }
            if errors.hasPrefix("Error: ") {
                #expect(status == 64 && errors.contains("--help' for more information"), sourceLocation: sourceLocation)
            } else {
                #expect(errors.hasPrefix("cairn: "), "\(errors)", sourceLocation: sourceLocation)
                #expect(outcome.errorLines.count == 1, "\(errors)", sourceLocation: sourceLocation)
            }
            // Nothing that only developers can read.
            for word in ["NSCocoa", "Optional(", "Swift.", "Error Domain", "SQLITE_"] {
                #expect(!errors.contains(word), sourceLocation: sourceLocation)
            }
        }

        @Test("A mistake is answered with one sentence", arguments: cases)
        func mistakes(mistake: Case) async throws {
            let sandbox = try await Self.sandbox.value
            func filled(_ text: String) -> String { text.replacing("@", with: sandbox.root) }
            let outcome = try await sandbox.run(mistake.arguments.map(filled))
            Self.expectSentence(outcome, mistake.status, mistake.words.map(filled))
        }

        @Test("A mistyped path leaves no empty collection behind")
        func nothingMade() async throws {
            let sandbox = try Sandbox()
            Self.expectSentence(try await sandbox.run("index", "nowhere"), 2, ["no file or folder nowhere"])
            #expect(!FileManager.default.fileExists(atPath: sandbox.collection))
            Self.expectSentence(try await sandbox.run("search", "nowhere.jpg"), 2, ["no collection at"])
        }

        @Test("A search of an empty collection finds nothing, and says how to fill it")
        func emptyCollection() async throws {
            let sandbox = try Sandbox()
            let photo = try sandbox.writeTown(1)[0]
            let hollow = sandbox.root + "/hollow"
            try FileManager.default.createDirectory(atPath: hollow, withIntermediateDirectories: true)
            let indexed = try await sandbox.run("index", hollow)
            #expect(indexed.status == 0 && indexed.output.contains("nothing"), "\(indexed)")
            let text = try await sandbox.run("search", photo)
            #expect(text.status == 0 && text.output.contains("Nothing found among 0 images"), "\(text)")
            #expect(try await sandbox.reply(SearchReply.self, "search", photo).results.isEmpty)
            #expect(try await sandbox.run("info").status == 0)
            #expect(try await sandbox.run("doctor", "--deep").status == 0)
        }

        @Test("A second writer is told who writes")
        func secondWriter() async throws {
            let sandbox = try Sandbox()
            let photos = try sandbox.writeTown()
            try await sandbox.run("index", photos[0])
            let writer = try sandbox.start(["index", sandbox.photos, "--threads", "1"])
            // Whoever writes leaves its number in the lock file.
            let lock = sandbox.collection + "/lock"
            for _ in 0..<500 where FileManager.default.contents(atPath: lock)?.isEmpty != false {
                try await Task.sleep(for: .milliseconds(20))
            }
            let index = try await sandbox.run("index", sandbox.photos)
            let removal = try await sandbox.run("remove", photos[0])
            let outcome = try await writer.wait()
            for second in [index, removal] {
                Self.expectSentence(second, 3, ["process \(writer.pid) is writing", "wait until it is done"])
            }
            #expect(outcome.status == 0, "\(outcome.errors)")
        }

        @Test("A collection of a newer version, and a damaged one, are said to be that")
        func strangeCollections() async throws {
            let sandbox = try Sandbox()
            let photo = try sandbox.writeTown(1)[0]
            try await sandbox.run("index", sandbox.photos)
            let database = sandbox.collection + "/collection.sqlite"
            // A migration that this version does not know, put in by sqlite's own tool where there is one.
            let tools: [String] = ["/usr/bin/sqlite3", "/usr/bin/python3"]
            let tool = tools.first { access($0, X_OK) == 0 }
            let statement = "INSERT INTO grdb_migrations VALUES ('2 something new')"
            if let tool {
                let arguments =
                    tool.hasSuffix("sqlite3")
                    ? [tool, database, statement]
                    : [
                        tool, "-c",
                        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()",
                        database, statement,
                    ]
                let edit = try await CairnProcess(
                    arguments, environment: sandbox.environment, folder: sandbox.root, scratch: sandbox.root
                ).wait()
                try #require(edit.status == 0, "\(edit.errors)")
                for arguments in [["search", photo], ["info"], ["index", sandbox.photos], ["remove", photo]] {
                    Self.expectSentence(
                        try await sandbox.run(arguments), 2, ["written by a newer version of Cairn", "update Cairn"])
                }
            } else {
                Test.cancelledPart("neither sqlite3 nor python3 is there to write a newer schema")
            }
            for name in ["-wal", "-shm"] { unlink(database + name) }
            try Data(repeating: 0x5A, count: 8192).write(to: URL(fileURLWithPath: database))
            for arguments in [["search", photo], ["info"], ["index", sandbox.photos]] {
                let outcome = try await sandbox.run(arguments)
                #expect(outcome.status == 4, "\(outcome)")
                #expect(outcome.errors.contains("is damaged") && outcome.errorLines.count == 1, "\(outcome.errors)")
            }
        }
    }
}

extension Test {
    /// Makes a part that could not run visible in the test's log.
    static func cancelledPart(_ reason: String) { print("SKIPPED: \(reason)") }
}
