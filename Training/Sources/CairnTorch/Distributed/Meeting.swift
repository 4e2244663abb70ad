import CairnCore
import Foundation

extension ProcessGroup {
    /// Where the processes of a group find one another, and which one this is.
    public struct Meeting: Equatable, Sendable {
        /// Name or address of the machine that the store of addresses is on.
        public var host: String
        /// The store's port.
        public var port: UInt16
        /// Whether this process opens the store; otherwise another one does, or the launcher.
        public var hostsStore: Bool
        /// Goes before all keys of the store.
        public var prefix: String
        /// Number of this process, from 0.
        public var rank: Int
        /// How many there are.
        public var count: Int
        /// Number of this process on its machine, from 0.
        public var localRank: Int

        /// A meeting whose process 0 opens the store.
        public init(host: String = "127.0.0.1", port: UInt16, rank: Int, count: Int, localRank: Int? = nil) {
            (self.host, self.port, self.rank, self.count) = (host, port, rank, count)
            self.localRank = localRank ?? rank
            hostsStore = rank == 0
            prefix = "cairn"
        }

        /// What `torchrun --no-python` and its like tell a process: `RANK`, `WORLD_SIZE`, `LOCAL_RANK`, `MASTER_ADDR` and
        /// `MASTER_PORT`, and `TORCHELASTIC_USE_AGENT_STORE` where the launcher hosts the store itself.
        ///
        /// `nil` where there is no `WORLD_SIZE` or it is 1. Throws `TorchError` where the rest is missing or makes no sense.
        public init?(environment: [String: String]) throws(TorchError) {
            func number(_ name: String, _ range: Range<Int>) throws(TorchError) -> Int {
                guard let text = environment[name], let value = Int(text), range.contains(value) else {
                    throw TorchError(
                        .invalidArgument,
                        "\(name) is \(environment[name] ?? "not set"), and should be a number from \(range.lowerBound) to "
                            + "\(range.upperBound - 1); launch with torchrun --no-python")
                }
                return value
            }
            guard environment["WORLD_SIZE"] != nil else { return nil }
            let count = try number("WORLD_SIZE", 1..<65_536)
            guard count > 1 else { return nil }
            let rank = try number("RANK", 0..<count)
            let localRank = environment["LOCAL_RANK"] == nil ? nil : try number("LOCAL_RANK", 0..<count)
            guard let host = environment["MASTER_ADDR"], !host.isEmpty else {
                throw TorchError(.invalidArgument, "MASTER_ADDR is not set; launch with torchrun --no-python")
            }
            self.init(
                host: host, port: UInt16(try number("MASTER_PORT", 1..<65_536)), rank: rank, count: count,
                localRank: localRank)
            if environment["TORCHELASTIC_USE_AGENT_STORE"] == "True" {
                hostsStore = false
                // The launcher's store lives on when it starts all processes again after a failure.
                prefix = "cairn/\(environment["TORCHELASTIC_RESTART_COUNT"] ?? "0")"
            }
        }
    }

    /// The group that a launcher such as torchrun has started this process for; `nil` where the process is alone.
    ///
    /// Throws `TorchError` where the environment is incomplete or not all processes come within the timeout.
    public static func fromEnvironment(
        _ environment: [String: String] = ProcessInfo.processInfo.environment,
        timeout: Duration = ProcessGroup.standardTimeout
    ) throws(TorchError) -> ProcessGroup? {
        guard let meeting = try Meeting(environment: environment) else { return nil }
        return try ProcessGroup(meeting, timeout: timeout)
    }
}
