import CairnCore

/// What comparing the local features of two pictures gave.
public struct PairGeometry: Sendable, Equatable {
    /// The homography from the first picture's pixels to the second's: 3 x 3, row-major.
    public var homography: [Double]

    /// The matches that agree with it, in the first picture.
    public var inliers: [PixelPoint]

    /// How many matches there were.
    public var matchCount: Int

    /// Gathers the outcome of a comparison.
    public init(homography: [Double], inliers: [PixelPoint], matchCount: Int) {
        self.homography = homography
        self.inliers = inliers
        self.matchCount = matchCount
    }
}

/// How one picture lies upon another: what separates the same picture, cropped, resized or edited, from another view.
public struct PictureOverlap: Sendable, Equatable {
    /// The matches that agree.
    public var inliers: Int

    /// Their share of all matches.
    public var inlierShare: Double

    /// The share of the first picture's area that is in the second.
    public var firstShare: Double

    /// The share of the second picture's area that is in the first.
    public var secondShare: Double

    /// How far the homography moves the corners of what is shared from where the nearest similarity (shift, rotation,
    /// one scale, perhaps mirrored) does, as a share of the diagonal: 0 for a crop or a resized copy.
    public var distortion: Double

    /// The share of what is shared that has inliers: of a grid of 8 x 8 cells over it, those with at least one.
    public var coverage: Double

    /// Second pixels for a first pixel.
    public var scale: Double

    /// Degrees from -180 to 180, clockwise as the picture is seen.
    public var rotation: Double

    /// Whether one is the mirror image of the other.
    public var isMirrored: Bool

    /// Measures; nil when the homography makes no sense as a map between the pictures: not finite, of no area, or with
    /// part of the first picture behind the horizon.
    public init?(_ geometry: PairGeometry, first: ImageSize, second: ImageSize) {
        guard let map = Homography(geometry.homography), first.pixelCount > 0, second.pixelCount > 0 else { return nil }
        let frame = Polygon(size: first)
        guard let moved = frame.mapped(by: map) else { return nil }
        let shared = moved.clipped(to: second)
        guard moved.area > 0, let inverse = map.inverse, let origin = shared.mapped(by: inverse),
            origin.corners.count >= 3
        else { return nil }
        inliers = geometry.inliers.count
        inlierShare = geometry.matchCount > 0 ? Double(inliers) / Double(geometry.matchCount) : 0
        secondShare = shared.area / Double(second.pixelCount)
        firstShare = origin.area / Double(first.pixelCount)
        let fit = SimilarityFit(from: origin.corners, to: shared.corners)
        let diagonal = (shared.bounds.width * shared.bounds.width + shared.bounds.height * shared.bounds.height)
            .squareRoot()
        distortion = diagonal > 0 ? fit.largestResidual / diagonal : .infinity
        (scale, rotation, isMirrored) = (fit.scale, fit.rotation, fit.isMirrored)
        coverage = Self.coverage(of: origin, by: geometry.inliers)
    }

    /// Cells are of the grid over the bounds of the area; those whose centre is outside it do not count.
    private static func coverage(of area: Polygon, by points: [PixelPoint]) -> Double {
        let (bounds, cells) = (area.bounds, 8)
        guard bounds.width > 0, bounds.height > 0 else { return 0 }
        var isOccupied = [Bool](repeating: false, count: cells * cells)
        for point in points {
            let column = Int(((point.x - bounds.x) / bounds.width * Double(cells)).rounded(.down).clamped(0, 7))
            let row = Int(((point.y - bounds.y) / bounds.height * Double(cells)).rounded(.down).clamped(0, 7))
            isOccupied[row * cells + column] = true
        }
        var (inside, occupied) = (0, 0)
        for cell in 0..<cells * cells {
            let centre = PixelPoint(
                x: bounds.x + (Double(cell % cells) + 0.5) / Double(cells) * bounds.width,
                y: bounds.y + (Double(cell / cells) + 0.5) / Double(cells) * bounds.height)
            guard area.contains(centre) else { continue }
            inside += 1
            if isOccupied[cell] { occupied += 1 }
        }
        return inside > 0 ? Double(occupied) / Double(inside) : 0
    }
}

extension Double {
    fileprivate func clamped(_ low: Double, _ high: Double) -> Double { self > low ? Swift.min(self, high) : low }
}
