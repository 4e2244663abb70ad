import Foundation
import Testing

extension CommandLineTests {
    /// Folders full of what is no photo.
    @Suite("Hostile input") struct HostileInputTests {
        /// What a run of three threads may have resident at once, in bytes; 105 MiB were measured. The huge headers claim
        /// hundreds of times as much.
        private static let memoryLimit = 300 << 20

        @Test("More than 300 bad files: each is reported once with its reason, and every good one is indexed")
        func everything() async throws {
            let sandbox = try Sandbox()
            let files = try HostileFiles()
            for (name, content) in files.bad.merging(files.doubtful, uniquingKeysWith: { $1 }) {
                try sandbox.write(content, to: name)
            }
            for (name, content) in files.good { try sandbox.write(content, to: name) }
            try FileManager.default.createSymbolicLink(
                atPath: sandbox.photos + "/bad link.jpg", withDestinationPath: "nowhere.jpg")
            // Names that are no UTF-8, as disks of the last century have.
            let raw: [[UInt8]] = [[0xE9, 0x2E], [0x61, 0xFF, 0x62], [0xC3, 0x28]]
            for (number, name) in raw.enumerated() {
                let path = Array(sandbox.photos.utf8) + [0x2F] + name + [UInt8(ascii: "0") + UInt8(number), 0]
                let descriptor = path.withUnsafeBufferPointer { bytes in
                    bytes.withMemoryRebound(to: CChar.self) { name in
                        name.baseAddress.map { creat($0, 0o644) } ?? -1
                    }
                }
                try #require(close(descriptor) == 0)
            }
            // Neither is a file; reading the pipe would wait for ever.
            try #require(mkfifo(sandbox.photos + "/pipe.jpg", 0o644) == 0)
            try Self.makeSocket(sandbox.photos + "/s.jpg")

            let outcome = try await sandbox.run("index", sandbox.photos, "--threads", "3", "--json")
            #expect(outcome.status == 0 && outcome.signal == 0, "\(outcome.errors.suffix(2_000))")
            #expect(outcome.peakMemory < Self.memoryLimit, "\(outcome.peakMemory >> 20) MiB")
            let report = try JSONDecoder().decode(IndexReply.self, from: Data(outcome.output.utf8))

            let reasons = Dictionary(grouping: report.failures, by: \.path).mapValues { $0.map(\.reason) }
            #expect(files.bad.count >= 300)
            for name in files.bad.keys {
                #expect(reasons["\(sandbox.photos)/\(name)"]?.count == 1, "\(name) was taken for a photo")
            }
            for name in files.good.keys { #expect(reasons["\(sandbox.photos)/\(name)"] == nil, "\(name)") }
            for (path, reasons) in reasons {
                #expect(reasons.count == 1, "\(path): \(reasons)")
                #expect(!reasons[0].isEmpty && !reasons[0].contains("\n"), "\(path): \(reasons)")
            }
            // Every file is in exactly one place of the report: none is lost, none counted twice.
            let count = files.bad.count + files.doubtful.count + files.good.count + 1 + raw.count
            #expect(report.added + report.duplicates + report.failures.count == count)
            #expect(report.added >= files.good.count)
            #expect(report.failures.filter { $0.reason.contains("UTF-8") }.count == raw.count)
            #expect(reasons["\(sandbox.photos)/bad link.jpg"]?[0].contains("link to nothing") == true)
            Self.expectReasons(reasons, below: sandbox.photos)

            try await Self.expectFound(files, sandbox)
            let again = try await sandbox.reply(IndexReply.self, "index", sandbox.photos)
            #expect(again.failures.isEmpty && again.added == 0, "\(again.failures.prefix(3))")
            #expect(again.unchanged == report.added + report.duplicates)
            #expect(again.knownFailures == report.failures.count)
            let info = try await sandbox.reply(InfoReply.self, "info", "--failures")
            #expect(info.failed?.count == report.failures.count)
            #expect(try await sandbox.run("doctor", "--deep").status == 0)
        }

        /// The reason names the trouble, so that one knows what to do.
        private static func expectReasons(_ reasons: [String: [String]], below folder: String) {
            let expected = [
                "truncated/60.jpg": "truncated", "truncated/20.png": "truncated", "empty/3.jpg": "empty",
                "huge/0.png": "limit is 250 MP", "others/0 notes.txt": "text",
                "others/4 archive.zip": "zip", "others/6 document.pdf": "PDF", "others/8 video.mp4": "video",
            ]
            for (name, word) in expected {
                let reason = reasons["\(folder)/\(name)"]?.first ?? "none"
                #expect(reason.contains(word), "\(name): \(reason)")
            }
        }

        private static func expectFound(_ files: HostileFiles, _ sandbox: Sandbox) async throws {
            for name in [
                "-rf.jpg", "line\nbreak.jpg", "photo.txt", "🗿.jpg", String(repeating: "x", count: 251) + ".jpg",
            ] {
                let path = "\(sandbox.photos)/good/\(name)"
                let answer = try await sandbox.reply(SearchReply.self, "search", path, "--top", "1")
                #expect(answer.images + (answer.results[0].copies ?? []) == [path])
            }
            // Names like options need the usual two dashes.
            let outcome = try await sandbox.run(
                "search", "--top", "1", "--", "-rf.jpg", folder: sandbox.photos + "/good")
            #expect(outcome.status == 0 && outcome.output.contains("-rf.jpg"), "\(outcome.errors)")
        }

        private static func makeSocket(_ path: String) throws {
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            try #require(path.utf8.count < MemoryLayout.size(ofValue: address.sun_path))
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let size = socklen_t(MemoryLayout<sockaddr_un>.size)
            let code = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
            }
            try #require(code == 0)
        }

        @Test("A pipe given by name is an error to report, not something to wait for", .timeLimit(.minutes(1)))
        func pipe() async throws {
            let sandbox = try Sandbox()
            let pipe = sandbox.root + "/pipe.jpg"
            try #require(mkfifo(pipe, 0o644) == 0)
            let report = try await sandbox.reply(IndexReply.self, "index", pipe)
            #expect(report.failures.map(\.path) == [pipe])
            for arguments in [["search", pipe], ["match", pipe, pipe]] {
                let outcome = try await sandbox.run(arguments)
                #expect(
                    outcome.status == 64 && outcome.errors.contains("not a plain file")
                        && outcome.errorLines.count == 1, "\(outcome)")
            }
        }

        @Test(
            "What may not be read is reported, and tried again when that changes",
            .enabled(if: geteuid() != 0 || access("/usr/bin/setpriv", X_OK) == 0, "root may read everything"))
        func permissions() async throws {
            let sandbox = try Sandbox()
            let paths = try sandbox.writeTown(3)
            try #require(chmod(sandbox.root, 0o777) == 0)
            try #require(chmod(paths[1], 0) == 0)
            let nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            let wrapper = geteuid() == 0 ? nobody : []
            // Where another user may not reach the build folder, there is nothing to be seen.
            let reachable = try await sandbox.run("--version", wrapper: wrapper)
            guard reachable.status == 0 else {
                return Test.cancelledPart("nobody may not run \(CairnProcess.executable)")
            }
            for expected in [1, 1, 0] {
                if expected == 0 { try #require(chmod(paths[1], 0o644) == 0) }
                let outcome = try await sandbox.run("index", sandbox.photos, "--json", wrapper: wrapper)
                try #require(outcome.status == 0, "\(outcome.errors)")
                let report = try JSONDecoder().decode(IndexReply.self, from: Data(outcome.output.utf8))
                #expect(report.failures.map(\.path) == (expected == 1 ? [paths[1]] : []))
                if expected == 1 { #expect(report.failures.first?.reason.contains("Permission denied") == true) }
            }
            #expect(try await sandbox.reply(InfoReply.self, "info").statistics.images == 3)
        }
    }
}
