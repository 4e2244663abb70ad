import Foundation
import Testing

extension CommandLineTests {
    /// `cairn whiten learn`: a model's descriptors, decorrelated.
    @Suite("whiten") struct WhitenTests {
        private static func embed(_ sandbox: Sandbox, _ model: String) async throws -> [[Float]] {
            let outcome = try await sandbox.run("embed", "My Photos", "--model", model, "--json")
            try #require(outcome.status == 0, "\(outcome.errors)")
            return try JSONDecoder().decode([EmbeddingReply].self, from: Data(outcome.output.utf8)).map(\.descriptor)
        }

        @Test("PCA whitening: fewer dimensions of unit length, under a new name and with a new digest")
        func pca() async throws {
            let sandbox = try await Sandbox.withModels(photos: 30)
            let before = try await sandbox.reply(ModelReply.self, "models", "show", "filters")
            let white = try await sandbox.reply(
                ModelReply.self, "whiten", "learn", sandbox.photos, "--model", "filters", "--as", "white",
                "--dimensions", "6")
            #expect(white.name == "white" && white.dimensions == 6 && white.digest != before.digest)
            #expect(white.fileDigest == before.fileDigest && white.whitening?.hasPrefix("pca, 6") == true)
            let after = try await sandbox.reply(ModelReply.self, "models", "show", "filters")
            #expect(after.digest == before.digest && after.dimensions == 16)

            let rows = try await Self.embed(sandbox, "white")
            #expect(rows.count == 30)
            for row in rows { #expect(row.count == 6 && abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4) }
            // The mean is gone: unwhitened descriptors all point the same way, these do not.
            func likeness(_ rows: [[Float]]) -> Float {
                let sum = rows.reduce([Float](repeating: 0, count: rows[0].count)) { zip($0, $1).map(+) }
                return sum.reduce(0) { $0 + $1 * $1 } / Float(rows.count * rows.count)
            }
            #expect(likeness(try await Self.embed(sandbox, "filters")) > 0.8)
            #expect(likeness(rows) < 0.2)
        }

        @Test("In place, the model's digest changes, and a collection made with it says that it was another")
        func inPlace() async throws {
            let sandbox = try await Sandbox.withModels(photos: 24)
            let indexed = try await sandbox.run("index", sandbox.photos, "--model", "filters")
            #expect(indexed.status == 0, "\(indexed.errors)")
            let before = try await sandbox.reply(ModelReply.self, "models", "show", "filters")
            let white = try await sandbox.reply(
                ModelReply.self, "whiten", "learn", sandbox.photos, "--model", "filters", "--dimensions", "8")
            #expect(white.name == "filters" && white.digest != before.digest && white.dimensions == 8)
            #expect(sandbox.modelFolders == ["filters", "made-up", "thumb"])
            let search = try await sandbox.run("search", "My Photos/\(TownPhoto.all[0].name)")
            #expect(search.status == 2 && search.errorLines.count == 1, "\(search)")
            for word in ["filters", "add the old one again", "new collection"] {
                #expect(search.errors.contains(word), "\(search.errors)")
            }
        }

        @Test("Learned whitening takes one folder for one thing")
        func pairs() async throws {
            let sandbox = try await Sandbox.withModels(photos: 36)
            let text = try await sandbox.run(
                "whiten", "learn", "My Photos", "--model", "filters", "--as", "learned", "--method", "pairs",
                "--shrinkage", "0.05")
            #expect(text.status == 0 && text.output.contains("16 → 16 dimensions, learned from 36 photos"), "\(text)")
            let learned = try await sandbox.reply(ModelReply.self, "models", "show", "learned")
            #expect(learned.whitening?.hasPrefix("learned, 16") == true, "\(learned.whitening ?? "")")
            // It was learned to bring photos of one thing together.
            func margin(_ rows: [[Float]]) -> Float {
                func product(_ a: Int, _ b: Int) -> Float { zip(rows[a], rows[b]).reduce(0) { $0 + $1.0 * $1.1 } }
                var (same, other, counts) = (Float(0), Float(0), (Float(0), Float(0)))
                for a in rows.indices {
                    for b in rows.indices where b > a {
                        if a / 3 == b / 3 { (same, counts.0) = (same + product(a, b), counts.0 + 1) }
                        if a / 3 != b / 3 { (other, counts.1) = (other + product(a, b), counts.1 + 1) }
                    }
                }
                return same / counts.0 - other / counts.1
            }
            #expect(
                try await margin(Self.embed(sandbox, "learned")) > margin(Self.embed(sandbox, "filters")))
        }

        @Test("Photos that are too few, not there or unusable are said to be that, and the model stays as it was")
        func mistakes() async throws {
            let sandbox = try await Sandbox.withModels(photos: 5)
            let hollow = sandbox.root + "/hollow"
            try FileManager.default.createDirectory(atPath: hollow, withIntermediateDirectories: true)
            let flat = sandbox.root + "/flat"
            try FileManager.default.createDirectory(atPath: flat, withIntermediateDirectories: true)
            try TownPhoto.all[0].content.write(to: URL(fileURLWithPath: flat + "/only.jpg"))
            let cases: [(arguments: [String], status: Int32, words: [String])] = [
                (
                    ["My Photos", "--model", "filters"], 64,
                    ["5 descriptors vary in 4 directions", "more", "shrinkage"]
                ),
                (["My Photos", "--model", "filters", "--method", "pairs"], 64, ["pairs do not differ", "shrinkage"]),
                (["flat", "--model", "filters", "--method", "pairs"], 2, ["no pairs", "a folder of their own"]),
                (["hollow", "--model", "filters"], 2, ["no usable photo in hollow"]),
                (["nowhere", "--model", "filters"], 2, ["no folder nowhere"]),
                (["My Photos", "--model", "made-up"], 64, ["made-up describes keypoints"]),
                (["My Photos", "--model", "other"], 2, ["no model other", "there are filters, made-up, thumb"]),
                (["My Photos", "--model", "filters", "--dimensions", "17"], 64, ["17", "16"]),
                (["My Photos", "--model", "filters", "--as", "thumb", "--dimensions", "2"], 3, ["thumb already"]),
            ]
            let digests = try await sandbox.reply([ModelReply].self, "models", "list").map(\.digest)
            for (arguments, status, words) in cases {
                let outcome = try await sandbox.run(["whiten", "learn"] + arguments)
                #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)")
                #expect(outcome.errors.hasPrefix("cairn: ") && outcome.errorLines.count == 1, "\(outcome.errors)")
                for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
            }
            #expect(try await sandbox.reply([ModelReply].self, "models", "list").map(\.digest) == digests)
            #expect(sandbox.modelFolders == ["filters", "made-up", "thumb"])
        }
    }
}
