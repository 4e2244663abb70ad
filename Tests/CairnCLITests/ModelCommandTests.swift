import CairnONNX
import Foundation
import Testing

extension CommandLineTests {
    /// `cairn models`: adding, looking, removing, exporting.
    @Suite("models") struct ModelCommandTests {
        @Test("add, list, show and remove a global ONNX model")
        func globalModel() async throws {
            let sandbox = try Sandbox()
            let none = try await sandbox.run("models", "list")
            #expect(none.status == 0 && none.output.contains("no models in \(sandbox.models)"))
            #expect(none.output.contains("cairn models add"))

            let file = try sandbox.writeThumbnailModel()
            let added = try await sandbox.run(
                "models", "add", file, "--name", "thumb", "--preprocess", "unit", "--origin", "made by a test",
                "--licence", "none")
            #expect(added.status == 0 && added.errors.isEmpty, "\(added.errors)")
            #expect(added.output.contains("thumb: global descriptors of 192 dimensions"), "\(added.output)")

            let model = try await sandbox.reply(ModelReply.self, "models", "show", "thumb")
            #expect(model.name == "thumb" && model.kind == "global" && model.dimensions == 192)
            #expect(model.architecture == nil && model.members.isEmpty && model.scales == [1])
            #expect(model.origin == "made by a test" && model.licence == "none")
            #expect(model.preprocessing?.hasPrefix("rgb") == true, "\(model.preprocessing ?? "")")
            #expect(model.digest.count == 64 && model.fileDigest?.count == 64 && model.whitening == nil)
            #expect(
                ISO8601DateFormatter().date(from: model.added).map { abs($0.timeIntervalSinceNow) < 600 } == true)
            let size = try #require(FileManager.default.attributesOfItem(atPath: file)[.size] as? Int)
            #expect(model.fileBytes == size)

            let list = try await sandbox.run("models", "list")
            #expect(list.output.hasPrefix("thumb  global descriptors of 192 dimensions"), "\(list.output)")
            let shown = try await sandbox.run("models", "show", "thumb")
            for word in ["made by a test", model.digest, "192"] { #expect(shown.output.contains(word)) }

            // What was added is a copy: the file may go.
            try FileManager.default.removeItem(atPath: file)
            let photo = try sandbox.writeTown(1)[0]
            let embedded = try await sandbox.run("embed", photo, "--model", "thumb", "--json")
            #expect(embedded.status == 0, "\(embedded.errors)")

            let removed = try await sandbox.run("models", "remove", "thumb")
            #expect(removed.status == 0 && removed.output == "removed thumb\n")
            #expect(sandbox.modelFolders.isEmpty)
            #expect(try await sandbox.reply([ModelReply].self, "models", "list").isEmpty)
        }

        @Test("An ONNX file with keypoint outputs is a local model, or a global one where that is said")
        func keypointModel() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.writeKeypointModel()
            let local = try await sandbox.reply(
                ModelReply.self, "models", "add", file, "--name", "points", "--keypoints", "500")
            #expect(local.kind == "local" && local.dimensions == 64 && local.parameters > 20_000)
            let photos = try sandbox.writeTown(2)
            let match = try await sandbox.reply(MatchReply.self, "match", photos[0], photos[0], "--model", "points")
            #expect(match.keypoints.allSatisfy { (50...500).contains($0) }, "\(match.keypoints)")
            #expect(match.inliers >= 40)

            let global = try await sandbox.reply(
                ModelReply.self, "models", "add", file, "--name", "pooled", "--global", "--output", "features",
                "--pooling", "mac")
            #expect(global.kind == "global" && global.dimensions == 64 && global.pooling == "mac")
        }

        @Test("A checkpoint's architecture is told by its names; what is exported runs as what it was exported from")
        func checkpoint() async throws {
            let sandbox = try Sandbox()
            let photo = try sandbox.writeTown(1)[0]
            let file = try sandbox.writeResNet18()
            let model = try await sandbox.reply(ModelReply.self, "models", "add", file, "--name", "r18")
            #expect(model.architecture == "resnet18" && model.pooling == "gem" && model.head == "none")
            #expect(model.dimensions == 512 && model.parameters == 11_176_512 && model.multiplyAdds > 5_000_000_000)

            let exported = sandbox.root + "/r18.onnx"
            let outcome = try await sandbox.run("models", "export", "r18", "-o", "r18.onnx")
            #expect(outcome.status == 0 && outcome.output.contains("r18.onnx"), "\(outcome.errors)")
            let graph = try ONNXModel(contentsOf: exported)
            #expect(graph.inputs.map(\.name) == ["image"] && graph.inputs[0].dimensions == [nil, 3, nil, nil])
            #expect(graph.outputs.map(\.name) == ["descriptor"] && graph.outputs[0].dimensions == [nil, 512])
            #expect(graph.metadata["cairn.digest"] == model.digest)
            #expect(graph.parameterCount >= 11_000_000)

            let again = try await sandbox.reply(ModelReply.self, "models", "add", exported, "--name", "again")
            #expect(again.architecture == nil && again.dimensions == 512)
            var rows: [[Float]] = []
            for name in ["r18", "again"] {
                let embedding = try await sandbox.run(
                    "embed", photo, "--model", name, "--json", "--precision", "float32")
                try #require(embedding.status == 0, "\(embedding.errors)")
                rows.append(
                    try JSONDecoder().decode([EmbeddingReply].self, from: Data(embedding.output.utf8))[0].descriptor)
            }
            #expect(zip(rows[0], rows[1]).allSatisfy { abs($0 - $1) < 1e-4 })
        }

        @Test("A trained model is added without options, and its recipe is shown")
        func trainedModel() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.writeTrainedDELG()
            let global = try await sandbox.reply(ModelReply.self, "models", "add", file, "--name", "delg")
            #expect(global.kind == "global" && global.architecture == "delg-resnet18" && global.dimensions == 64)
            let local = try await sandbox.reply(
                ModelReply.self, "models", "add", file, "--name", "points", "--local", "--keypoints", "200")
            #expect(local.kind == "local" && local.dimensions == 64)
            let shown = try await sandbox.run("models", "show", "delg")
            #expect(shown.output.contains("recipe town, epoch 3, mAP 0.75, seed 1"), "\(shown.output)")
            let refused = try await sandbox.run("models", "add", file, "--name", "x", "--pooling", "mac")
            #expect(refused.status == 64 && refused.errorLines.count == 1, "\(refused)")
            #expect(refused.errors.contains("pooling is gem"), "\(refused.errors)")
            let both = try await sandbox.run("models", "add", file, "--name", "x", "--local", "--global")
            #expect(both.status == 64 && both.errors.contains("exclude each other"), "\(both)")
            #expect(sandbox.modelFolders == ["delg", "points"])
        }

        @Test("What a checkpoint has too little, too much or in another shape is listed by name")
        func wrongCheckpoints() async throws {
            let sandbox = try Sandbox()
            let missing = try sandbox.writeResNet18("missing.safetensors", dropping: "layer2.0.conv1.weight")
            let shaped = try sandbox.writeResNet18("shaped.safetensors", shapes: ["conv1.weight": [64, 1, 7, 7]])
            let headed = try sandbox.writeResNet18(
                "headed.safetensors", shapes: ["fc.weight": [10, 512], "fc.bias": [10]])
            let cases: [(file: String, architecture: String?, words: [String])] = [
                (missing, "resnet18", ["1 missing (layer2.0.conv1.weight [128, 64, 3, 3])"]),
                (
                    shaped, "resnet18",
                    ["1 mismatched (conv1.weight is [64, 1, 7, 7], the model has [64, 3, 7, 7])"]
                ),
                (headed, "resnet18", ["2 unused (", "fc.weight [10, 512]", "fc.bias [10]"]),
                (missing, "resnet50", ["166 missing (", "22 mismatched (", "more)"]),
                (missing, nil, ["fits no architecture", "--architecture"]),
                (headed, "resnet19", ["no architecture “resnet19”", "resnet18"]),
            ]
            for (file, architecture, words) in cases {
                let outcome = try await sandbox.run(
                    ["models", "add", file, "--name", "x"] + (architecture.map { ["--architecture", $0] } ?? []))
                #expect(outcome.status == 2 || outcome.status == 64, "\(outcome)")
                #expect(outcome.errors.hasPrefix("cairn: ") && outcome.errorLines.count == 1, "\(outcome.errors)")
                for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
                #expect(!outcome.errors.contains(".adding-"), "\(outcome.errors)")
                #expect(sandbox.modelFolders.isEmpty)
            }
            // The classifier is passed over when that is asked for.
            let added = try await sandbox.reply(
                ModelReply.self, "models", "add", headed, "--name", "x", "--ignore-head", "--pooling", "rmac")
            #expect(added.architecture == "resnet18" && added.pooling == "rmac")
        }

        @Test("A file that is no model is refused in one sentence, and nothing stays of it")
        func noModels() async throws {
            let sandbox = try Sandbox()
            let whole = try Data(contentsOf: URL(fileURLWithPath: sandbox.writeKeypointModel()))
            var random = SeededRandom(state: 3)
            let noise = Data((0..<4_096).map { _ in UInt8(truncatingIfNeeded: random.next()) })
            var flipped = whole
            for _ in 0..<64 { flipped[Int(random.next() % 400)] ^= 0xFF }
            let files = [
                ("text.onnx", Data("hello".utf8)), ("empty.onnx", Data()), ("noise.onnx", noise),
                ("half.onnx", whole.prefix(whole.count / 2)), ("cut.onnx", whole.dropLast(7)),
                ("flipped.onnx", flipped),
                ("noise.safetensors", noise), ("noise.pth", noise), ("empty.pth", Data()),
                ("photo.pt", TownPhoto.all[0].content),
            ]
            for (name, content) in files {
                let file = try sandbox.writeFile(content, name)
                let outcome = try await sandbox.run("models", "add", file, "--name", "x")
                #expect((1...4).contains(outcome.status) && outcome.signal == 0, "\(name): \(outcome)")
                #expect(outcome.errors.hasPrefix("cairn: ") && outcome.errorLines.count == 1, "\(outcome.errors)")
                #expect(outcome.errors.contains(file) && !outcome.errors.contains(".adding-"), "\(outcome.errors)")
                #expect(sandbox.modelFolders.isEmpty)
            }
        }

        @Test("Names that are not words, and files that are not there, leave nothing behind")
        func names() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.writeThumbnailModel()
            for name in ["../x", "a/b", ".", "..", ".x", "a b", "ä", "", String(repeating: "x", count: 65), "x\ny"] {
                let outcome = try await sandbox.run("models", "add", file, "--name", name)
                #expect(outcome.status == 64 && outcome.errors.contains("cannot be a model's name"), "\(outcome)")
            }
            for command in ["show", "remove"] {
                let outcome = try await sandbox.run("models", command, "../the collection")
                #expect(outcome.status == 64 && outcome.errors.contains("cannot be a model's name"), "\(outcome)")
            }
            #expect(sandbox.modelFolders.isEmpty && !FileManager.default.fileExists(atPath: sandbox.root + "/x"))
            let reserved = try await sandbox.run("models", "add", file, "--name", "rootsift")
            #expect(reserved.status == 64 && reserved.errors.contains("rootsift"), "\(reserved)")
            let lost = try await sandbox.run("models", "add", "nothing.onnx", "--name", "x")
            #expect(lost.status == 2 && lost.errors.contains("no file nothing.onnx"), "\(lost)")
            let folder = try await sandbox.run("models", "add", "My Photos", "--name", "x")
            #expect(
                folder.status != 0 && folder.errorLines.count == 1 && folder.errors.contains("My Photos"), "\(folder)")

            try await sandbox.run("models", "add", file, "--name", "x")
            let twice = try await sandbox.run("models", "add", file, "--name", "x")
            #expect(twice.status == 3 && twice.errors.contains("a model x already"), "\(twice)")
            let partly = try await sandbox.run("models", "remove", "x", "y")
            #expect(partly.status == 2 && partly.errors.contains("no model y"), "\(partly)")
            #expect(sandbox.modelFolders == ["x"])
        }

        @Test("An ensemble is its models' descriptors one behind another, and keeps them from being removed")
        func ensemble() async throws {
            let sandbox = try await Sandbox.withModels(photos: 1)
            let made = try await sandbox.run(
                "models", "ensemble", "thumb", "filters", "--name", "both", "--weight", "1", "--weight", "2")
            #expect(made.status == 0 && made.output.contains("208 dimensions"), "\(made)")
            let both = try await sandbox.reply(ModelReply.self, "models", "show", "both")
            #expect(both.kind == "ensemble" && both.dimensions == 208)
            #expect(both.members == ["thumb", "filters x 2.0"], "\(both.members)")
            func row(_ model: String) async throws -> [Float] {
                let outcome = try await sandbox.run(
                    "embed", "My Photos", "--model", model, "--json", "--precision", "float32")
                try #require(outcome.status == 0, "\(outcome.errors)")
                return try JSONDecoder().decode([EmbeddingReply].self, from: Data(outcome.output.utf8))[0].descriptor
            }
            let parts = try await row("thumb") + row("filters").map { 2 * $0 }
            let length = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let whole = try await row("both")
            // Each model alone has a photo reduced by the decoder to its own size, the ensemble to that of the largest.
            #expect(zip(whole, parts).reduce(0) { $0 + $1.0 * $1.1 / length } > 0.999)

            let removal = try await sandbox.run("models", "remove", "thumb")
            #expect(removal.status == 3 && removal.errors.contains("remove both first"), "\(removal)")
            let local = try await sandbox.run("models", "ensemble", "thumb", "made-up", "--name", "odd")
            #expect(local.status == 64 && local.errors.contains("made-up describes keypoints"), "\(local)")
            let alone = try await sandbox.run("models", "ensemble", "thumb", "--name", "odd")
            #expect(alone.status == 64 && alone.errors.contains("two models"), "\(alone)")
            #expect(sandbox.modelFolders == ["both", "filters", "made-up", "thumb"])
        }

        @Test("A folder of models that cannot be written, and a disk without room, are said to be that")
        func noRoom() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.writeResNet18()
            let blocked = try await sandbox.run(
                "models", "add", file, "--name", "x", environment: ["CAIRN_MODELS": file + "/models"])
            #expect(blocked.status == 1 && blocked.errorLines.count == 1, "\(blocked)")
            #expect(blocked.errors.contains("\(file)/models cannot be written: "), "\(blocked.errors)")

            let limited = ["/bin/sh", "-c", "ulimit -f 20000; exec \"$@\"", "sh"]
            let large = try await sandbox.run("models", "add", file, "--name", "x", wrapper: limited)
            #expect(large.status != 0 && large.signal == 0 && large.errorLines.count == 1, "\(large)")
            #expect(sandbox.modelFolders.isEmpty)

            guard try await DiskFullTests.canMount() else {
                Test.cancelledPart("only root may mount a small file system")
                return
            }
            try await DiskFullTests.withSmallDisk(below: sandbox.root, bytes: 8 << 20) { disk in
                let full = try await sandbox.run(
                    "models", "add", file, "--name", "x", environment: ["CAIRN_MODELS": disk + "/models"])
                #expect(full.status != 0 && full.errorLines.count == 1, "\(full)")
                #expect(full.errors.contains("resnet18.safetensors cannot be copied: "), "\(full.errors)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: disk + "/models").isEmpty)
            }
        }

        @Test("A kill at any instant leaves a model whole or not at all")
        func kills() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.writeResNet18()
            let whole = try await ContinuousClock().measure {
                _ = try await sandbox.reply(ModelReply.self, "models", "add", file, "--name", "whole")
            }
            let digest = try await sandbox.reply(ModelReply.self, "models", "show", "whole").digest
            var (killed, finished) = (0, 0)
            for step in 1...12 {
                let process = try sandbox.start(["models", "add", file, "--name", "x"])
                try await Task.sleep(for: whole * (Double(step) / 12))
                process.send(SIGKILL)
                let outcome = try await process.wait()
                if outcome.signal == SIGKILL { killed += 1 }
                let names = try await sandbox.reply([ModelReply].self, "models", "list")
                #expect(names.map(\.name) == ["whole"] || names.map(\.name) == ["whole", "x"])
                if names.count == 2 {
                    finished += 1
                    #expect(names[1].digest == digest)
                    try await sandbox.run("models", "remove", "x")
                } else {
                    #expect(outcome.signal == SIGKILL, "\(outcome)")
                }
            }
            #expect(killed >= 3, "\(killed) killed, \(finished) finished")
            // What is left does not keep the name from being used, and is no model.
            #expect(try await sandbox.run("models", "add", file, "--name", "x").status == 0)
            #expect(try await sandbox.reply([ModelReply].self, "models", "list").map(\.name) == ["whole", "x"])
        }
    }
}
