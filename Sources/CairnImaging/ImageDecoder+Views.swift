import CairnCore
import FoundationEssentials

/// What is to be seen of a photo: a part of it, at a size, decoded no larger than that needs.
public struct PhotoView: Hashable, Sendable {
    /// The part, in pixels of the upright photo; edges may lie within pixels.
    public var region: PixelRegion
    /// Width and height of the result.
    public var size: ImageSize

    /// Makes a view.
    public init(region: PixelRegion, size: ImageSize) {
        self.region = region
        self.size = size
    }

    /// All of a photo.
    public init(wholeOf photo: ImageSize, size: ImageSize) {
        region = PixelRegion(x0: 0, y0: 0, x1: Double(photo.width), y1: Double(photo.height))
        self.size = size
    }
}

extension ImageDecoder {
    /// A view of the photo in a file, chosen when its upright size is known. The configuration's `maximumLongSide` is not looked at.
    ///
    /// A JPEG is decoded at the nearest scaled size that is large enough, rows and columns of the view alone as far as the coding
    /// allows, and resized once. What lies below the view is not read: damage there goes unseen. Traps unless the region lies
    /// inside of the photo and nothing is empty.
    public func rgb(contentsOf path: String, view: (ImageSize) throws -> PhotoView) throws -> RGBImage {
        try read(path) { try rgb(from: $0, view: view) }
    }

    /// The same of an encoded photo.
    public func rgb(from bytes: Data, view: (ImageSize) throws -> PhotoView) throws -> RGBImage {
        try open(bytes) { file in
            let metadata = try checked(file).0
            let (photo, view) = (metadata.size, try view(metadata.size))
            let region = view.region
            precondition(
                region.x0 >= 0 && region.y0 >= 0 && region.x0 < region.x1 && region.y0 < region.y1
                    && region.x1 <= Double(photo.width) && region.y1 <= Double(photo.height)
                    && min(view.size.width, view.size.height) > 0,
                "\(region) of a photo of \(photo), at \(view.size)")
            let orientation = metadata.orientation
            let target =
                orientation.swapsAxes ? ImageSize(width: view.size.height, height: view.size.width) : view.size
            let image = try file.rgb(
                part: orientation.stored(region, of: metadata.storedSize), target: target,
                truncation: configuration.truncation)
            return image.oriented(orientation)
        }
    }
}

extension ImageOrientation {
    /// Where a region of the upright photo lies in the photo as it is stored.
    func stored(_ region: PixelRegion, of size: ImageSize) -> PixelRegion {
        let (width, height) = (Double(size.width), Double(size.height))
        func corner(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
            switch self {
            case .up: (x, y)
            case .upMirrored: (width - x, y)
            case .down: (width - x, height - y)
            case .downMirrored: (x, height - y)
            case .leftMirrored: (y, x)
            case .right: (y, height - x)
            case .rightMirrored: (width - y, height - x)
            case .left: (width - y, x)
            }
        }
        let (a, b) = (corner(region.x0, region.y0), corner(region.x1, region.y1))
        return PixelRegion(x0: min(a.x, b.x), y0: min(a.y, b.y), x1: max(a.x, b.x), y1: max(a.y, b.y))
    }
}
