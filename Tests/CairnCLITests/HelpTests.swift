import Foundation
import Testing

extension CommandLineTests {
    /// What `--help` prints, against texts that are kept in Fixtures/help.
    ///
    /// After a change that is meant: `CAIRN_RENEW_HELP=1 swift test --filter HelpTests` writes them anew; read the difference.
    @Suite("Help") struct HelpTests {
        private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/help")

        static let commands = [
            "", "index", "search", "recognize", "match", "duplicates", "label", "label folders", "label csv",
            "label sidecars", "label places", "label set", "label none", "label clear", "label list", "label show",
            "label export", "calibrate", "clean", "info", "remove", "evaluate", "evaluate folders",
            "evaluate recognition", "evaluate csv", "evaluate roxford5k", "evaluate gldv2-retrieval",
            "evaluate gldv2-recognition", "evaluate digix", "submit", "submit gldv2-retrieval",
            "submit gldv2-recognition",
            "ablate", "recipe", "recipe list", "recipe show", "recipe check", "recipe run", "datasets", "datasets list",
            "datasets show", "datasets verify", "vocabulary", "vocabulary train", "demo", "doctor", "models",
            "models add",
            "models list", "models show", "models remove", "models export", "models ensemble", "models architectures",
            "embed", "rerank", "classify", "cluster", "whiten", "whiten learn",
        ]

        @Test("Every command's help reads as it is kept", arguments: commands)
        func help(command: String) async throws {
            let sandbox = try Sandbox()
            let words = command.split(separator: " ").map(String.init)
            let outcome = try await sandbox.run(words + ["--help"])
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
            let name = (["cairn"] + words).joined(separator: "-") + ".txt"
            let file = Self.folder.appendingPathComponent(name)
            if ProcessInfo.processInfo.environment["CAIRN_RENEW_HELP"] == "1" {
                try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
                try Data(outcome.output.utf8).write(to: file)
            }
            let kept = try String(contentsOf: file, encoding: .utf8)
            #expect(outcome.output == kept, "if this is meant, renew Fixtures/help/\(name)")
        }

        @Test("No line of help that the commands wrote themselves is broken in two", arguments: commands)
        func lineLengths(command: String) async throws {
            let sandbox = try Sandbox()
            let words = command.split(separator: " ").map(String.init)
            let narrow = try await sandbox.run(words + ["--help"]).output
            let wide = try await sandbox.run(words + ["--help"], environment: ["COLUMNS": "200"]).output
            // Examples are indented by two; a wrapped rest would stand at the margin.
            for line in wide.split(separator: "\n") where line.hasPrefix("  cairn ") {
                #expect(narrow.contains(line + "\n"), "longer than 80 columns: \(line)")
            }
        }

        @Test("--version says what runs")
        func version() async throws {
            let outcome = try await Sandbox().run("--version")
            #expect(outcome.status == 0 && outcome.output.hasPrefix("cairn ") && outcome.errors.isEmpty)
        }
    }
}
