import CairnCore
import CairnImaging
import CairnInference
import CairnModels
import CairnNN
import Synchronization

/// One of Cairn's own networks with a checkpoint's weights.
///
/// Where nothing depends on the image's size, one graph serves all of them, and sides are rounded only where the architecture asks
/// for a multiple. Otherwise they are rounded to `sizeStep`, and the graphs of the sizes used last are kept.
final class CheckpointNetwork: GlobalNetwork {
    /// Sizes whose graphs are kept at the same time.
    static let keptSizes = 6
    /// Sides are rounded to multiples of it where each size is a graph of its own.
    static let sizeStep = 32

    private let configuration: DescriptorNetworkConfiguration
    private let storage: any ParameterStorage
    private let preprocessing: ImagePreprocessing
    private let runtime: ModelRuntime
    private let name: String
    private let dependsOnSize: Bool
    private let sizeMultiple: Int
    private let models: Mutex<[(size: ImageSize?, model: NeuralModel)]>

    init(
        name: String, configuration: DescriptorNetworkConfiguration, storage: any ParameterStorage,
        preprocessing: ImagePreprocessing, runtime: ModelRuntime
    ) throws {
        self.name = name
        self.configuration = configuration
        self.storage = storage
        self.preprocessing = preprocessing
        self.runtime = runtime
        dependsOnSize = try configuration.dependsOnSize()
        sizeMultiple = dependsOnSize ? Self.sizeStep : try Architecture.named(configuration.architecture).sizeMultiple
        models = Mutex([])
    }

    func descriptor(of image: RGBImage) throws -> [Float] {
        var image = image
        if sizeMultiple > 1 {
            func rounded(_ side: Int) -> Int {
                max(GlobalModel.minimumSide, (side + sizeMultiple / 2) / sizeMultiple * sizeMultiple)
            }
            let size = ImageSize(width: rounded(image.width), height: rounded(image.height))
            if size != image.size { image = try image.resized(to: size) }
        }
        let input = InferenceInput.image(image.pixels, width: image.width, height: image.height, channels: 3)
        let output = try model(for: image.size).inferBlocking(input)
        return output[0].values
    }

    private func model(for size: ImageSize) throws -> NeuralModel {
        let key = dependsOnSize ? size : nil
        return try models.withLock { models in
            if let index = models.firstIndex(where: { $0.size == key }) {
                let found = models.remove(at: index)
                models.append(found)
                return found.model
            }
            let bytes = try DescriptorGraph.onnx(configuration, storage: storage, size: size)
            let model = try bytes.withUnsafeBytes { bytes in
                try NeuralModel(
                    onnx: bytes, name: name, preprocessing: preprocessing, configuration: runtime.configuration,
                    engine: runtime.engine)
            }
            if models.count == Self.keptSizes { models.removeFirst() }
            models.append((key, model))
            return model
        }
    }
}
