import CairnCore
import CairnImaging

/// The corner that a whole other photo covers in Corner-CutMix.
///
/// Mei et al. 2020: unlike CutMix, nothing of the other photo is cut off, and labels count alike whatever its size.
struct CornerRegion: Hashable {
    /// Columns that are covered.
    var columns: Range<Int>
    /// Rows that are covered.
    var rows: Range<Int>

    /// - Parameters:
    ///   - size: the photo beneath.
    ///   - side: the covered share of its sides.
    ///   - corner: 0 left above, 1 right above, 2 left below, 3 right below.
    init(of size: ImageSize, side: Double, corner: Int) {
        precondition((0..<4).contains(corner), "corner \(corner)")
        func range(_ length: Int, atEnd: Bool) -> Range<Int> {
            let part = min(length, max(1, Int((Double(length) * side).rounded())))
            return atEnd ? length - part..<length : 0..<part
        }
        columns = range(size.width, atEnd: corner % 2 == 1)
        rows = range(size.height, atEnd: corner >= 2)
    }

    /// Another photo, resized, on the corner of a photo.
    func pasted(_ other: RGBImage, onto photo: RGBImage) throws -> RGBImage {
        var mixed = photo
        let size = ImageSize(width: columns.count, height: rows.count)
        mixed.replace(columns: columns, rows: rows, by: try other.resized(to: size))
        return mixed
    }
}
