import CairnCore
import CairnImaging

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The crops: which part of a photo becomes a training photo.
enum CropRegions {
    /// Tries before a rectangle that does not fit is clamped.
    private static let attempts = 10

    /// `randomResizedCrop`: a rectangle of random area, its aspect ratio the photo's own times a random factor whose logarithm is
    /// uniform, at a random place, in whole pixels.
    ///
    /// Szegedy et al. 2015, section 6, as torchvision draws it; there the aspect ratio is absolute, here it is relative to the
    /// photo's, and what fits in none of ten tries is clamped to the photo instead of centred.
    static func randomResized(
        _ photo: ImageSize, area: [Double], aspect: [Double], _ random: inout TrainingRandom
    ) -> PixelRegion {
        var (width, height) = (photo.width, photo.height)
        for attempt in 1...attempts {
            let share = random.uniform(area[0], area[1])
            let factor = exp(random.uniform(log(aspect[0]), log(aspect[1])))
            width = max(1, Int((Double(photo.width) * (share * factor).squareRoot()).rounded()))
            height = max(1, Int((Double(photo.height) * (share / factor).squareRoot()).rounded()))
            if width <= photo.width, height <= photo.height { break }
            if attempt == attempts { (width, height) = (min(width, photo.width), min(height, photo.height)) }
        }
        let x = random.below(photo.width - width + 1)
        let y = random.below(photo.height - height + 1)
        return PixelRegion(x0: Double(x), y0: Double(y), x1: Double(x + width), y1: Double(y + height))
    }

    /// `randomCrop`: the photo is scaled until its short side has `shortSide` pixels, or until `target` fits, and `target` is cut out at
    /// a random place of whole pixels; as a region of the photo as it was.
    static func random(
        _ photo: ImageSize, target: ImageSize, shortSide: Int, _ random: inout TrainingRandom
    ) -> PixelRegion {
        let (width, height) = (Double(photo.width), Double(photo.height))
        let fitting = max(Double(target.width) / width, Double(target.height) / height)
        let scale = max(Double(shortSide) / min(width, height), fitting)
        func start(_ length: Double, _ wanted: Int) -> Double {
            let free = max(0, Int((length * scale).rounded()) - wanted)
            let most = max(0, length - Double(wanted) / scale)
            return min(Double(random.below(free + 1)) / scale, most)
        }
        let x = start(width, target.width)
        let y = start(height, target.height)
        return PixelRegion(
            x0: x, y0: y, x1: min(width, x + Double(target.width) / scale),
            y1: min(height, y + Double(target.height) / scale))
    }
}
