import Foundation
import Testing

@testable import CairnTraining

extension RunSuites {
    /// `cairn-train` as torchrun starts it, once a process.
    @Suite("Runs of several processes", .enabled(if: TrainExecutable.url != nil, "cairn-train is not built"))
    struct SeveralProcessesTests {
        @Test("Two processes have the losses of one, and go on after a stop with the same bits")
        func twoProcesses() throws {
            let photos = try SmallPhotos()
            defer { photos.remove() }
            let recipe = photos.directory.appendingPathComponent("small.yaml")
            try SmallRecipe.write(to: recipe)
            func start(_ output: URL, _ options: [String] = []) -> [String] {
                ["run", recipe.path, "--data", photos.directory.path, "--output", output.path, "--threads", "1"]
                    + ["--log-every", "1"] + options
            }
            let (one, two, stopped) = (SmallRun(), SmallRun(), SmallRun())
            defer { for run in [one, two, stopped] { run.remove() } }
            #expect(try launch(1, start(one.folder)) == [0])
            #expect(try launch(2, start(two.folder)) == [0, 0])
            let (alone, together) = try (one.losses(), two.losses())
            #expect(alone.count == together.count && alone.count >= 8)
            // Roundings grow from step to step, as they do between one thread and two.
            for (own, other) in zip(alone, together).prefix(4) { #expect(abs(own - other) < 1e-4 * own) }

            #expect(try !launch(2, start(stopped.folder, ["--stop-after", "3"])).contains(0))
            #expect(try launch(2, ["resume", stopped.folder.path]) == [0, 0])
            #expect(try stopped.losses() == together)
            #expect(try stopped.model() == two.model())
        }

        /// Runs the command in as many processes, and gives how each ended.
        private func launch(_ count: Int, _ arguments: [String]) throws -> [Int32] {
            let port = try freePort()
            let processes = try (0..<count).map { rank in
                try TrainExecutable.start(
                    arguments,
                    environment: count == 1
                        ? [:]
                        : [
                            "RANK": "\(rank)", "WORLD_SIZE": "\(count)", "LOCAL_RANK": "\(rank)",
                            "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "\(port)",
                        ])
            }
            for process in processes { process.waitUntilExit() }
            return processes.map(\.terminationStatus)
        }

        /// A port that nobody listened on a moment ago.
        private func freePort() throws -> UInt16 {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(listener) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
                }
            }
            try #require(bound)
            return UInt16(bigEndian: address.sin_port)
        }
    }
}
