import Foundation
import Testing

/// `cairn-train`, as it lies beside the test bundle.
enum TrainExecutable {
    static let url: URL? = {
        let folders = [Bundle.main.bundleURL, Bundle(for: Anchor.self).bundleURL.deletingLastPathComponent()]
        return folders.map { $0.appending(path: "cairn-train") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    private final class Anchor {}

    /// Starts it; what it prints is dropped unless there is a pipe for it.
    static func start(
        _ arguments: [String], environment: [String: String] = [:], output: Pipe? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}

@Suite("Help", .enabled(if: TrainExecutable.url != nil, "cairn-train is not built")) struct HelpTests {
    @Test(
        "No line of an example is broken in two, and every command has one",
        arguments: ["", "run", "resume", "export", "compare"])
    func lineLengths(command: String) throws {
        func help(columns: String) throws -> String {
            let pipe = Pipe()
            let process = try TrainExecutable.start(
                command.split(separator: " ").map(String.init) + ["--help"], environment: ["COLUMNS": columns],
                output: pipe)
            let text = try pipe.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return String(decoding: text, as: UTF8.self)
        }
        let (narrow, wide) = try (help(columns: "80"), help(columns: "200"))
        let examples = wide.split(separator: "\n").filter { $0.hasPrefix("  cairn") }
        #expect(!examples.isEmpty)
        for line in examples { #expect(narrow.contains(line + "\n"), "longer than 80 columns: \(line)") }
    }
}
