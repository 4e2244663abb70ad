import CairnEvaluation
import CairnFormats
import CairnModelLibrary
import CairnRecipes
import Foundation
import Synchronization
import Testing

@Suite struct AblationRunnerTests {
    /// Four classes of three images, two variants of ready descriptors: one that knows the classes, one that knows nothing.
    private func prepare(_ folder: String) throws -> Ablation {
        let names = (0..<12).map { "i\($0)" }
        let list = (["image,label"] + names.enumerated().map { "\($1),c\($0 / 3)" }).joined(separator: "\n") + "\n"
        for file in ["gallery.csv", "queries.csv"] {
            try Data(list.utf8).write(to: URL(fileURLWithPath: folder + "/" + file))
        }
        func write(_ name: String, _ axis: (Int) -> Int) throws {
            var values = [Float](repeating: 0, count: 12 * 12)
            for row in 0..<12 { values[row * 12 + axis(row)] = 1 }
            try NPYFile.write(NumericArray(values, shape: [12, 12]), to: "\(folder)/\(name).npy")
        }
        try write("classes") { $0 / 3 }
        try write("nothing") { $0 }
        let text = """
            title: Two kinds of descriptors
            data: {layout: csv, directory: .}
            variants:
              - {name: nothing, features: nothing.npy, query_features: nothing.npy}
              - {name: classes, features: classes.npy, query_features: classes.npy}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/a.yaml"))
        return try Ablation(contentsOf: URL(fileURLWithPath: folder + "/a.yaml"))
    }

    private func runner(_ ablation: Ablation, _ folder: String) throws -> AblationRunner {
        try AblationRunner(ablation, output: folder + "/out", library: ModelLibrary(path: folder + "/models")) {
            throw EvaluationError(.failure, "ready descriptors need no runtime")
        }
    }

    @Test("variants are measured, compared and reported; a second run measures nothing again")
    func twice() async throws {
        try await withTemporaryFolder { folder in
            let ablation = try prepare(folder)
            let report = try await runner(ablation, folder).run(date: "2026-01-01")
            #expect(report.variants.map(\.name) == ["nothing", "classes"])
            #expect(report.headline == "mAP")
            #expect(report.queries.count == 12)
            #expect(report.variants[1].perQuery.allSatisfy { $0 == 1 })
            // All similarities are 0 there, so that rows rank in their order, which is right for the first class alone.
            #expect(report.variants[0].perQuery.count { $0 == 1 } == 3)
            #expect(report.markdown().contains("classes"))
            #expect(report.html().contains("Two kinds of descriptors"))

            let kept = Mutex<[String]>([])
            let again = try await runner(ablation, folder).run(date: "2026-01-01") { variant, step, _, _ in
                kept.withLock { $0.append("\(variant) \(step)") }
            }
            #expect(kept.withLock { $0 } == ["nothing kept", "classes kept"])
            #expect(again == report)
        }
    }

    @Test("a variant whose descriptors changed is measured again, the others are not")
    func changed() async throws {
        try await withTemporaryFolder { folder in
            let ablation = try prepare(folder)
            _ = try await runner(ablation, folder).run(date: "2026-01-01")
            try FileManager.default.removeItem(atPath: folder + "/nothing.npy")
            try FileManager.default.copyItem(atPath: folder + "/classes.npy", toPath: folder + "/nothing.npy")
            let steps = Mutex<[String]>([])
            let report = try await runner(ablation, folder).run(date: "2026-01-01") { variant, step, _, _ in
                steps.withLock { if $0.last != "\(variant) \(step)" { $0.append("\(variant) \(step)") } }
            }
            #expect(steps.withLock { $0.last } == "classes kept")
            #expect(steps.withLock { !$0.contains("nothing kept") })
            #expect(report.variants[0].perQuery.allSatisfy { $0 == 1 })
        }
    }

    @Test("unknown layouts and settings are refused by name")
    func refused() throws {
        try withTemporaryFolder { folder in
            var ablation = try prepare(folder)
            ablation.data.setting = "hard"
            #expect { try runner(ablation, folder) } throws: {
                ($0 as? EvaluationError)?.message.contains("no setting “hard”") == true
            }
            ablation.data.layout = "imagenet"
            #expect { try runner(ablation, folder) } throws: {
                ($0 as? EvaluationError)?.message.contains("no layout “imagenet”") == true
            }
        }
    }
}
