import Foundation
import Testing

extension CommandLineTests {
    /// Index runs that find no room.
    @Suite("A full disk") struct DiskFullTests {
        /// Runs `body` with a small file system in memory; only root may make one. `nil` where that fails.
        static func withSmallDisk<Value>(
            below folder: String, bytes: Int, _ body: (String) async throws -> Value
        ) async throws -> Value? {
            let path = folder + "/small disk"
            guard geteuid() == 0, mkdir(path, 0o755) == 0, mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0
            else { return nil }
            defer { umount2(path, Int32(MNT_DETACH)) }
            return try await body(path)
        }

        static func canMount() async throws -> Bool {
            let sandbox = try Sandbox()
            return try await withSmallDisk(below: sandbox.root, bytes: 1 << 20) { _ in true } ?? false
        }

        @Test(
            "A run that fills the disk fails clearly, what was done stays usable, and with room it is completed",
            .enabled("only root may mount a small file system") { try await DiskFullTests.canMount() })
        func fullDisk() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown()
            let size = 24 << 20
            try await Self.withSmallDisk(below: sandbox.root, bytes: size) { disk in
                let collection = disk + "/collection"
                try await sandbox.run("index", sandbox.photos + "/_distractor", "--collection", collection)
                // What other programs wrote leaves a little room.
                let ballast = disk + "/ballast"
                let attributes = try FileManager.default.attributesOfFileSystem(forPath: disk)
                let free = try #require(attributes[.systemFreeSize] as? NSNumber).intValue
                try #require(free > 1_500_000, "the empty collection takes \(size - free) bytes")
                try Data(count: free - 1_000_000).write(to: URL(fileURLWithPath: ballast))

                let outcome = try await sandbox.run(
                    "index", sandbox.photos, "--collection", collection, "--batch", "4")
                #expect(outcome.status == 5 && outcome.signal == 0 && outcome.output.isEmpty, "\(outcome)")
                #expect(outcome.errorLines.count == 1 && outcome.errors.contains("make room"), "\(outcome.errors)")

                let info = try await sandbox.reply(InfoReply.self, "info", "--collection", collection)
                #expect((6..<42).contains(info.statistics.images))
                let known = "\(sandbox.photos)/_distractor/0.jpg"
                let answer = try await sandbox.reply(SearchReply.self, "search", known, "--collection", collection)
                #expect(answer.images.first == known)
                #expect(try await sandbox.run("doctor", "--deep", "--collection", collection).status == 0)

                unlink(ballast)
                let rest = try await sandbox.run("index", sandbox.photos, "--collection", collection, "--batch", "4")
                #expect(rest.status == 0, "\(rest.errors)")
                let end = try await sandbox.reply(InfoReply.self, "info", "--collection", collection)
                #expect(end.statistics.images == paths.count && end.statistics.files == paths.count)
                #expect(try await sandbox.run("doctor", "--deep", "--collection", collection).status == 0)
            }
        }

        @Test(
            "Removing photos without a byte of room fails clearly and drops nothing; with a little room it works",
            .enabled("only root may mount a small file system") { try await DiskFullTests.canMount() })
        func removalOnFullDisk() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown(8)
            try await Self.withSmallDisk(below: sandbox.root, bytes: 12 << 20) { disk in
                let collection = disk + "/collection"
                try await sandbox.run("index", sandbox.photos, "--collection", collection)
                _ = FileManager.default.createFile(atPath: disk + "/ballast", contents: nil)
                let ballast = try FileHandle(forWritingTo: URL(fileURLWithPath: disk + "/ballast"))
                while (try? ballast.write(contentsOf: Data(count: 4096))) != nil {}
                let outcome = try await sandbox.run("remove", paths[0], "--collection", collection)
                #expect(outcome.status == 5 && outcome.errorLines.count == 1, "\(outcome)")
                #expect(outcome.errors.contains("make room"), "\(outcome.errors)")
                let before = try await sandbox.reply(SearchReply.self, "search", paths[0], "--collection", collection)
                #expect(before.images.first == paths[0])

                try ballast.truncate(atOffset: ballast.offset() - 200_000)
                try ballast.close()
                let removal = try await sandbox.run("remove", paths[0], "--collection", collection)
                #expect(removal.status == 0, "\(removal.errors)")
                let after = try await sandbox.reply(SearchReply.self, "search", paths[0], "--collection", collection)
                #expect(!after.images.contains(paths[0]) && !after.images.isEmpty)
            }
        }

        @Test("A limit on the size of files is an error to report, and kills nobody")
        func fileSizeLimit() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown()
            try await sandbox.run("index", paths[0])
            // 512-byte blocks: less than the features of all photos take.
            let limited = ["/bin/sh", "-c", "ulimit -f 5000; exec \"$@\"", "sh"]
            let outcome = try await sandbox.run("index", sandbox.photos, "--batch", "8", wrapper: limited)
            #expect(outcome.status == 5 && outcome.signal == 0 && outcome.errorLines.count == 1, "\(outcome)")
            #expect(try await sandbox.reply(SearchReply.self, "search", paths[0]).images.first == paths[0])
            let rest = try await sandbox.run("index", sandbox.photos)
            #expect(rest.status == 0, "\(rest.errors)")
            #expect(try await sandbox.reply(InfoReply.self, "info").statistics.images == paths.count)
        }
    }
}
