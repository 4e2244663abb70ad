import CairnCheckpoints
import CairnCore
import CairnFormats
import CairnModelLibrary
import CairnModels
import CairnNN
import CairnONNX
import Foundation
import Testing

@Suite struct ModelDescriptionTests {
    static let descriptor = ModelDescription(
        network: .descriptor(
            DescriptorNetworkConfiguration(
                architecture: "resnet18", pooling: .learnedGeM, head: HeadConfiguration(kind: .convolutionNorm),
                dimensions: 32)),
        preprocessing: .unit, size: 160, fit: .shortSide, scales: .three,
        training: .init(
            recipe: "town", epoch: 7, metric: "mAP", validation: 0.612345, seed: .max, version: "0.6"))
    static let delg = ModelDescription(
        network: .delg(
            DELGConfiguration(architecture: "resnet18", dimensions: 48, localDimensions: 64, attentionChannels: 32)),
        size: 128)

    /// Seeded parameters of a description, by name.
    static func tensors(_ description: ModelDescription) throws -> [(name: String, array: NumericArray)] {
        var state: UInt32 = 3
        return try description.specs().map { spec in
            let values = (0..<spec.shape.elementCount).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                let number = 0.04 * (Float(state >> 8) / Float(1 << 23) - 1)
                return number + (spec.name.hasSuffix("var") || spec.role == .normalization ? 1 : 0)
            }
            return (spec.name, NumericArray(values, shape: spec.shape.dimensions))
        }
    }

    /// Parameters by name, as training has them.
    struct Storage: ParameterStorage {
        let arrays: [String: [Float]]

        init(_ description: ModelDescription) throws {
            arrays = Dictionary(
                uniqueKeysWithValues: try ModelDescriptionTests.tensors(description).map {
                    ($0.name, $0.array.floats())
                })
        }

        func floats(for spec: ParameterSpec) throws -> [Float] { try #require(arrays[spec.name]) }
    }

    @Test("What is written is read again, and equal descriptions give equal bytes", arguments: [descriptor, delg])
    func roundTrip(description: ModelDescription) throws {
        let models = try SampleModels()
        let file = models.folder + "/model.safetensors"
        try description.write(tensors: Self.tensors(description), to: file)
        let first = try Data(contentsOf: URL(fileURLWithPath: file))
        #expect(try ModelDescription(of: Checkpoint(contentsOf: file)) == description)
        try description.write(tensors: Self.tensors(description), to: file)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == first)
        #expect(try ModelDescription(of: Checkpoint(contentsOf: models.resNet18())) == nil)
    }

    @Test("A parameter too few or too many is not written")
    func wrongTensors() throws {
        let models = try SampleModels()
        var tensors = try Self.tensors(Self.delg)
        let last = tensors.removeLast()
        let file = models.folder + "/model.safetensors"
        let missing = #expect(throws: ModelLibraryError.self) { try Self.delg.write(tensors: tensors, to: file) }
        #expect(missing?.message.contains(last.name) == true)
        tensors += [last, ("fc.weight", NumericArray([Float](repeating: 0, count: 4), shape: [2, 2]))]
        let more = #expect(throws: ModelLibraryError.self) { try Self.delg.write(tensors: tensors, to: file) }
        #expect(more?.message.contains("fc.weight") == true)
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test(
        "A description that is not understood is refused in one sentence",
        arguments: [
            (#""version":1"#, #""version":2"#, "version 2"),
            (#""version":1"#, #""version":1,"colour":3"#, "colour"),
            (#""kind":"delg""#, #""kind":"vlad""#, "kind"),
            (#""kind":"delg""#, #""kind":"descriptor""#, "descriptor is missing"),
            (#""localDimensions":64"#, #""localDimensions":64,"depth":9"#, "depth"),
            (#""localDimensions":64"#, #""localDimensions":9223372036854775807"#, "local descriptor"),
            (#""dimensions":48"#, #""dimensions":-1"#, "dimensions"),
            (#""attentionChannels":32"#, #""attentionChannels":0"#, "attention"),
            (#""architecture":"resnet18""#, #""architecture":"resnet19""#, "resnet19"),
            (#""architecture":"resnet18""#, #""architecture":"nfnet_l0""#, "nfnet_l0"),
            (#""range":"unit""#, #""range":"unit","gamma":2"#, "gamma"),
            (#""channelOrder":"rgb""#, #""channelOrder":"grey""#, "grey"),
            (#""size":128"#, #""size":1000000000"#, "1000000000"),
            (#""size":128"#, #""size":"large""#, "size"),
            (#""scales":[1]"#, #""scales":[0]"#, "scales"),
            (#""training":{}"#, #""training":{"mood":"good"}"#, "mood"),
            (#"{"delg""#, #"{{"delg""#, "not JSON"),
        ])
    func hostile(from: String, to: String, word: String) throws {
        let text = try Self.delg.json
        #expect(text.contains(from), "\(text)")
        let error = #expect(throws: ModelLibraryError.self) {
            try ModelDescription(json: text.replacing(from, with: to))
        }
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("\n") == false)
        let models = try SampleModels()
        let file = models.folder + "/bad.safetensors"
        try SafetensorsFile.write(
            Self.tensors(Self.delg), metadata: [ModelDescription.metadataKey: text.replacing(from, with: to)], to: file)
        let refused = #expect(throws: (any Error).self) {
            try models.library.add(ModelAddition(file: file, name: "x"), runtime: SampleModels.runtime.get())
        }
        #expect(message(refused).hasPrefix(file), "\(message(refused))")
        #expect(try models.library.records().isEmpty)
    }

    @Test("A described model needs no other word; size and scales may be said otherwise, facts may not")
    func adding() throws {
        let models = try SampleModels()
        let file = models.folder + "/trained.safetensors"
        try Self.descriptor.write(tensors: Self.tensors(Self.descriptor), to: file)
        func add(_ name: String, _ change: (inout ModelAddition) -> Void = { _ in }) throws -> ModelRecord {
            var addition = ModelAddition(file: file, name: name)
            change(&addition)
            return try models.library.add(addition, runtime: SampleModels.runtime.get())
        }
        let record = try add("trained")
        #expect(record.kind == .global && record.architecture == "resnet18" && record.dimensions == 32)
        #expect(record.network == Self.descriptor.descriptorNetwork && record.preprocessing == .unit)
        #expect(record.longSide == 160 && record.fit == .shortSide && record.scales == .three)
        #expect(
            record.training?.sentence
                == "recipe town, epoch 7, mAP 0.6123, seed 18446744073709551615, Cairn 0.6")
        #expect(try models.library.record(named: "trained") == record)
        let other = try add("other") {
            ($0.longSide, $0.fit, $0.scales) = (128, .longSide, .single)
            $0.pooling = .learnedGeM
            $0.architecture = "resnet18"
        }
        #expect(other.longSide == 128 && other.fit == nil && other.scales == .single)
        #expect(try other.digest != record.digest)
        let contradictions: [(String, (inout ModelAddition) -> Void)] = [
            ("architecture", { $0.architecture = "resnet34" }), ("pooling", { $0.pooling = .maximum }),
            ("head", { $0.head = .linear }), ("dimensions", { $0.dimensions = 64 }),
            ("preprocessing", { $0.preprocessing = .imageNet }), ("--local", { $0.kind = .local }),
            ("DELG", { $0.delg = .resNet50 }), ("--output", { $0.output = "x" }),
        ]
        for (word, change) in contradictions {
            let error = #expect(throws: ModelLibraryError.self) { try add("x", change) }
            #expect(error?.kind == .invalidArgument && error?.message.contains(word) == true, "\(message(error))")
        }
        // Another description of the same weights is another model.
        var changed = Self.descriptor
        changed.training.epoch = 8
        try changed.write(tensors: Self.tensors(changed), to: file)
        #expect(try add("later").digest != record.digest)
    }

    @Test("One DELG file on ResNet-18 gives a global and a local model, and graphs that agree with them")
    func bothHalves() throws {
        let models = try SampleModels()
        let file = models.folder + "/delg.safetensors"
        try Self.delg.write(tensors: Self.tensors(Self.delg), to: file)
        func add(_ name: String, _ kind: ModelKind?) throws -> ModelRecord {
            var addition = ModelAddition(file: file, name: name)
            addition.kind = kind
            return try models.library.add(addition, runtime: SampleModels.runtime.get())
        }
        let global = try add("global", nil)
        #expect(global.kind == .global && global.dimensions == 48 && global.architecture == "delg-resnet18")
        let local = try add("local", .local)
        #expect(local.kind == .local && local.dimensions == 64 && local.keypoints?.longSide == 128)
        let photo = SampleModels.gradient(width: 128, height: 96)
        let features = try models.library.localModel(named: "local", runtime: SampleModels.runtime.get())
            .features(of: photo)
        #expect(features.count == 8 * 6 + 6 * 5 + 4 * 3 + 3 * 3)

        let exported = models.folder + "/delg.onnx"
        try ModelExport.onnx(description: Self.delg, parameters: Storage(Self.delg), to: exported)
        let graph = try ONNXModel(contentsOf: exported)
        #expect(graph.outputs.map(\.name) == ["descriptor", "local", "attention"])
        #expect(graph.outputs.map { $0.dimensions[1] } == [48, 64, 1])
        var again = ModelAddition(file: exported, name: "again")
        (again.longSide, again.output) = (128, "descriptor")
        _ = try models.library.add(again, runtime: SampleModels.runtime.get())
        let descriptor = try models.model("global").descriptor(of: photo)
        #expect(try isClose(models.model("again").descriptor(of: photo), descriptor, 1e-4))
        #expect(Set(descriptor).count > 40)
        #expect(try ONNXModel(models.library.onnx(of: "local"), path: "local").outputs.count == 3)
    }

    @Test("The names of undescribed DELG checkpoints cover every ResNet, with the paper's sizes")
    func undescribed() throws {
        let models = try SampleModels()
        let configuration = DELGConfiguration(architecture: "resnet34")
        let source = ShapeParameters()
        _ = try DELG(Parameters(source), configuration: configuration)
        let file = try models.checkpoint("delg34", source.specs)
        let record = try models.add(file, "d") {
            $0.architecture = "delg-resnet34"
            $0.longSide = 128
        }
        #expect(record.kind == .local && record.dimensions == 128)
    }
}
