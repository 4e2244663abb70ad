import CairnCore

/// Which images a search may return.
public enum ImageFilter: Sendable, Hashable {
    /// Every image.
    case all
    /// Only these. Few of them are compared directly, without a scan.
    case only(Set<ImageID>)
    /// Every image but these.
    case excluding(Set<ImageID>)

    /// Whether an image may be returned.
    public func admits(_ image: ImageID) -> Bool {
        switch self {
        case .all: true
        case .only(let images): images.contains(image)
        case .excluding(let images): !images.contains(image)
        }
    }
}
