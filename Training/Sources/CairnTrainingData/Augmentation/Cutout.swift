import CairnImaging

/// A rectangle that is blotted out with ImageNet's mean colour, which normalisation makes zero.
///
/// DeVries and Taylor, “Improved Regularization of Convolutional Neural Networks with Cutout”, 2017: the centre is anywhere in the
/// photo, so that a part of the rectangle may lie outside of it.
struct Cutout: Hashable {
    /// ImageNet's mean, rounded.
    static let color: [UInt8] = [124, 116, 104]

    /// Columns that are blotted out.
    var columns: Range<Int>
    /// Rows that are blotted out.
    var rows: Range<Int>

    /// At a random place of an image; sides are a share of the image's.
    init(width: Int, height: Int, size: Double, _ random: inout TrainingRandom) {
        func range(_ length: Int) -> Range<Int> {
            let side = max(1, Int((Double(length) * size).rounded()))
            let start = random.below(length) - side / 2
            return max(0, start)..<min(length, max(start + side, 1))
        }
        columns = range(width)
        rows = range(height)
    }

    /// Blots it out, in place.
    func apply(to image: inout RGBImage) {
        let width = image.width
        image.pixels.withUnsafeMutableBufferPointer { pixels in
            for y in rows {
                for x in columns {
                    let index = (y &* width &+ x) &* 3
                    for channel in 0..<3 { pixels[index &+ channel] = Self.color[channel] }
                }
            }
        }
    }
}
