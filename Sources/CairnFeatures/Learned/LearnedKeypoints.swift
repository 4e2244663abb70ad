import CairnCore

/// What a network found in an image, strongest keypoint first, before descriptors become bytes.
public struct LearnedKeypoints: Sendable, Hashable {
    /// Size of the image in whose pixels positions are.
    public var imageSize: ImageSize
    /// Pixels from the left edge; the first pixel's centre is at 0.5.
    public var x: [Float] = []
    /// Pixels from the top edge.
    public var y: [Float] = []
    /// How strong each keypoint is, as its network counts.
    public var scores: [Float] = []
    /// `count * entries` numbers, vector after vector, each of Euclidean length 1.
    public var descriptors: [Float] = []
    /// Numbers in a descriptor.
    public let entries: Int

    /// The number of keypoints.
    public var count: Int { x.count }

    /// None yet; the arrays are the caller's to fill.
    public init(imageSize: ImageSize, entries: Int) {
        self.imageSize = imageSize
        self.entries = entries
    }

    /// The form that is stored and matched.
    public var localFeatures: LocalFeatures {
        LocalFeatures(imageSize: imageSize, x: x, y: y, unitDescriptors: descriptors, entries: entries)
    }

    /// Appends a keypoint at a position of the network's input; its descriptor is the caller's to append.
    mutating func append(x: Float, y: Float, score: Float, in frame: NetworkFrame) {
        let position = frame.imagePosition(x: x, y: y)
        self.x.append(min(max(position.x, 0), Float(imageSize.width)))
        self.y.append(min(max(position.y, 0), Float(imageSize.height)))
        scores.append(score)
    }
}
