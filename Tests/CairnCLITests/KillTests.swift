import Foundation
import Testing

extension CommandLineTests {
    /// Kills index runs and compares what they leave with what runs that nobody killed leave.
    @Suite("Kills") struct KillTests {
        /// Everything about a collection that a user could notice, paths relative to the sandbox.
        private struct Content: Equatable {
            var images: Int
            var files: Int
            var failures: [String]
            var keypoints: Int
            var digest: String?
            /// The features' segments, byte for byte: the same images in the same order.
            var segments: [String: Data]
            var answers: [[SearchReply.Result]]

            init(of sandbox: Sandbox) async throws {
                let info = try await sandbox.reply(InfoReply.self, "info", "--failures")
                images = info.statistics.images
                files = info.statistics.files
                failures = (info.failed ?? []).map { "\($0.path) \($0.reason)".replacing(sandbox.root, with: "") }
                keypoints = info.statistics.keypoints
                digest = info.statistics.extractorDigest
                let folder = sandbox.collection + "/segments"
                segments = [:]
                for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                    segments[name] = FileManager.default.contents(atPath: folder + "/" + name)
                }
                answers = []
                for query in ["0", "1", "2"] {
                    let reply = try await sandbox.reply(
                        SearchReply.self, "search", "\(sandbox.root)/query\(query).jpg", "--top", "1000")
                    answers.append(
                        reply.results.map { result in
                            var result = result
                            result.image = result.image.replacing(sandbox.root, with: "")
                            result.copies = result.copies?.map { $0.replacing(sandbox.root, with: "") }
                            return result
                        })
                }
            }
        }

        private static let command = ["--prune", "--batch", "3", "--json"]

        private static func prepare() throws -> Sandbox {
            let sandbox = try Sandbox()
            try sandbox.writeTown(30)
            try sandbox.write(Data("no photo".utf8), to: "notes.txt")
            try sandbox.write(TownPhoto.all[4].content, to: "copy of another.jpg")
            for (number, query) in TownPhoto.queries.enumerated() {
                try query.write(to: URL(fileURLWithPath: "\(sandbox.root)/query\(number).jpg"))
            }
            return sandbox
        }

        /// Adds, changes, moves and deletes photos, so that a second run has some of everything to do.
        private static func change(_ sandbox: Sandbox) throws {
            let manager = FileManager.default
            let town = TownPhoto.all
            let paths = town.map { "\(sandbox.photos)/\($0.name)" }
            for index in 0..<4 { try manager.removeItem(atPath: paths[index]) }
            for index in 5..<8 { try (town[index + 30].content).write(to: URL(fileURLWithPath: paths[index])) }
            for index in 9..<12 {
                try manager.moveItem(atPath: paths[index], toPath: "\(sandbox.photos)/moved \(index)")
            }
            for index in 38..<42 { try sandbox.write(town[index].content, to: town[index].name) }
            try sandbox.write(Data("no photo".utf8), to: paths[13].replacing(sandbox.photos + "/", with: ""))
        }

        /// Runs until a run comes to its end, killing up to `kills` of them, each within `limit` of its start.
        private static func index(
            _ sandbox: Sandbox, kills: Int = 0, within limit: Duration = .zero, random: inout SeededRandom
        ) async throws -> Int {
            var killed = 0
            while true {
                let process = try sandbox.start(["index", sandbox.photos] + command)
                if killed < kills {
                    let microseconds = limit / .microseconds(1) * random.unit()
                    try await Task.sleep(for: .microseconds(Int(microseconds)))
                    process.send(SIGKILL)
                }
                let outcome = try await process.wait()
                if outcome.signal == SIGKILL {
                    killed += 1
                    // Whatever the instant was, what is there can be read, or there is nothing yet.
                    if killed % 5 == 0 {
                        let info = try await sandbox.run("info")
                        #expect(info.status == 0 || info.status == 2, "\(info.errors)")
                    }
                    continue
                }
                try #require(outcome.status == 0, "\(outcome.errors)")
                return killed
            }
        }

        @Test("After 30 kills at random instants a last run leaves what one uninterrupted run leaves")
        func kills() async throws {
            var random = SeededRandom(state: 20)
            let reference = try Self.prepare()
            let clock = ContinuousClock()
            let first = try await clock.measure { _ = try await Self.index(reference, random: &random) }
            let firstContent = try await Content(of: reference)
            try Self.change(reference)
            let second = try await clock.measure { _ = try await Self.index(reference, random: &random) }
            let secondContent = try await Content(of: reference)
            #expect(firstContent.images == 30 && firstContent.files == 31 && firstContent.failures.count == 1)
            #expect(secondContent.images != firstContent.images && secondContent.answers.allSatisfy { !$0.isEmpty })

            var killed = 0
            while killed < 30 {
                let sandbox = try Self.prepare()
                // Instants lie anywhere in a run, more often early: else the first kills would leave nothing for the rest.
                killed += try await Self.index(sandbox, kills: 12, within: first * 0.6, random: &random)
                #expect(try await Content(of: sandbox) == firstContent, "after \(killed) kills")
                try Self.change(sandbox)
                killed += try await Self.index(sandbox, kills: 12, within: second * 0.8, random: &random)
                #expect(try await Content(of: sandbox) == secondContent, "after \(killed) kills")
                let doctor = try await sandbox.run("doctor", "--deep", "--collection", sandbox.collection)
                #expect(doctor.status == 0, "\(doctor.output)")
            }
        }

        @Test("Ctrl-C keeps what is done, says so, and ends with 130")
        func interruption() async throws {
            let sandbox = try Self.prepare()
            let process = try sandbox.start(["index", sandbox.photos] + Self.command)
            try await Task.sleep(for: .milliseconds(400))
            process.send(SIGINT)
            let outcome = try await process.wait()
            #expect(outcome.signal == 0 && (outcome.status == 130 || outcome.status == 0), "\(outcome.errors)")
            if outcome.status == 130 { #expect(outcome.errors.contains("run the same command again")) }
            #expect(try await sandbox.reply(IndexReply.self, "index", sandbox.photos).isCancelled == false)
            #expect(try await sandbox.reply(InfoReply.self, "info").statistics.images == 30)
        }
    }
}

/// Random numbers that are the same in every run: SplitMix64.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// From 0 up to 1.
    mutating func unit() -> Double { Double(next() >> 11) / 0x1p53 }
}
