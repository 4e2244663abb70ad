import CairnCheckpoints
import CairnCore
import CairnFeatures
import CairnModelLibrary
import Foundation
import Testing

@Suite struct ModelLibraryTests {
    @Test("A foreign model's vector is brought to unit length")
    func foreignVector() throws {
        let models = try SampleModels()
        let record = try models.add(models.meanColour(), "mean")
        #expect(record.kind == .global && record.dimensions == 3 && record.fixedSize == nil)
        let descriptor = try models.model("mean").descriptor(of: SampleModels.plain(255, 51, 102))
        #expect(isClose(descriptor, unit([1, 0.2, 0.4])))
    }

    @Test("A foreign model's map is pooled as asked")
    func foreignMap() throws {
        let models = try SampleModels()
        let file = try models.identity()
        _ = try models.add(file, "max") { $0.pooling = .maximum }
        _ = try models.add(file, "mean") { $0.pooling = .average }
        _ = try models.add(file, "regions") { $0.pooling = .rmac }
        let photo = SampleModels.gradient(width: 128, height: 112)
        // The largest and the mean value of each channel, by hand.
        #expect(try isClose(models.model("max").descriptor(of: photo), unit([253, 252, 253]), 0.01))
        let mean = try models.model("mean").descriptor(of: photo)
        #expect(isClose(mean, unit([1, 1, 1]), 0.02))
        #expect(try models.model("regions").descriptor(of: photo).count == 3)
    }

    @Test("Tokens are pooled over their number")
    func tokens() throws {
        let models = try SampleModels()
        let record = try models.add(models.tokens(), "tokens") { $0.pooling = .average }
        #expect(record.dimensions == 3)
        #expect(
            try isClose(models.model("tokens").descriptor(of: SampleModels.plain(51, 102, 204)), unit([0.3, 0.6, 1.2])))
    }

    @Test("A graph of one size is given images of that size")
    func fixedSize() throws {
        let models = try SampleModels()
        let record = try models.add(models.meanColour(height: 24, width: 40, isFree: false), "fixed")
        #expect(record.fixedSize == ModelRecord.FixedSize(height: 24, width: 40))
        let descriptor = try models.model("fixed").descriptor(
            of: SampleModels.plain(51, 102, 204, width: 300, height: 200))
        #expect(isClose(descriptor, unit([0.2, 0.4, 0.8])))
    }

    @Test("A checkpoint's architecture is told by its names, and its classifier is refused unless asked for")
    func checkpoint() throws {
        let models = try SampleModels()
        let bare = try models.add(models.resNet18(), "bare")
        #expect(bare.architecture == "resnet18" && bare.dimensions == 512)
        #expect(bare.parameterCount == 11_176_512)
        let withHead = try models.resNet18(extra: ["fc.weight": [10, 512], "fc.bias": [10]])
        let error = #expect(throws: (any Error).self) {
            try models.add(withHead, "head") { $0.architecture = "resnet18" }
        }
        #expect(message(error).contains("fc.weight [10, 512]"))
        let ignoring = try models.add(withHead, "head") {
            $0.architecture = "resnet18"
            $0.ignoresHead = true
        }
        #expect(ignoring.dimensions == 512)
        let photo = SampleModels.gradient(width: 160, height: 128)
        #expect(try isClose(models.model("bare").descriptor(of: photo), models.model("head").descriptor(of: photo)))
    }

    @Test("A checkpoint without one of its parameters is refused by that name, and nothing is left behind")
    func missingParameter() throws {
        let models = try SampleModels()
        let file = try models.resNet18(dropping: "layer3.0.conv1.weight")
        let error = #expect(throws: (any Error).self) {
            try models.add(file, "broken") { $0.architecture = "resnet18" }
        }
        #expect(message(error).contains("layer3.0.conv1.weight [256, 128, 3, 3]"))
        #expect(message(error).contains(file))
        #expect(try models.library.records().isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: models.library.path).isEmpty)
    }

    @Test("Several scales give the mean of their descriptors")
    func scales() throws {
        let models = try SampleModels()
        let file = try models.resNet18()
        _ = try models.add(file, "small") { $0.longSide = 128 }
        _ = try models.add(file, "large") { $0.longSide = 256 }
        _ = try models.add(file, "both") {
            $0.longSide = 256
            $0.scales = (try? ScaleSet([0.5, 1])) ?? .single
        }
        let photo = SampleModels.gradient(width: 256, height: 256)
        let small = try models.model("small").descriptor(of: photo)
        let large = try models.model("large").descriptor(of: photo)
        #expect(!isClose(small, large))
        #expect(try isClose(models.model("both").descriptor(of: photo), unit(zip(small, large).map { $0 + $1 })))
    }

    @Test("An ensemble puts its models' descriptors one behind another")
    func ensemble() throws {
        let models = try SampleModels()
        _ = try models.add(models.meanColour(), "mean")
        _ = try models.add(models.identity(), "max") { $0.pooling = .maximum }
        let record = try models.library.addEnsemble("both", of: [("mean", 1), ("max", 2)])
        #expect(record.dimensions == 6)
        let photo = SampleModels.plain(51, 102, 204)
        let single = unit([0.2, 0.4, 0.8])
        #expect(try isClose(models.model("both").descriptor(of: photo), unit(single + single.map { 2 * $0 })))
        let error = #expect(throws: ModelLibraryError.self) { try models.library.remove("mean") }
        #expect(error?.kind == .conflict)
        try models.library.remove("both")
        try models.library.remove("mean")
    }

    @Test(
        "A model's name is there once, and has no surprises in it",
        arguments: ["", "a/b", "..", "-x", ".x", "ä", "a b"])
    func names(name: String) throws {
        let models = try SampleModels()
        let file = try models.meanColour()
        #expect(throws: ModelLibraryError.self) { try models.add(file, name) }
        _ = try models.add(file, "good-1.0_x")
        let error = #expect(throws: ModelLibraryError.self) { try models.add(file, "good-1.0_x") }
        #expect(error?.kind == .conflict)
    }

    @Test("A missing model is an error that names those that there are")
    func missing() throws {
        let models = try SampleModels()
        _ = try models.add(models.meanColour(), "mean")
        let error = #expect(throws: ModelLibraryError.self) { try models.library.record(named: "other") }
        #expect(error?.kind == .notFound && error?.message.contains("there are mean") == true)
        let provider = LibraryExtractors(library: models.library) { try SampleModels.runtime.get() }
        let record = ExtractorRecord(name: "gone", kind: .global, dimensions: 3, digest: "x", configurationJSON: "{}")
        let missing = #expect(throws: (any Error).self) { try provider.globalExtractor(for: record) }
        #expect(message(missing).contains("cairn models add FILE --name gone"))
    }

    @Test("Notes do not change a model's digest; what decides its output does")
    func digests() throws {
        let models = try SampleModels()
        let file = try models.meanColour()
        let first = try models.add(file, "a") { $0.origin = "here" }
        let second = try models.add(file, "b") { $0.origin = "there" }
        #expect(try first.digest == second.digest)
        let third = try models.add(file, "c") { $0.longSide = 640 }
        #expect(try first.digest != third.digest)
    }

    @Test("A file that is no model is refused in one sentence")
    func noModel() throws {
        let models = try SampleModels()
        for (name, data) in [
            ("text.onnx", Data("hello".utf8)), ("empty.onnx", Data()), ("text.pth", Data("hello".utf8)),
            ("empty.safetensors", Data()), ("short.safetensors", Data([8, 0, 0, 0, 0, 0, 0, 0, 0x7B])),
        ] {
            let file = try models.write(data, name)
            let error = #expect(throws: (any Error).self) { try models.add(file, "x") }
            #expect(message(error).contains(file), "\(message(error))")
        }
        #expect(throws: ModelLibraryError.self) { try models.add("/nowhere/model.onnx", "x") }
        #expect(try models.library.records().isEmpty)
    }

    @Test("A file that was changed after it was added is refused")
    func changedFile() throws {
        let models = try SampleModels()
        _ = try models.add(models.meanColour(), "mean")
        let path = models.library.path + "/mean/model.onnx"
        try Data("no".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: ModelLibraryError.self) { try models.model("mean") }
        #expect(error?.kind == .corrupted)
    }
}
