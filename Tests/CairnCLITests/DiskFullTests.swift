import Foundation
import Testing

extension CommandLineTests {
    /// Index runs that find no room.
    @Suite("A full disk") struct DiskFullTests {
        /// A small file system in memory; only root may make one.
        private final class SmallDisk: Sendable {
            let path: String

            init?(below folder: String, bytes: Int) {
                path = folder + "/small disk"
                guard geteuid() == 0, mkdir(path, 0o755) == 0,
                    mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0
                else { return nil }
            }

            deinit { umount2(path, Int32(MNT_DETACH.rawValue)) }
        }

        private static let canMount: Bool = (try? Sandbox()).map { SmallDisk(below: $0.root, bytes: 1 << 20) != nil } ?? false

        @Test(
            "A run that fills the disk fails clearly, what was done stays usable, and with room it is completed",
            .enabled(if: canMount, "only root may mount a small file system"))
        func fullDisk() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown()
            let disk = try #require(SmallDisk(below: sandbox.root, bytes: 8 << 20))
            let collection = disk.path + "/collection"
            try await sandbox.run("index", sandbox.photos + "/_distractor", "--collection", collection)
            // What other programs wrote leaves a little room.
            let ballast = disk.path + "/ballast"
            var status = statfs()
            try #require(statfs(disk.path, &status) == 0)
            let free = Int(status.f_bavail) * Int(status.f_bsize)
            try #require(free > 1_500_000, "the empty collection takes \((8 << 20) - free) bytes")
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

        @Test("Removing photos works on a full disk", .enabled(if: canMount, "only root may mount a small file system"))
        func removalOnFullDisk() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown(8)
            let disk = try #require(SmallDisk(below: sandbox.root, bytes: 12 << 20))
            let collection = disk.path + "/collection"
            try await sandbox.run("index", sandbox.photos, "--collection", collection)
            _ = FileManager.default.createFile(atPath: disk.path + "/ballast", contents: nil)
            let ballast = try FileHandle(forWritingTo: URL(fileURLWithPath: disk.path + "/ballast"))
            while (try? ballast.write(contentsOf: Data(count: 4096))) != nil {}
            let outcome = try await sandbox.run("remove", paths[0], "--collection", collection)
            #expect(outcome.status == 0 || outcome.status == 5, "\(outcome)")
            let answer = try await sandbox.reply(SearchReply.self, "search", paths[0], "--collection", collection)
            #expect(answer.images.contains(paths[0]) == (outcome.status != 0))
            try ballast.close()
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
