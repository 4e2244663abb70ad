import CairnAlgebra
import CairnInference
import CairnModels

/// What a user says of a model that is to be added; what is left out is found out or has its default.
public struct ModelAddition: Sendable {
    /// The file: ONNX, safetensors, or a torch checkpoint.
    public var file: String
    /// The name that it will have.
    public var name: String
    /// The architecture of a checkpoint; found by the names in it when `nil`.
    public var architecture: String?
    /// What it does; an ONNX file's outputs or the architecture tell when `nil`. `.global` takes the global half of DELG's checkpoints.
    public var kind: ModelKind?
    /// How a map becomes a vector.
    public var pooling: PoolingConfiguration = .gem
    /// What is behind the pooling.
    public var head: HeadConfiguration = .none
    /// Size of the head's output.
    public var dimensions: Int?
    /// What is done to the bytes of an image.
    public var preprocessing: ImagePreprocessing = .imageNet
    /// The side to which photos are reduced, in pixels: the long one, unless `fit` says otherwise.
    public var longSide: Int = 1024
    /// Which side that is.
    public var fit: PhotoFit = .longSide
    /// Sizes at which a photo is looked at.
    public var scales: ScaleSet = .single
    /// How descriptors of several scales become one.
    public var scaleAggregation: ScaleAggregation = .average
    /// The ONNX output to use; the first when `nil`.
    public var output: String?
    /// Classifier weights in the checkpoint are passed over.
    public var ignoresHead = false
    /// A common beginning of the checkpoint's names that comes off.
    public var namePrefix: String?
    /// Keypoints a photo, at most, for a local model; `nil` for the model's own number.
    public var maximumKeypoints: Int?
    /// Where the weights come from.
    public var origin: String?
    /// Their licence.
    public var licence: String?

    /// Names the file and the model.
    public init(file: String, name: String) {
        self.file = file
        self.name = name
    }
}
