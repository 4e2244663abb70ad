import CairnCore
import CairnImaging

/// The rectangle that another photo's replaces in CutMix.
///
/// Yun et al., “CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features”, ICCV 2019, section 3.1: its area is a
/// share `1 - λ` of the photo, `λ` from a Beta distribution, its centre anywhere; what lies outside is cut off, and labels count by the
/// area that is left. The other photo's part is the one at the same place; of photos of other sizes, at the same shares of the sides.
struct CutMixRegion: Hashable {
    /// Columns that are replaced; may be none.
    var columns: Range<Int>
    /// Rows that are replaced; may be none.
    var rows: Range<Int>

    init(columns: Range<Int>, rows: Range<Int>) { (self.columns, self.rows) = (columns, rows) }

    init(of size: ImageSize, beta: Double, _ random: inout TrainingRandom) {
        let side = (1 - random.symmetricBeta(beta)).squareRoot()
        func range(_ length: Int) -> Range<Int> {
            let part = Int(Double(length) * side)
            let start = random.below(length) - part / 2
            let low = min(max(0, start), length)
            return low..<max(low, min(length, start + part))
        }
        columns = range(size.width)
        rows = range(size.height)
    }

    /// How much the label of the photo beneath counts: the share of it that is left.
    func share(of size: ImageSize) -> Float {
        Float(1 - Double(columns.count * rows.count) / Double(size.pixelCount))
    }

    /// The part of another photo put onto a photo.
    func pasted(_ other: RGBImage, onto photo: RGBImage) throws -> RGBImage {
        guard !columns.isEmpty, !rows.isEmpty else { return photo }
        var mixed = photo
        if other.size == photo.size {
            mixed.replace(columns: columns, rows: rows, by: other.cropped(columns: columns, rows: rows))
            return mixed
        }
        let alongX = Double(other.width) / Double(photo.width)
        let alongY = Double(other.height) / Double(photo.height)
        let part = PixelRegion(
            x0: Double(columns.lowerBound) * alongX, y0: Double(rows.lowerBound) * alongY,
            x1: min(Double(other.width), Double(columns.upperBound) * alongX),
            y1: min(Double(other.height), Double(rows.upperBound) * alongY))
        let size = ImageSize(width: columns.count, height: rows.count)
        mixed.replace(columns: columns, rows: rows, by: try other.resized(part, to: size))
        return mixed
    }
}
