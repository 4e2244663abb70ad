import Foundation

/// A run of the built executable `cairn`, as a child process: the way users meet it.
///
/// Not `Foundation.Process`: its watching thread would reap the child before its memory could be read.
struct CairnProcess: Sendable {
    /// What is left of a process that ended.
    struct Outcome: Sendable {
        /// What was written to standard output.
        var output: String
        /// What was written to standard error.
        var errors: String
        /// The exit status; -1 for a process that a signal ended.
        var status: Int32
        /// The signal that ended the process, or 0.
        var signal: Int32
        /// The most memory that was resident at once, in bytes.
        var peakMemory: Int
        /// From start to end.
        var duration: Duration
        /// The lines of `errors`.
        var errorLines: [Substring] { errors.split(separator: "\n") }
    }

    /// The executable, which SwiftPM builds beside the test bundle.
    static let executable = Bundle.main.bundleURL.appendingPathComponent("cairn").path

    let pid: pid_t
    private let captured: String
    private let start = ContinuousClock.now

    /// Starts a process.
    ///
    /// - Parameters:
    ///   - arguments: The whole command line, the program first: an absolute path.
    ///   - environment: All of it.
    ///   - folder: The working folder.
    ///   - scratch: A folder for what the process prints: files, because a pipe that nobody empties would hold it up.
    init(_ arguments: [String], environment: [String: String], folder: String, scratch: String) throws {
        captured = scratch + "/" + UUID().uuidString
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, captured + ".out", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, captured + ".err", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        // `env` becomes the program, so the process is the same.
        let words = (["/usr/bin/env", "-C", folder] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/usr/bin/env", &actions, nil, words, variables)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        pid = child
    }

    /// Sends a signal. To be called before `wait()` only: afterwards the number may be another process's.
    func send(_ signal: Int32) { kill(pid, signal) }

    /// Waits for the end, on a thread of its own: tests of other modules go on meanwhile.
    func wait() async throws -> Outcome {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: collect()) }
            thread.start()
        }
    }

    private func collect() -> Outcome {
        var (status, peakMemory) = (Int32(0), 0)
        while true {
            let ended = waitpid(pid, &status, WNOHANG)
            if ended == pid || (ended < 0 && errno != EINTR) { break }
            peakMemory = max(peakMemory, residentPeak() ?? 0)
            usleep(2_000)
        }
        let duration = ContinuousClock.now - start
        let signal = status & 0x7F
        let texts = [".out", ".err"].map { suffix in
            defer { unlink(captured + suffix) }
            return String(decoding: FileManager.default.contents(atPath: captured + suffix) ?? Data(), as: UTF8.self)
        }
        return Outcome(
            output: texts[0], errors: texts[1], status: signal == 0 ? status >> 8 & 0xFF : -1, signal: signal,
            peakMemory: peakMemory, duration: duration)
    }

    /// The high-water mark of the running process. Not `ru_maxrss`: that of a child begins with its parent's, which is large here.
    private func residentPeak() -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
                Int($0)
            })
        else { return nil }
        return kibibytes * 1024
    }
}
