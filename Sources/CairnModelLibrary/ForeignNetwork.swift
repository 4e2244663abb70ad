import CairnCore
import CairnImaging
import CairnInference
import CairnModels
import CairnNN
import Synchronization

/// An ONNX file of someone else's, one of whose outputs is a descriptor or is pooled to one.
///
/// `[1, D]` is taken as it is, `[1, C, H, W]` is pooled, and so is `[1, tokens, C]` as a map of one column.
final class ForeignNetwork: GlobalNetwork {
    private let model: NeuralModel
    private let output: String
    private let pooling: PoolingConfiguration
    private let runtime: ModelRuntime
    private let poolers: Mutex<[(shape: [Int]?, model: NeuralModel)]>

    init(
        contentsOf path: String, output: String, pooling: PoolingConfiguration, preprocessing: ImagePreprocessing,
        runtime: ModelRuntime
    ) throws {
        model = try NeuralModel(
            contentsOf: path, preprocessing: preprocessing, configuration: runtime.configuration,
            engine: runtime.engine)
        self.output = output
        self.pooling = pooling
        self.runtime = runtime
        poolers = Mutex([])
    }

    func descriptor(of image: RGBImage) throws -> [Float] {
        let input = InferenceInput.image(image.pixels, width: image.width, height: image.height, channels: 3)
        guard let found = try model.inferBlocking(input)[output] else {
            throw ModelLibraryError(.invalidInput, "\(model.name) has no output \(output)")
        }
        switch found.shape.count {
        case 1, 2: return try Self.unit(found.values, model.name)
        case 3:
            // Tokens become the places of a map: [1, T, C] to [1, C, T, 1].
            let (tokens, channels) = (found.shape[1], found.shape[2])
            var map = [Float](repeating: 0, count: tokens * channels)
            for token in 0..<tokens {
                for channel in 0..<channels { map[channel * tokens + token] = found.values[token * channels + channel] }
            }
            return try pooled(FloatOutput(shape: [1, channels, tokens, 1], values: map))
        case 4 where found.shape[0] == 1: return try pooled(found)
        default:
            throw ModelLibraryError(
                .unsupported,
                "\(model.name) gives \(output) of \(Shape(found.shape)); a global model gives [1, D], [1, tokens, C] or [1, C, H, W]"
            )
        }
    }

    private func pooled(_ map: FloatOutput) throws -> [Float] {
        let key = pooling.dependsOnSize ? map.shape : nil
        let pooler = try poolers.withLock { poolers in
            if let known = poolers.first(where: { $0.shape == key }) { return known.model }
            let bytes = try DescriptorGraph.onnx(pooling: pooling, of: Shape(map.shape))
            let made = try NeuralModel(
                onnx: [UInt8](bytes), name: "pooling",
                configuration: InferenceConfiguration(precision: .float32), engine: runtime.engine)
            if poolers.count == CheckpointNetwork.keptSizes { poolers.removeFirst() }
            poolers.append((key, made))
            return made
        }
        return try pooler.inferBlocking(InferenceInput(map.values, shape: map.shape))[0].values
    }

    private static func unit(_ values: [Float], _ name: String) throws -> [Float] {
        let length = values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length > 0, length.isFinite else {
            throw ModelLibraryError(.invalidInput, "\(name) gave a descriptor without a direction")
        }
        return values.map { Float(Double($0) / length) }
    }
}
