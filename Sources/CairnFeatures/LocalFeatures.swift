import CairnCore

/// The keypoints of one image with their descriptors, strongest keypoint first.
///
/// Arrays run in parallel: keypoint `i` is at `(x[i], y[i])` with descriptor bytes `i * dimensions ..< (i + 1) * dimensions`.
public struct LocalFeatures: Sendable, Hashable {
    /// Bytes in a descriptor.
    public static let dimensions = 128

    /// Size of the image in which the keypoints were found; their coordinates are in its pixels.
    public var imageSize: ImageSize

    /// Pixels from the left edge; the first pixel's centre is at 0.5.
    public var x: [Float]

    /// Pixels from the top edge.
    public var y: [Float]

    /// Keypoint size σ: the standard deviation, in pixels, of the Gaussian at which it was found.
    public var scale: [Float]

    /// Dominant gradient direction, radians in [0, 2π), growing from x towards y.
    public var angle: [Float]

    /// `count * dimensions` bytes: RootSIFT, unit Euclidean length before quantisation, times 512, clipped at 255.
    public var descriptors: [UInt8]

    /// The number of keypoints.
    public var count: Int { x.count }

    /// Wraps parallel arrays. Traps when their lengths disagree.
    public init(imageSize: ImageSize, x: [Float], y: [Float], scale: [Float], angle: [Float], descriptors: [UInt8]) {
        precondition(y.count == x.count && scale.count == x.count && angle.count == x.count)
        precondition(descriptors.count == x.count * Self.dimensions)
        self.imageSize = imageSize
        self.x = x
        self.y = y
        self.scale = scale
        self.angle = angle
        self.descriptors = descriptors
    }

    /// No keypoints at all: what a blank wall gives.
    public init(emptyFor imageSize: ImageSize) {
        self.init(imageSize: imageSize, x: [], y: [], scale: [], angle: [], descriptors: [])
    }

    /// Position of keypoint `index`.
    public func position(_ index: Int) -> PixelPoint { PixelPoint(x: Double(x[index]), y: Double(y[index])) }
}
