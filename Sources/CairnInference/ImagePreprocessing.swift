/// What a model wants done to an image's bytes before it sees them; done inside the compiled graph.
///
/// The caller gives 8-bit samples, rows of interleaved channels (N x H x W x C; red, green, blue, or grey alone). The
/// model sees planes (N x C x H x W) of `(v / 255 - mean) / deviation`, or `(v - 255 mean) / deviation` where
/// `range` is `.bytes`.
public struct ImagePreprocessing: Sendable, Codable, Hashable {
    /// The order in which a model expects its channels.
    public enum ChannelOrder: String, Sendable, Codable, CaseIterable {
        /// Red, green, blue: torchvision, timm.
        case rgb
        /// Blue, green, red: models that came from Caffe or OpenCV.
        case bgr
        /// One channel of luminance; the image has to have one.
        case grey
    }

    /// What a model calls white.
    public enum PixelRange: String, Sendable, Codable, CaseIterable {
        /// 1: samples are divided by 255.
        case unit
        /// 255: samples stay as they are.
        case bytes
    }

    /// The order of the model's channels.
    public var channelOrder: ChannelOrder

    /// The range of samples before mean and deviation.
    public var range: PixelRange

    /// What is subtracted: one value for each channel, in the model's order, or one for all; in 0...1 whatever `range`.
    public var mean: [Float]

    /// What is divided by: as `mean`, in units of `range`'s samples. Empty leaves samples as they are.
    public var deviation: [Float]

    /// The name of the input that takes the image; nil is the model's first.
    public var input: String?

    /// Makes a description.
    public init(
        channelOrder: ChannelOrder = .rgb, range: PixelRange = .unit, mean: [Float] = [], deviation: [Float] = [],
        input: String? = nil
    ) {
        self.channelOrder = channelOrder
        self.range = range
        self.mean = mean
        self.deviation = deviation
        self.input = input
    }

    /// Means and deviations of ImageNet's training images, as torchvision and timm use them.
    public static let imageNet = ImagePreprocessing(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

    /// Samples in -1...1: timm's "inception" statistics.
    public static let inception = ImagePreprocessing(mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])

    /// Samples in 0...1 and nothing more.
    public static let unit = ImagePreprocessing()

    /// One channel in 0...1: SuperPoint, LoFTR.
    public static let grey = ImagePreprocessing(channelOrder: .grey)

    /// Channels of the image.
    public var channels: Int { channelOrder == .grey ? 1 : 3 }

    /// Per channel: what is subtracted from a sample of 0...255, and what the difference is divided by.
    func affine() throws(InferenceError) -> (subtrahends: [Float], divisors: [Float]) {
        let scale: Float = range == .unit ? 255 : 1
        let means = try perChannel(mean, fallback: 0, "mean").map { $0 * 255 }
        let deviations = try perChannel(deviation, fallback: 1, "deviation").map { $0 * scale }
        guard means.allSatisfy(\.isFinite), deviations.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw InferenceError(
                .invalidConfiguration, "pre-processing needs finite means and deviations above 0, not \(self)")
        }
        return (means, deviations)
    }

    private func perChannel(
        _ values: [Float], fallback: Float, _ name: String
    ) throws(InferenceError) -> [Float] {
        switch values.count {
        case 0: return [Float](repeating: fallback, count: channels)
        case 1: return [Float](repeating: values[0], count: channels)
        case channels: return values
        default:
            throw InferenceError(
                .invalidConfiguration,
                "pre-processing has \(values.count) values of \(name); \(channels) channels need 0, 1 or \(channels)")
        }
    }
}
