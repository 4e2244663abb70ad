import CairnCore
import CairnImaging

/// A contact sheet of training photos as the network gets them: what augmentation and mixing really do.
public enum AugmentationSheet {
    /// Pixels between tiles.
    private static let gap = 4

    /// Draws the first photos of a batch in rows of tiles, with their classes; mixed ones below the plain ones, with both classes
    /// and how much the first counts.
    ///
    /// - Parameters:
    ///   - batch: what is drawn.
    ///   - classNames: the classes' names, by number.
    ///   - photos: how many of each stream are drawn at most.
    ///   - columns: tiles of a row.
    ///   - tile: the long side of a tile, in pixels.
    public static func image(
        of batch: TrainingBatch, classNames: [String], photos: Int = 16, columns: Int = 8, tile: Int = 160
    ) throws -> RGBImage {
        let lineHeight = Canvas.textSize("A").height
        var tiles: [[(image: RGBImage, caption: String)]] = []
        for stream in batch.streams {
            let images = try (0..<min(photos, batch.count)).map { row in
                try image(row, of: stream.images).resized(toLongSide: tile)
            }
            tiles.append(
                images.enumerated().map { row, image in (image, caption(row, stream, classNames, width: tile)) })
        }
        let rows = tiles.map { ($0.count + columns - 1) / columns }.reduce(0, +)
        let cell = (width: tile + gap, height: tile + lineHeight + 2 * gap)
        var canvas = Canvas(
            size: ImageSize(width: max(1, columns) * cell.width + gap, height: max(1, rows * cell.height + gap)))
        var top = gap
        for stream in tiles {
            for (index, entry) in stream.enumerated() {
                let x = gap + index % columns * cell.width
                let y = top + index / columns * cell.height
                canvas.drawImage(entry.image, x: x, y: y)
                canvas.drawText(
                    entry.caption, at: PixelPoint(x: Double(x), y: Double(y + tile + gap)), color: .black)
            }
            top += (stream.count + columns - 1) / columns * cell.height
        }
        return canvas.image
    }

    private static func image(_ row: Int, of blocks: [ImageBlock]) -> RGBImage {
        blocks.count == 1 ? blocks[0].image(at: row) : blocks[row].image(at: 0)
    }

    private static func caption(_ row: Int, _ stream: BatchStream, _ names: [String], width: Int) -> String {
        func name(_ label: Int) -> String { names.indices.contains(label) ? names[label] : "\(label)" }
        let share = stream.share[row]
        var text = name(stream.first[row])
        if share < 1 { text = "\(Int((share * 100).rounded()))% \(text), \(name(stream.second[row]))" }
        while !text.isEmpty, Canvas.textSize(text).width > width { text.removeLast() }
        return text
    }
}
