import CairnCore

/// The keypoints of one image with their descriptors, strongest keypoint first.
///
/// Arrays run in parallel: keypoint `i` is at `(x[i], y[i])` with descriptor bytes `i * dimensions ..< (i + 1) * dimensions`.
public struct LocalFeatures: Sendable, Hashable {
    /// Bytes in a RootSIFT descriptor.
    public static let rootSIFTDimensions = 128

    /// Bytes that a descriptor may have: those for which there can be a vocabulary.
    public static let supportedDimensions = stride(from: 64, through: 1024, by: 64)

    /// Size of the image in which the keypoints were found; their coordinates are in its pixels.
    public var imageSize: ImageSize

    /// Bytes in a descriptor.
    public let dimensions: Int

    /// Whether keypoints know their scale and direction. Where they do not, all scales are 1 and all angles 0, and neither
    /// is used: a pair of such keypoints says where, but not how large and which way up.
    public let isOriented: Bool

    /// How the descriptors' bytes were made.
    public let quantization: DescriptorQuantization

    /// Pixels from the left edge; the first pixel's centre is at 0.5.
    public var x: [Float]

    /// Pixels from the top edge.
    public var y: [Float]

    /// Keypoint size σ: the standard deviation, in pixels, of the Gaussian at which it was found.
    public var scale: [Float]

    /// Dominant gradient direction, radians in [0, 2π), growing from x towards y.
    public var angle: [Float]

    /// `count * dimensions` bytes, as `quantization` makes them of unit vectors.
    public var descriptors: [UInt8]

    /// The number of keypoints.
    public var count: Int { x.count }

    /// Wraps parallel arrays of RootSIFT features: 128 bytes a descriptor, unit Euclidean length before quantisation, times
    /// 512. Traps when their lengths disagree.
    public init(imageSize: ImageSize, x: [Float], y: [Float], scale: [Float], angle: [Float], descriptors: [UInt8]) {
        self.init(
            imageSize: imageSize, dimensions: Self.rootSIFTDimensions, isOriented: true, quantization: .unsigned, x: x,
            y: y, scale: scale, angle: angle, descriptors: descriptors)
    }

    /// Wraps what a network found: positions without scale and direction, and real descriptors of unit length.
    ///
    /// - Parameters:
    ///   - imageSize: Size of the image in whose pixels positions are.
    ///   - x: Pixels from the left edge; the first pixel's centre is at 0.5.
    ///   - y: Pixels from the top edge.
    ///   - unitDescriptors: `x.count * entries` numbers, vector after vector, each of Euclidean length 1. They are
    ///     quantised by `DescriptorQuantization.signed`, and padded to a supported number of bytes.
    ///   - entries: Numbers in a descriptor, from 1 to 1,024.
    public init(imageSize: ImageSize, x: [Float], y: [Float], unitDescriptors: [Float], entries: Int) {
        self.init(
            imageSize: imageSize, dimensions: DescriptorQuantization.paddedDimensions(of: entries), isOriented: false,
            quantization: .signed, x: x, y: y, scale: [Float](repeating: 1, count: x.count),
            angle: [Float](repeating: 0, count: x.count),
            descriptors: DescriptorQuantization.signed.bytes(of: unitDescriptors, dimensions: entries))
    }

    /// Wraps parallel arrays of any kind. Traps when their lengths disagree, or for dimensions that are not supported.
    public init(
        imageSize: ImageSize, dimensions: Int, isOriented: Bool, quantization: DescriptorQuantization, x: [Float],
        y: [Float], scale: [Float], angle: [Float], descriptors: [UInt8]
    ) {
        precondition(
            Self.supportedDimensions.contains(dimensions), "descriptors of \(dimensions) bytes are not supported")
        precondition(
            y.count == x.count && scale.count == x.count && angle.count == x.count
                && descriptors.count == x.count * dimensions,
            "\(x.count), \(y.count), \(scale.count) and \(angle.count) numbers and \(descriptors.count) bytes")
        self.imageSize = imageSize
        self.dimensions = dimensions
        self.isOriented = isOriented
        self.quantization = quantization
        self.x = x
        self.y = y
        self.scale = scale
        self.angle = angle
        self.descriptors = descriptors
    }

    /// No keypoints at all: what a blank wall gives. RootSIFT's kind, unless something else is said.
    public init(
        emptyFor imageSize: ImageSize, dimensions: Int = LocalFeatures.rootSIFTDimensions, isOriented: Bool = true,
        quantization: DescriptorQuantization = .unsigned
    ) {
        self.init(
            imageSize: imageSize, dimensions: dimensions, isOriented: isOriented, quantization: quantization, x: [],
            y: [], scale: [], angle: [], descriptors: [])
    }

    /// Position of keypoint `index`.
    public func position(_ index: Int) -> PixelPoint { PixelPoint(x: Double(x[index]), y: Double(y[index])) }
}
