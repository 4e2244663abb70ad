import CairnAlgebra
import CairnInference
import CairnModels

/// What a user says of a model that is to be added; what is left out is found out or has its default.
///
/// A checkpoint may carry a `ModelDescription`. What is said here of the network and its preprocessing must then agree with it; how
/// photos are looked at (size, fit, scales, keypoints) may be said otherwise.
public struct ModelAddition: Sendable {
    /// The side to which photos are reduced where nobody says another one, in pixels.
    static let longSide = 1_024

    /// The file: ONNX, safetensors, or a torch checkpoint.
    public var file: String
    /// The name that it will have.
    public var name: String
    /// The architecture of a checkpoint; found by the names in it when `nil`.
    public var architecture: String?
    /// What it does; an ONNX file's outputs or the architecture tell when `nil`. `.global` takes the global half of DELG's
    /// checkpoints, `.local` the local one.
    public var kind: ModelKind?
    /// How a map becomes a vector; GeM with p = 3.
    public var pooling: PoolingConfiguration?
    /// What is behind the pooling; nothing.
    public var head: HeadConfiguration?
    /// Size of the head's output.
    public var dimensions: Int?
    /// Sizes of DELG's parts, where the architecture is one and its checkpoint does not say them; the paper's.
    public var delg: DELGConfiguration?
    /// What is done to the bytes of an image; ImageNet's statistics.
    public var preprocessing: ImagePreprocessing?
    /// The side to which photos are reduced, in pixels: the long one, unless `fit` says otherwise; 1,024.
    public var longSide: Int?
    /// Which side that is; the long one.
    public var fit: PhotoFit?
    /// Sizes at which a photo is looked at; one.
    public var scales: ScaleSet?
    /// How descriptors of several scales become one; their mean.
    public var scaleAggregation: ScaleAggregation?
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
