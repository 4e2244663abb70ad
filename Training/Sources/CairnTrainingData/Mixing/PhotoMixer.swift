import CairnCore
import CairnImaging
import CairnRecipes

/// Puts one photo onto another, and says how much each one's label counts.
struct PhotoMixer {
    let mixing: ImageMixing

    /// A mixed photo.
    struct Mixed {
        var image: RGBImage
        /// How much the label of the photo beneath counts.
        var share: Float
    }

    /// Mixes with the probability of the settings; `nil` when chance says no.
    func mixed(_ photo: RGBImage, with other: RGBImage, _ random: inout TrainingRandom) throws -> Mixed? {
        guard random.chance(mixing.probability) else { return nil }
        switch mixing.kind {
        case .cutmix:
            let region = CutMixRegion(of: photo.size, beta: mixing.beta ?? 1, &random)
            return Mixed(image: try region.pasted(other, onto: photo), share: region.share(of: photo.size))
        case .cornerCutmix:
            let side = mixing.side ?? [0.5, 0.5]
            let region = CornerRegion(of: photo.size, side: random.uniform(side[0], side[1]), corner: random.below(4))
            return Mixed(image: try region.pasted(other, onto: photo), share: Float(1 - (mixing.labelWeight ?? 0.5)))
        }
    }

    /// The row whose photo is put onto a row's: `offset` rows on, around the end.
    static func partner(of row: Int, offset: Int, count: Int) -> Int { (row + offset) % count }

    /// How many rows on a batch's partners are: any but none, drawn for the batch. A multiple of 8 where the batch is one, so that up to 8
    /// processes that share a batch find partners among their own photos.
    static func offset(count: Int, _ random: inout TrainingRandom) -> Int {
        guard count > 1 else { return 0 }
        if count % 8 == 0, count > 8 { return 8 * (1 + random.below(count / 8 - 1)) }
        return 1 + random.below(count - 1)
    }
}

extension RGBImage {
    /// Replaces a part by an image of the part's size.
    mutating func replace(columns: Range<Int>, rows: Range<Int>, by other: RGBImage) {
        precondition(
            other.width == columns.count && other.height == rows.count, "\(other.size) for \(columns), \(rows)")
        let width = width
        pixels.withUnsafeMutableBufferPointer { target in
            other.pixels.withUnsafeBufferPointer { source in
                let count = columns.count * 3
                for (line, row) in rows.enumerated() {
                    let start = (row * width + columns.lowerBound) * 3
                    let part = UnsafeMutableBufferPointer(rebasing: target[start..<start + count])
                    _ = part.update(fromContentsOf: source[line * count..<(line + 1) * count])
                }
            }
        }
    }
}
