import CairnCore

/// A photo to learn from.
public struct TrainingPhoto: Sendable, Hashable {
    /// Where it is.
    public var path: String
    /// The number of its class, from 0.
    public var label: Int
    /// What its loss is multiplied by; 1.
    public var weight: Float
    /// Width and height of the upright photo, where they are known.
    public var size: ImageSize?

    /// Makes a photo.
    public init(path: String, label: Int, weight: Float = 1, size: ImageSize? = nil) {
        self.path = path
        self.label = label
        self.weight = weight
        self.size = size
    }
}
