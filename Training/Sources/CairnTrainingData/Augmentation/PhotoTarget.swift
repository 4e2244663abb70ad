import CairnCore
import CairnRecipes

/// The size that a photo is brought to.
public enum PhotoTarget: Sendable, Hashable {
    /// Both sides, whatever the photo's own aspect ratio.
    case exact(ImageSize)
    /// The long side; the aspect ratio stays.
    case longSide(Int)

    /// The target of a batch's photos.
    ///
    /// - Parameters:
    ///   - size: pixels of the side that the shape means.
    ///   - shape: the rule.
    ///   - aspect: width by height of the batch's photos, for groups by aspect ratio: the nearest of 1:2, 9:16, 2:3, 3:4, 1:1 and
    ///     their inverses is taken.
    public init(size: Int, shape: ImageSizeStep.Shape, aspect: Double) {
        switch shape {
        case .square: self = .exact(ImageSize(width: size, height: size))
        case .aspectGroups: self = .exact(AspectGroups.shape(size: size, aspect: aspect))
        case .longSide: self = .longSide(size)
        }
    }

    /// The size that a part of a photo becomes.
    func size(ofPartWithWidth width: Double, height: Double) -> ImageSize {
        switch self {
        case .exact(let size): return size
        case .longSide(let side):
            let scale = Double(side) / max(width, height)
            func length(_ exact: Double) -> Int { max(1, Int((exact * scale).rounded())) }
            return ImageSize(width: length(width), height: length(height))
        }
    }

    /// What a random crop cuts out: the size itself, or a square.
    var cropSize: ImageSize {
        switch self {
        case .exact(let size): size
        case .longSide(let side): ImageSize(width: side, height: side)
        }
    }
}
