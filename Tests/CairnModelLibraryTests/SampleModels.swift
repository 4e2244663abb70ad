import CairnCore
import CairnFeatures
import CairnFormats
import CairnImaging
import CairnModelLibrary
import CairnModels
import CairnNN
import CairnONNX
import Foundation

/// Small models whose answers can be worked out by hand, and a library of their own in a temporary folder.
final class SampleModels: Sendable {
    let folder: String
    let library: ModelLibrary
    static let runtime = Result { try ModelRuntime(precision: .float32, cacheDirectory: nil) }

    init() throws {
        folder = NSTemporaryDirectory() + "cairn-models-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        library = ModelLibrary(path: folder + "/models")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ data: Data, _ name: String) throws -> String {
        let path = folder + "/" + name
        try data.write(to: URL(fileURLWithPath: path))
        return path
    }

    /// The mean colour of an image, `[1, 3]`: of a grey image all three the same.
    func meanColour(height: Int = 8, width: Int = 8, isFree: Bool = true) throws -> String {
        let graph = GraphBuilder(name: "mean")
        let image = graph.input("image", [1, 3, height, width], freeAxes: isFree ? [2: "height", 3: "width"] : [:])
        return try write(graph.serialized(outputs: [("mean", image.mean([2, 3]))]), "mean-\(isFree)-\(height).onnx")
    }

    /// The image itself as a feature map, `[1, 3, H, W]`.
    func identity() throws -> String {
        let graph = GraphBuilder(name: "identity")
        let image = graph.input("image", [1, 3, 8, 8], freeAxes: [2: "height", 3: "width"])
        return try write(
            graph.serialized(
                outputs: [("map", image * 1)], freeAxes: ["map": [2: "height", 3: "width"]]), "identity.onnx")
    }

    /// Tokens `[1, 2, 3]`: the mean colour, and twice the mean colour.
    func tokens() throws -> String {
        let graph = GraphBuilder(name: "tokens")
        let image = graph.input("image", [1, 3, 8, 8], freeAxes: [2: "height", 3: "width"])
        let mean = try image.mean([2, 3]).expanded(at: 1)
        return try write(
            graph.serialized(outputs: [("tokens", mean.concatenated(with: [mean * 2], axis: 1))]), "tokens.onnx")
    }

    /// A checkpoint of ResNet-18 with small weights, as safetensors; `extra` is added to it.
    func resNet18(extra: [String: [Int]] = [:], dropping: String? = nil) throws -> String {
        let source = ShapeParameters()
        _ = try Architecture.named("resnet18").makeBackbone(Parameters(source), classes: nil, imageSize: nil)
        var tensors: [(name: String, array: NumericArray)] = []
        for spec in source.specs where spec.name != dropping {
            let count = spec.shape.elementCount
            let values: [Float]
            switch spec.role {
            case .weight:
                // Numbers of alternating sign, different in every kernel, small enough for activations to stay finite.
                let scale = 1 / Float(500 * 3 * spec.shape[1])
                values = (0..<count).map { Float(($0 &* 2_654_435_761) % 1_000 - 500) * scale }
            case .normalization: values = [Float](repeating: spec.name.hasSuffix("weight") ? 1 : 0.1, count: count)
            default: values = [Float](repeating: spec.name.hasSuffix("var") ? 1 : 0, count: count)
            }
            tensors.append((spec.name, NumericArray(values, shape: spec.shape.dimensions)))
        }
        for (name, shape) in extra {
            tensors.append((name, NumericArray([Float](repeating: 0.5, count: shape.reduce(1, *)), shape: shape)))
        }
        let path = folder + "/resnet18-\(UUID().uuidString).safetensors"
        try SafetensorsFile.write(tensors, to: path)
        return path
    }

    /// A checkpoint of parameters as they are asked for, with seeded numbers from -scale to scale.
    func checkpoint(_ name: String, _ specs: [ParameterSpec], scale: Float = 0.02) throws -> String {
        var state: UInt32 = 7
        let tensors = specs.map { spec -> (name: String, array: NumericArray) in
            let values = (0..<spec.shape.elementCount).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return scale * (Float(state >> 8) / Float(1 << 23) - 1) + (spec.name.hasSuffix("var") ? 1 : 0)
            }
            return (spec.name, NumericArray(values, shape: spec.shape.dimensions))
        }
        let path = folder + "/" + name + ".safetensors"
        try SafetensorsFile.write(tensors, to: path)
        return path
    }

    func addition(_ file: String, _ name: String, _ change: (inout ModelAddition) -> Void = { _ in }) -> ModelAddition {
        var addition = ModelAddition(file: file, name: name)
        addition.preprocessing = .unit
        change(&addition)
        return addition
    }

    func add(
        _ file: String, _ name: String, _ change: (inout ModelAddition) -> Void = { _ in }
    ) throws -> ModelRecord {
        try library.add(addition(file, name, change), runtime: Self.runtime.get())
    }

    func model(_ name: String) throws -> GlobalModel {
        try library.globalModel(named: name, runtime: Self.runtime.get())
    }

    /// An image of one colour.
    static func plain(_ red: UInt8, _ green: UInt8, _ blue: UInt8, width: Int = 128, height: Int = 112)
        -> ExtractionPhoto
    {
        let pixels = (0..<width * height).flatMap { _ in [red, green, blue] }
        return ExtractionPhoto(RGBImage(size: ImageSize(width: width, height: height), pixels: pixels))
    }

    /// An image whose colours change from place to place.
    static func gradient(width: Int, height: Int) -> ExtractionPhoto {
        let pixels = (0..<width * height).flatMap { index -> [UInt8] in
            let (x, y) = (index % width, index / width)
            return [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8((x + y) * 255 / (width + height))]
        }
        return ExtractionPhoto(RGBImage(size: ImageSize(width: width, height: height), pixels: pixels))
    }
}

/// What a user would read.
func message(_ error: (any Error)?) -> String { (error as? any CairnError)?.message ?? "" }

func unit(_ values: [Float]) -> [Float] {
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / length }
}

func isClose(_ a: [Float], _ b: [Float], _ tolerance: Float = 1e-5) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
}
