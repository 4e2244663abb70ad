import Foundation
import Testing

/// Public weights and real photos, in folders that `CAIRN_WEIGHTS` and `CAIRN_PHOTOS` name.
private enum RealWeights {
    static func file(_ name: String, below variable: String) -> String? {
        guard let folder = ProcessInfo.processInfo.environment[variable] else { return nil }
        let path = URL(fileURLWithPath: folder).appendingPathComponent(name).path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    static let xfeat = file("xfeat.onnx", below: "CAIRN_WEIGHTS")
    static let aliked = file("aliked-n16.pth", below: "CAIRN_WEIGHTS")
    static let queries = file("queries.csv", below: "CAIRN_PHOTOS")
    static var areThere: Bool { xfeat != nil && aliked != nil && queries != nil }
}

extension CommandLineTests {
    /// What published networks find in real photos. Skipped where either is missing.
    @Suite(
        "Real weights",
        .enabled(
            if: RealWeights.areThere,
            "CAIRN_WEIGHTS names no folder with xfeat.onnx and aliked-n16.pth, or CAIRN_PHOTOS none with queries.csv"))
    struct RealWeightsTests {
        @Test("XFeat finds photos in place of RootSIFT, and pooled beside it finds more than RootSIFT alone")
        func xfeat() async throws {
            let sandbox = try Sandbox()
            let file = try #require(RealWeights.xfeat)
            let queries = try #require(RealWeights.queries)
            let local = try await sandbox.reply(ModelReply.self, "models", "add", file, "--name", "xfeat")
            #expect(local.kind == "local" && local.dimensions == 64)
            let global = try await sandbox.reply(
                ModelReply.self, "models", "add", file, "--name", "xg", "--global", "--preprocess", "unit")
            #expect(global.kind == "global" && global.dimensions == 64)

            func evaluation(_ models: String...) async throws -> EvaluationReply {
                let outcome = try await sandbox.run(
                    [
                        "evaluate", "folders", (queries as NSString).deletingLastPathComponent, "--queries", queries,
                        "--json",
                    ]
                        + models.flatMap { ["--model", $0] })
                try #require(outcome.status == 0, "\(outcome.errors)")
                return try JSONDecoder().decode(EvaluationReply.self, from: Data(outcome.output.utf8))
            }
            // At the same time: each searches on one core most of the time.
            async let alone = evaluation("xfeat")
            async let beside = evaluation("rootsift", "xg")
            let (xfeat, fused) = try await (alone, beside)
            // Measured: 0.826 and 0.887, then 0.852 and 0.913.
            #expect(xfeat.all.mAP >= 0.80 && xfeat.all.precision1 >= 0.86, "\(xfeat.all)")
            #expect(fused.all.mAP >= 0.84 && fused.all.precision1 >= 0.89, "\(fused.all)")
        }

        @Test("ALIKED's checkpoint loads by its names, and matches two photos of St Paul's")
        func aliked() async throws {
            let sandbox = try Sandbox()
            let file = try #require(RealWeights.aliked)
            let photos = ((try #require(RealWeights.queries)) as NSString).deletingLastPathComponent
            let model = try await sandbox.reply(
                ModelReply.self, "models", "add", file, "--name", "aliked", "--keypoints", "1000")
            #expect(model.kind == "local" && model.architecture == "aliked-n16" && model.dimensions == 128)
            let reply = try await sandbox.reply(
                MatchReply.self, "match", "\(photos)/st_pauls_cathedral/1.jpg", "\(photos)/st_pauls_cathedral/2.jpg",
                "--model", "aliked")
            #expect(reply.inliers >= 100 && reply.keypoints.allSatisfy { (500...1_000).contains($0) }, "\(reply)")
        }
    }
}
