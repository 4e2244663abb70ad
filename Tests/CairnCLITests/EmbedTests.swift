import CairnFormats
import Foundation
import Testing

extension CommandLineTests {
    /// `cairn embed`: descriptors beside their photos.
    @Suite("embed") struct EmbedTests {
        private static let sandbox = Task { try await Sandbox.withModels(photos: 12) }

        private static func length(_ values: some Sequence<Float>) -> Double {
            values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        }

        @Test("JSON and .npy hold the same rows of unit length, in the order of the photos")
        func rows() async throws {
            let sandbox = try await Self.sandbox.value
            // Not the order of names.
            let paths = [7, 2, 11, 0].map { "\(sandbox.photos)/\(TownPhoto.all[$0].name)" }
            let file = sandbox.root + "/rows.npy"
            let outcome = try await sandbox.run(
                ["embed"] + paths + ["--model", "filters", "--json", "-o", file])
            try #require(outcome.status == 0, "\(outcome.errors)")
            let rows = try JSONDecoder().decode([EmbeddingReply].self, from: Data(outcome.output.utf8))
            #expect(rows.map(\.path) == paths)
            let array = try NPYFile.read(contentsOf: file)
            #expect(array.shape == [4, 16] && array.elementType == .float32)
            let values = array.floats()
            #expect(Array(rows.flatMap(\.descriptor)) == values)
            for row in rows { #expect(abs(Self.length(row.descriptor) - 1) < 1e-5) }
            // Alone, a photo has the same descriptor.
            let alone = try await sandbox.run("embed", paths[2], "--model", "filters", "--json")
            let single = try JSONDecoder().decode([EmbeddingReply].self, from: Data(alone.output.utf8))
            #expect(zip(single[0].descriptor, rows[2].descriptor).allSatisfy { abs($0 - $1) < 1e-4 })
            #expect(Set(rows.map(\.descriptor)).count == 4)
        }

        @Test("A folder stands for the photos below it by path, beside files that are named")
        func folders() async throws {
            let sandbox = try Sandbox()
            for (place, name) in ["b/2.jpg", "b/1.JPG", "a.png", "c/deep/er.jpeg", ".hidden/x.jpg"].enumerated() {
                try sandbox.write(TownPhoto.all[place].content, to: name)
            }
            try sandbox.write(Data("no photo".utf8), to: "b/notes.txt")
            let model = try sandbox.writeThumbnailModel()
            try await sandbox.run("models", "add", model, "--name", "thumb", "--preprocess", "unit")
            let query = try sandbox.writeFile(TownPhoto.queries[0], "query.jpg")
            let outcome = try await sandbox.run("embed", query, "My Photos", "--model", "thumb", "--json")
            try #require(outcome.status == 0, "\(outcome.errors)")
            let rows = try JSONDecoder().decode([EmbeddingReply].self, from: Data(outcome.output.utf8))
            let expected = [query] + ["a.png", "b/1.JPG", "b/2.jpg", "c/deep/er.jpeg"].map { "My Photos/" + $0 }
            #expect(rows.map(\.path) == expected)
        }

        @Test("A photo that cannot be read ends it by name, and no file is written")
        func unreadable() async throws {
            let sandbox = try await Self.sandbox.value
            let photo = TownPhoto.all[0].content
            let good = "\(sandbox.photos)/\(TownPhoto.all[0].name)"
            for (name, content) in [
                ("text.jpg", Data("hello".utf8)), ("empty.jpg", Data()),
                ("truncated.jpg", photo.prefix(photo.count / 2)),
            ] {
                let bad = try sandbox.writeFile(content, name)
                let outcome = try await sandbox.run("embed", good, bad, "--model", "thumb", "-o", "none.npy")
                #expect(outcome.status == 2 && outcome.errorLines.count == 1, "\(outcome)")
                #expect(outcome.errors.hasPrefix("cairn: \(bad)"), "\(outcome.errors)")
                #expect(!FileManager.default.fileExists(atPath: sandbox.root + "/none.npy"))
            }
        }

        @Test("A model with several scales, and one in 16-bit arithmetic, stay close to the plain one")
        func variants() async throws {
            let sandbox = try await Self.sandbox.value
            let file = try sandbox.writeFilterModel("again.onnx")
            try await sandbox.run(
                "models", "add", file, "--name", "multi", "--preprocess", "unit", "--scales", "multi")
            let photo = "\(sandbox.photos)/\(TownPhoto.all[0].name)"
            func descriptor(_ arguments: String...) async throws -> [Float] {
                let outcome = try await sandbox.run(["embed", photo, "--json"] + arguments)
                try #require(outcome.status == 0, "\(outcome.errors)")
                return try JSONDecoder().decode([EmbeddingReply].self, from: Data(outcome.output.utf8))[0].descriptor
            }
            let plain = try await descriptor("--model", "filters", "--precision", "float32")
            for other in [
                try await descriptor("--model", "multi"),
                try await descriptor("--model", "filters", "--precision", "bfloat16"),
            ] {
                #expect(abs(Self.length(other) - 1) < 1e-5)
                #expect(zip(plain, other).reduce(0) { $0 + $1.0 * $1.1 } > 0.99)
            }
            #expect(try await descriptor("--model", "multi", "--precision", "float32") != plain)
        }
    }
}
