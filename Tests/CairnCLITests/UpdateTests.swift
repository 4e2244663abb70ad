import CairnImaging
import Foundation
import Testing

extension CommandLineTests {
    /// What becomes of a collection when the photos change.
    @Suite("Updates") struct UpdateTests {
        @Test(
            "A moved file keeps its features, a copy is a duplicate, a changed one is read anew, a lost one goes by --prune"
        )
        func changes() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown(12)
            let manager = FileManager.default
            #expect(try await sandbox.reply(IndexReply.self, "index", sandbox.photos).added == 12)
            let again = try await sandbox.reply(IndexReply.self, "index", sandbox.photos)
            #expect(again.unchanged == 12 && again.added == 0)

            let moved = sandbox.photos + "/elsewhere.jpg"
            try manager.moveItem(atPath: paths[0], toPath: moved)
            let move = try await sandbox.reply(IndexReply.self, "index", sandbox.photos)
            #expect(move.moved == 1 && move.added == 0 && move.unchanged == 11)
            let found = try await sandbox.reply(SearchReply.self, "search", moved, "--top", "1")
            #expect(found.images == [moved] && found.results[0].copies == nil)

            let copy = sandbox.photos + "/zz copy.jpg"
            try manager.copyItem(atPath: moved, toPath: copy)
            let copied = try await sandbox.reply(IndexReply.self, "index", sandbox.photos)
            #expect(copied.duplicates == 1 && copied.added == 0)
            let twice = try await sandbox.reply(SearchReply.self, "search", moved, "--top", "1")
            #expect(Set(twice.images + (twice.results[0].copies ?? [])) == [moved, copy])
            #expect(try await sandbox.reply(InfoReply.self, "info").statistics.images == 12)

            // Photo 3 now shows what photo 40 shows.
            try TownPhoto.all[38].content.write(to: URL(fileURLWithPath: paths[3]))
            let changed = try await sandbox.reply(IndexReply.self, "index", sandbox.photos)
            #expect(changed.changed == 1 && changed.added == 0 && changed.unchanged == 12)
            let query = sandbox.root + "/query.jpg"
            try TownPhoto.all[38].content.write(to: URL(fileURLWithPath: query))
            let shown = try await sandbox.reply(SearchReply.self, "search", query, "--top", "1")
            #expect(shown.images == [paths[3]])

            try manager.removeItem(atPath: paths[5])
            #expect(try await sandbox.reply(IndexReply.self, "index", sandbox.photos).removed == 0)
            #expect(try await sandbox.reply(InfoReply.self, "info").statistics.images == 12)
            #expect(try await sandbox.reply(IndexReply.self, "index", sandbox.photos, "--prune").removed == 1)
            #expect(try await sandbox.reply(InfoReply.self, "info").statistics.images == 11)
            let doctor = try await sandbox.run("doctor", "--deep")
            #expect(doctor.status == 0, "\(doctor.output)")
        }

        @Test("What is removed is invisible at once; files stay, and indexing brings them back")
        func removal() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown(9)
            try await sandbox.run("index", sandbox.photos)
            let before = try await sandbox.reply(SearchReply.self, "search", paths[0], "--top", "100")
            #expect(before.images.first == paths[0])

            // By a path relative to the working folder.
            let removal = try await sandbox.run("remove", "My Photos/" + TownPhoto.all[0].name)
            #expect(removal.status == 0, "\(removal.errors)")
            let after = try await sandbox.reply(SearchReply.self, "search", paths[0], "--top", "100")
            #expect(!after.images.contains(paths[0]) && !after.results.isEmpty)
            #expect(FileManager.default.fileExists(atPath: paths[0]))

            let folder = (paths[3] as NSString).deletingLastPathComponent
            struct RemovalReply: Decodable, Equatable { var files, images: Int }
            #expect(
                try await sandbox.reply(RemovalReply.self, "remove", folder) == RemovalReply(files: 3, images: 3))
            let rest = try await sandbox.reply(SearchReply.self, "search", paths[3], "--top", "100", "--no-verify")
            #expect(!rest.images.contains { $0.hasPrefix(folder) })

            #expect(try await sandbox.reply(IndexReply.self, "index", sandbox.photos).added == 4)
            let restored = try await sandbox.reply(SearchReply.self, "search", paths[0], "--top", "100")
            #expect(restored.images.first == paths[0])
        }

        @Test("Searches and info succeed all the while an index run writes")
        func readers() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown(6)
            try await sandbox.run("index", sandbox.photos)
            try sandbox.writeTown()
            let writer = try sandbox.start(["index", sandbox.photos, "--batch", "2", "--threads", "1", "--json"])
            var images: [Int] = []
            for round in 0..<6 {
                let answer = try await sandbox.reply(SearchReply.self, "search", paths[round], "--top", "1")
                #expect(answer.images == [paths[round]])
                images.append(try await sandbox.reply(InfoReply.self, "info").statistics.images)
            }
            let outcome = try await writer.wait()
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(images == images.sorted() && images[0] < 42, "readers came too late: \(images)")
            #expect(try await sandbox.reply(InfoReply.self, "info").statistics.images == 42)
        }

        @Test("A collection may be moved to another folder")
        func movedCollection() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown(4)
            try await sandbox.run("index", sandbox.photos)
            let other = sandbox.root + "/other place"
            try FileManager.default.moveItem(atPath: sandbox.collection, toPath: other)
            let answer = try await sandbox.reply(
                SearchReply.self, "search", paths[1], "--collection", other, "--top", "1")
            #expect(answer.images == [paths[1]])
        }
    }
}
