import Foundation
import Testing

extension CommandLineTests {
    /// Collections that are made with models, and how they are searched.
    @Suite("Searching with models") struct ModelSearchTests {
        /// What `cairn info --json` says of models.
        private struct Models: Decodable {
            struct Statistics: Decodable {
                struct Model: Decodable {
                    var name: String
                    var kind: String
                    var dimensions: Int
                }

                var images: Int
                var keypoints: Int
                var extractors: [Model]
            }

            var statistics: Statistics
        }

        private static func expectSentence(
            _ outcome: CairnProcess.Outcome, _ status: Int32, _ words: String...,
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
            #expect(
                outcome.errors.hasPrefix("cairn: ") && outcome.errorLines.count == 1, "\(outcome.errors)",
                sourceLocation: sourceLocation)
            for word in words {
                #expect(outcome.errors.contains(word), "\(outcome.errors)", sourceLocation: sourceLocation)
            }
        }

        @Test("A global model alone: ranked by likeness; strategies that need keypoints say so")
        func globalAlone() async throws {
            let sandbox = try await Sandbox.withModels(photos: 24)
            let report = try await sandbox.reply(
                IndexReply.self, "index", sandbox.photos, "--model", "thumb", "--keep-partial")
            #expect(report.added == 24)
            let info = try await sandbox.reply(Models.self, "info").statistics
            #expect(info.images == 24 && info.keypoints == 0 && info.extractors.map(\.name) == ["thumb"])
            #expect(info.extractors[0].kind == "global" && info.extractors[0].dimensions == 192)

            let photo = "\(sandbox.photos)/\(TownPhoto.all[4].name)"
            for strategy in [[], ["--strategy", "global"]] {
                let outcome = try await sandbox.run(["search", photo, "--json", "--top", "5"] + strategy)
                try #require(outcome.status == 0, "\(outcome.errors)")
                let answer = try JSONDecoder().decode(SearchReply.self, from: Data(outcome.output.utf8))
                #expect(answer.images.first == photo && answer.results.count == 5)
                #expect(answer.results[0].score > 0.999 && answer.results[1].score < 0.999)
                #expect(answer.results.allSatisfy { $0.inliers == 0 && $0.stages["global"] != nil }, "\(answer)")
            }
            for strategy in ["local", "global+verify", "fused"] {
                Self.expectSentence(
                    try await sandbox.run("search", photo, "--strategy", strategy), 64,
                    "the strategy \(strategy) needs local features", "use global")
            }
            // A later run knows the model by itself; another model is refused.
            #expect(try await sandbox.reply(IndexReply.self, "index", sandbox.photos).unchanged == 24)
            let other = try await sandbox.run("index", sandbox.photos, "--model", "filters")
            #expect(other.status == 64 && other.errors.contains("made with other"), "\(other)")
            let sheet = try await sandbox.run("search", photo, "--html", "sheet.html")
            #expect(sheet.status == 0, "\(sheet.errors)")
        }

        @Test("RootSIFT and a global model: every strategy finds the landmark")
        func both() async throws {
            let sandbox = try await Sandbox.withModels(photos: 24)
            let indexed = try await sandbox.run(
                "index", sandbox.photos, "--model", "rootsift", "--model", "thumb", "--model", "filters")
            #expect(indexed.status == 0, "\(indexed.errors)")
            let info = try await sandbox.reply(Models.self, "info").statistics
            #expect(info.extractors.map(\.name) == ["rootsift", "thumb", "filters"] && info.keypoints > 0)
            let text = try await sandbox.run("info")
            #expect(text.output.contains("thumb, 192 dimensions"), "\(text.output)")

            let query = try sandbox.writeFile(TownPhoto.queries[0], "query.jpg")
            let landmark = "\(sandbox.photos)/00 "
            for strategy in ["local", "global+verify", "fused"] {
                let answer = try await sandbox.reply(
                    SearchReply.self, "search", query, "--strategy", strategy, "--top", "6")
                #expect(answer.images[0].hasPrefix(landmark), "\(strategy): \(answer.images)")
                #expect(answer.results[0].inliers >= 15, "\(strategy)")
                let stages = answer.results[0].stages
                #expect((stages["asmk"] != nil) == (strategy != "global+verify"), "\(strategy): \(stages)")
                #expect((stages["global"] != nil) == (strategy != "local"), "\(strategy): \(stages)")
            }
            let photo = "\(sandbox.photos)/\(TownPhoto.all[7].name)"
            let global = try await sandbox.reply(SearchReply.self, "search", photo, "--strategy", "global")
            #expect(global.images[0] == photo && global.results.allSatisfy { $0.inliers == 0 })
            #expect(global.results.count == 20)
            let best = try await sandbox.reply(SearchReply.self, "search", query, "--top", "6")
            let fused = try await sandbox.reply(
                SearchReply.self, "search", query, "--strategy", "fused", "--top", "6")
            #expect(best.results == fused.results)

            let unknown = try await sandbox.run("search", photo, "--strategy", "best")
            #expect(unknown.status == 64 && unknown.errors.contains("'global+verify'"), "\(unknown)")
        }

        @Test("A keypoint model in place of RootSIFT finds photos it has seen, and has no global strategy")
        func keypointModel() async throws {
            let sandbox = try await Sandbox.withModels(photos: 24)
            let indexed = try await sandbox.run("index", sandbox.photos, "--model", "made-up")
            #expect(indexed.status == 0, "\(indexed.errors)")
            let info = try await sandbox.reply(Models.self, "info").statistics
            #expect(info.keypoints > 24 * 50 && info.extractors.map(\.name) == ["made-up"])
            let photo = "\(sandbox.photos)/\(TownPhoto.all[4].name)"
            let answer = try await sandbox.reply(SearchReply.self, "search", photo, "--top", "3")
            #expect(answer.images.first == photo && answer.results[0].inliers >= 50, "\(answer)")
            Self.expectSentence(
                try await sandbox.run("search", photo, "--strategy", "global"), 64,
                "the strategy global needs global descriptors", "use local")
            let evaluation = try await sandbox.run(
                "evaluate", "folders", sandbox.photos, "--model", "made-up", "--model", "thumb", "--json")
            #expect(evaluation.status == 0, "\(evaluation.errors)")
        }

        @Test("A collection whose model is gone says which one, and how to add it; what needs no model still works")
        func modelGone() async throws {
            let sandbox = try await Sandbox.withModels(photos: 6)
            try await sandbox.run("index", sandbox.photos, "--model", "rootsift", "--model", "thumb")
            let photo = "\(sandbox.photos)/\(TownPhoto.all[1].name)"
            #expect(try await sandbox.run("search", photo).status == 0)
            #expect(try await sandbox.run("models", "remove", "thumb").status == 0)
            for arguments in [["search", photo], ["index", sandbox.photos]] {
                Self.expectSentence(
                    try await sandbox.run(arguments), 2, "model “thumb”", "is missing",
                    "cairn models add FILE --name thumb")
            }
            #expect(
                try await sandbox.reply(Models.self, "info").statistics.extractors.map(\.name) == ["rootsift", "thumb"])
            #expect(try await sandbox.run("remove", photo).status == 0)

            // The same model under its name is the same model, whenever it was added.
            try await sandbox.run(
                "models", "add", "thumbnail.onnx", "--name", "thumb", "--preprocess", "unit", "--licence", "mine")
            #expect(try await sandbox.run("search", photo).status == 0)
            // Another one under that name is not.
            try await sandbox.run("models", "remove", "thumb")
            try await sandbox.run("models", "add", "filters.onnx", "--name", "thumb")
            Self.expectSentence(
                try await sandbox.run("search", photo), 2, "made with the model thumb", "add the old one again")
        }

        @Test("Models that do not go together, or are not there, leave no collection behind")
        func mistakes() async throws {
            let sandbox = try await Sandbox.withModels(photos: 2)
            let cases: [([String], Int32, [String])] = [
                (["made-up", "rootsift"], 64, ["made-up and rootsift both find keypoints"]),
                (["thumb", "thumb"], 64, ["each model once"]),
                (["thum"], 2, ["no model thum in", "there are filters, made-up, thumb"]),
                (["../models"], 64, ["cannot be a model's name"]),
            ]
            for (names, status, words) in cases {
                for command in [["index"], ["evaluate", "folders"]] {
                    let outcome = try await sandbox.run(
                        command + ["My Photos"] + names.flatMap { ["--model", $0] })
                    #expect(outcome.status == status && outcome.errorLines.count == 1, "\(outcome)")
                    for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
                }
            }
            #expect(!FileManager.default.fileExists(atPath: sandbox.collection))
            let photo = "\(sandbox.photos)/\(TownPhoto.all[1].name)"
            Self.expectSentence(
                try await sandbox.run("match", photo, photo, "--model", "thumb"), 64, "thumb describes whole photos")
            Self.expectSentence(
                try await sandbox.run("embed", photo, "--model", "made-up", "--json"), 64, "made-up describes keypoints"
            )
        }

        @Test("A model's file that was changed, and a record that is none, are damage that is named")
        func damaged() async throws {
            let sandbox = try await Sandbox.withModels(photos: 1)
            let file = sandbox.models + "/thumb/model.onnx"
            let content = try Data(contentsOf: URL(fileURLWithPath: file))
            try content.dropLast(3).write(to: URL(fileURLWithPath: file))
            Self.expectSentence(
                try await sandbox.run("embed", "My Photos", "--model", "thumb", "--json"), 4,
                "\(sandbox.models)/thumb/model.onnx",
                "add it again")
            try Data("{}".utf8).write(to: URL(fileURLWithPath: sandbox.models + "/filters/model.json"))
            for arguments in [["models", "show", "filters"], ["models", "list"]] {
                Self.expectSentence(try await sandbox.run(arguments), 4, "filters/model.json", "add it again")
            }
        }
    }
}
