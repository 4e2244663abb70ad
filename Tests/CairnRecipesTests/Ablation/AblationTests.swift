import CairnCore
import CairnRecipes
import Foundation
import Testing

@Suite struct AblationTests {
    private func read(_ text: String) throws -> Ablation {
        try Ablation(yaml: YAMLDocument(text: text, name: "a.yaml").root)
    }

    private func message(_ text: String) -> String {
        do {
            _ = try read(text)
            return "none"
        } catch { return (error as? RecipeError)?.message ?? "\(error)" }
    }

    private let whole = """
        title: What re-ranking gives
        subtitle: on two photos
        data: {layout: roxford5k, directory: data, ground_truth: truth.pkl, setting: hard}
        baseline: second
        defaults: {models: [rootsift, r50], shortlist: 50}
        variants:
          - {name: first, strategy: global, rerank: "alphaqe:n=10"}
          - name: second
            note: as it is
            models: [r50]
            verify: false
          - {name: third, features: g.npy, query_features: q.npy}
        """

    @Test("variants take the defaults, and say for themselves what differs")
    func variants() throws {
        let ablation = try read(whole)
        #expect(ablation.title == "What re-ranking gives")
        #expect(ablation.data.layout == "roxford5k")
        #expect(ablation.data.setting == "hard")
        #expect(ablation.baseline == "second")
        #expect(ablation.variants.map(\.name) == ["first", "second", "third"])
        #expect(ablation.variants.map(\.shortlist) == [50, 50, 50])
        #expect(ablation.variants[0].models == ["rootsift", "r50"])
        #expect(ablation.variants[0].strategy == .global)
        #expect(ablation.variants[1].models == ["r50"])
        #expect(!ablation.variants[1].verifies)
        #expect(ablation.variants[1].settings.map(\.key) == ["models", "verify"])
        #expect(ablation.variants[2].settings.map(\.key) == ["features"])
        #expect(try read("title: t\nvariants: [{name: only}]").baseline == "only")
    }

    @Test("paths go out from the folder of the file")
    func paths() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("a.yaml")
        try Data(whole.utf8).write(to: file)
        let ablation = try Ablation(contentsOf: file)
        #expect(ablation.data.directory == folder.path + "/data")
        #expect(ablation.data.groundTruth == folder.path + "/data/truth.pkl")
        let elsewhere = try Ablation(contentsOf: file, directory: "/elsewhere")
        #expect(elsewhere.data.directory == "/elsewhere" && elsewhere.data.groundTruth == "/elsewhere/truth.pkl")
        #expect(ablation.variants[2].features == folder.path + "/g.npy")
    }

    @Test(
        "each mistake is told with its line",
        arguments: [
            ("variants: [{name: a}]", "lacks “title”"),
            ("title: t", "needs “variants”"),
            ("title: t\nvariants: []", "needs “variants”"),
            ("title: t\nvariants:\n  - {name: a}\n  - {name: a}", "a.yaml:4"),
            ("title: t\nbaseline: b\nvariants: [{name: a}]", "a.yaml:2"),
            ("title: t\nvariants:\n  - {name: a, stratgy: local}", "did you mean “strategy”"),
            ("title: t\nvariants:\n  - {name: a, strategy: best}", "one of global, local, global+verify, fused"),
            ("title: t\nvariants:\n  - {name: a, keypoints: 0}", "from 1 to 100000"),
            ("title: t\nvariants:\n  - {name: a, rerank: nothing}", "no re-ranking method “nothing”"),
            ("title: t\nvariants:\n  - {name: a, features: x.npy, rerank: verify}", "compares photos"),
            ("title: t\nvariants:\n  - {name: a, query_features: x.npy}", "need features of the gallery"),
            ("title: t\nvariants:\n  - {name: a, features: x.npy, strategy: local}", "is for photos"),
            ("title: t\nvariants:\n  - {name: ''}", "not empty"),
            ("title: t\ndefaults: {name: x}\nvariants: [{name: a}]", "defaults have no name"),
            ("title: t\nvariants:\n  - {name: a, models: []}", "at least one model"),
            ("title: t\nvariants:\n  - {models: [rootsift]}", "lacks “name”"),
        ])
    func mistakes(text: String, expected: String) {
        let message = message(text)
        #expect(message.contains(expected), "\(message)")
        #expect(message.hasPrefix("a.yaml:"), "\(message)")
    }
}
