import CairnTorch
import Foundation
import Testing

/// Groups of processes, as torchrun starts them: `cairn-train-bench collectives` in each.
@Suite struct DistributedProcessTests {
    @Test(.enabled(if: executable != nil, "cairn-train-bench is not built"))
    func `two processes train as one with the doubled batch`() throws {
        let shown = try launch(2, ["--steps", "10"])
        let comparison = try JSONDecoder().decode(Comparison.self, from: shown)
        #expect(comparison.processes == 2)
        #expect(comparison.sum == 3)
        #expect(comparison.gathered == [[], [1]])
        #expect(comparison.losses.count == 10)
        #expect(comparison.losses.first ?? 0 > comparison.losses.last ?? 0)
        #expect(comparison.lossError < 1e-5)
        #expect(comparison.gradientError < 1e-5)
        #expect(comparison.parameterError < 1e-5)
        #expect(comparison.statisticsError < 1e-5)
    }

    @Test(.enabled(if: executable != nil, "cairn-train-bench is not built"), arguments: ["dies", "sleeps"])
    func `a process that dies or falls silent is an error in the other`(fate: String) throws {
        let shown = try launch(2, ["--fate", fate, "--timeout", "4"])
        let ending = try JSONDecoder().decode(Ending.self, from: shown)
        #expect(ending.error.hasPrefix("process 0 of 2 could not add tensors up"))
        #expect(ending.seconds < (fate == "dies" ? 3 : 10))
    }

    @Test func `a launcher's environment is read`() throws {
        var environment = [
            "RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1", "MASTER_ADDR": "host", "MASTER_PORT": "29500",
        ]
        var meeting = try #require(try ProcessGroup.Meeting(environment: environment))
        #expect((meeting.rank, meeting.count, meeting.localRank) == (3, 4, 1))
        #expect(meeting.host == "host" && meeting.port == 29_500 && !meeting.hostsStore)
        environment["RANK"] = "0"
        meeting = try #require(try ProcessGroup.Meeting(environment: environment))
        #expect(meeting.hostsStore)
        // torchrun's own store outlives a restart.
        environment["TORCHELASTIC_USE_AGENT_STORE"] = "True"
        environment["TORCHELASTIC_RESTART_COUNT"] = "2"
        meeting = try #require(try ProcessGroup.Meeting(environment: environment))
        #expect(!meeting.hostsStore && meeting.prefix == "cairn/2")
        #expect(try ProcessGroup.Meeting(environment: [:]) == nil)
        #expect(try ProcessGroup.fromEnvironment(["WORLD_SIZE": "1"]) == nil)
    }

    @Test(arguments: [("RANK", "4"), ("RANK", nil), ("MASTER_PORT", "x"), ("MASTER_ADDR", nil), ("WORLD_SIZE", "0")])
    func `an environment that makes no sense is refused by the variable's name`(name: String, value: String?) {
        var environment = ["RANK": "3", "WORLD_SIZE": "4", "MASTER_ADDR": "host", "MASTER_PORT": "29500"]
        environment[name] = value
        let error = #expect(throws: TorchError.self) { try ProcessGroup.Meeting(environment: environment) }
        #expect(error?.message.hasPrefix(name) == true)
    }

    private struct Comparison: Decodable {
        var processes: Int
        var sum: Double
        var gathered: [[UInt8]]
        var losses: [Double]
        var lossError: Double
        var gradientError: Double
        var parameterError: Double
        var statisticsError: Double
    }

    private struct Ending: Decodable {
        var error: String
        var seconds: Double
    }

    /// Beside the test bundle, where the package's products lie.
    private static let executable: URL? = {
        let folders = [Bundle.main.bundleURL, Bundle(for: Anchor.self).bundleURL.deletingLastPathComponent()]
        return folders.map { $0.appending(path: "cairn-train-bench") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    private final class Anchor {}

    /// What process 0 prints until it ends; the others are ended with it.
    private func launch(_ count: Int, _ arguments: [String]) throws -> Data {
        let port = try freePort()
        let output = Pipe()
        var processes: [Process] = []
        defer { for process in processes where process.isRunning { process.terminate() } }
        for rank in 0..<count {
            let process = Process()
            process.executableURL = Self.executable
            process.arguments = ["collectives"] + arguments
            process.environment = ProcessInfo.processInfo.environment.merging([
                "RANK": "\(rank)", "WORLD_SIZE": "\(count)", "LOCAL_RANK": "\(rank)", "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": "\(port)",
            ]) { $1 }
            process.standardOutput = rank == 0 ? output : FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            processes.append(process)
        }
        let shown = try output.fileHandleForReading.readToEnd() ?? Data()
        processes[0].waitUntilExit()
        #expect(processes[0].terminationStatus == 0)
        return shown
    }
}
