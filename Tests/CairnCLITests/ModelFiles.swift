import CairnFormats
import CairnModelLibrary
import CairnModels
import CairnNN
import CairnONNX
import Foundation
import Testing

extension Sandbox {
    /// A global model whose descriptor is the photo at 8 x 8 pixels less its mean: `[1, 3, 64, 64]` to `[1, 192]`.
    func writeThumbnailModel(_ name: String = "thumbnail.onnx") throws -> String {
        let graph = GraphBuilder(name: "thumbnail")
        let image = graph.input("image", [1, 3, 64, 64])
        let cells = try image.pooled(.average(countingPadding: false), window: PoolingWindow(kernel: 8, stride: 8))
        let centred = try cells - cells.mean([2, 3], keepingAxes: true)
        return try writeFile(graph.serialized(outputs: [("thumbnail", centred.reshaped([1, 192]))]), name)
    }

    /// A global model that pools sixteen small filters' answers: `[1, 3, H, W]` to a map `[1, 16, H/4, W/4]`.
    func writeFilterModel(_ name: String = "filters.onnx") throws -> String {
        let graph = GraphBuilder(name: "filters")
        let image = graph.input("image", [1, 3, 64, 64], freeAxes: [2: "height", 3: "width"])
        var random = SeededRandom(state: 5)
        let weights = (0..<16 * 3 * 16).map { _ in Float(random.unit() - 0.5) }
        let map = try image.convolved(
            weight: graph.parameter("filters", weights, [16, 3, 4, 4]), bias: nil, window: ConvolutionWindow(stride: 4)
        ).relu()
        return try writeFile(
            graph.serialized(outputs: [("map", map)], freeAxes: ["map": [2: "rows", 3: "columns"]]), name)
    }

    /// A local model in the form of XFeat's, with weights made up: the brightest pixel of each 8 x 8 cell that stands out is a
    /// keypoint, and 64 random filters without a mean are its descriptor.
    func writeKeypointModel(_ name: String = "keypoints.onnx") throws -> String {
        let graph = GraphBuilder(name: "keypoints")
        let image = graph.input("image", [1, 3, 320, 320])
        let grey = try image.mean([1], keepingAxes: true)
        var logits = [Float](repeating: 0, count: 65 * 64)
        for pixel in 0..<64 {
            for other in 0..<64 { logits[pixel * 64 + other] = (pixel == other ? 30 : 0) - 30.0 / 64 }
        }
        let bias = [Float](repeating: 0, count: 64) + [4]
        var random = SeededRandom(state: 11)
        var filters: [Float] = []
        for _ in 0..<64 {
            let filter = (0..<256).map { _ in Float(random.unit() - 0.5) }
            let mean = filter.reduce(0, +) / 256
            filters += filter.map { $0 - mean }
        }
        let cells = try grey.convolved(
            weight: graph.parameter("cells", logits, [65, 1, 8, 8]), bias: graph.parameter("bias", bias, [65]),
            window: ConvolutionWindow(stride: 8))
        let descriptors = try grey.convolved(
            weight: graph.parameter("filters", filters, [64, 1, 16, 16]), bias: nil,
            window: ConvolutionWindow(stride: 8, padding: Insets(4)))
        let reliability = try cells.mean([1], keepingAxes: true) * 0 + 1
        return try writeFile(
            graph.serialized(outputs: [("logits", cells), ("features", descriptors), ("reliability", reliability)]),
            name)
    }

    /// A checkpoint of ResNet-18 with small weights, its classifier's among them where asked for.
    ///
    /// - Parameters:
    ///   - dropping: A name that is left out.
    ///   - shapes: Names that are there in another shape, or besides those of the architecture.
    func writeResNet18(
        _ name: String = "resnet18.safetensors", dropping: String? = nil, shapes: [String: [Int]] = [:]
    ) throws -> String {
        let source = ShapeParameters()
        _ = try Architecture.named("resnet18").makeBackbone(Parameters(source), classes: nil, imageSize: nil)
        var others = shapes
        var tensors: [(name: String, array: NumericArray)] = []
        for spec in source.specs where spec.name != dropping {
            let shape = others.removeValue(forKey: spec.name) ?? spec.shape.dimensions
            let count = shape.reduce(1, *)
            let values: [Float]
            switch spec.role {
            case .weight:
                // Different in every kernel, and small enough for activations to stay finite.
                let scale = 1 / Float(1_500 * shape[1])
                values = (0..<count).map { Float(($0 &* 2_654_435_761) % 1_000 - 500) * scale }
            case .normalization: values = [Float](repeating: spec.name.hasSuffix("weight") ? 1 : 0.1, count: count)
            default: values = [Float](repeating: spec.name.hasSuffix("var") ? 1 : 0, count: count)
            }
            tensors.append((spec.name, NumericArray(values, shape: shape)))
        }
        for (name, shape) in others {
            tensors.append((name, NumericArray([Float](repeating: 0.5, count: shape.reduce(1, *)), shape: shape)))
        }
        let path = root + "/" + name
        try SafetensorsFile.write(tensors, to: path)
        return path
    }

    /// A DELG on ResNet-18 that says what it is, with small seeded weights.
    func writeTrainedDELG(_ name: String = "trained.safetensors") throws -> String {
        let description = ModelDescription(
            network: .delg(
                DELGConfiguration(
                    architecture: "resnet18", dimensions: 64, localDimensions: 64, attentionChannels: 32)),
            size: 256, training: .init(recipe: "town", epoch: 3, metric: "mAP", validation: 0.75, seed: 1))
        var random = SeededRandom(state: 3)
        let tensors = try description.specs().map { spec in
            let values = (0..<spec.shape.elementCount).map { _ in
                Float(random.unit() - 0.5) * 0.05
                    + (spec.role == .normalization || spec.name.hasSuffix("var") ? 1 : 0)
            }
            return (name: spec.name, array: NumericArray(values, shape: spec.shape.dimensions))
        }
        let path = root + "/" + name
        try description.write(tensors: tensors, to: path)
        return path
    }

    /// Writes a file beside the photos' folder.
    func writeFile(_ content: Data, _ name: String) throws -> String {
        let path = root + "/" + name
        try content.write(to: URL(fileURLWithPath: path))
        return path
    }

    /// What is in the folder of models, half-made ones too.
    var modelFolders: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: models)) ?? []).sorted()
    }

    /// A sandbox with the models `thumb` and `filters`, both global, `made-up`, a local one, and photos of the town; for tests that
    /// change no model of these.
    static func withModels(photos count: Int) async throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.writeTown(count)
        for (file, name) in [
            (try sandbox.writeThumbnailModel(), "thumb"), (try sandbox.writeFilterModel(), "filters"),
            (try sandbox.writeKeypointModel(), "made-up"),
        ] {
            _ = try await sandbox.reply(ModelReply.self, "models", "add", file, "--name", name, "--preprocess", "unit")
        }
        return sandbox
    }
}
