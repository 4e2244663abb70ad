import CairnCore

extension GrayImage {
    /// A part of the image. Traps unless the ranges are inside and not empty.
    public func cropped(columns: Range<Int>, rows: Range<Int>) -> GrayImage {
        let (size, pixels) = crop(pixels, size, columns, rows, channels: 1)
        return GrayImage(size: size, pixels: pixels)
    }
}

extension RGBImage {
    /// A part of the image. Traps unless the ranges are inside and not empty.
    public func cropped(columns: Range<Int>, rows: Range<Int>) -> RGBImage {
        let (size, pixels) = crop(pixels, size, columns, rows, channels: 3)
        return RGBImage(size: size, pixels: pixels)
    }
}

private func crop(
    _ pixels: [UInt8], _ size: ImageSize, _ columns: Range<Int>, _ rows: Range<Int>, channels: Int
) -> (ImageSize, [UInt8]) {
    precondition(
        !columns.isEmpty && !rows.isEmpty && columns.lowerBound >= 0 && columns.upperBound <= size.width
            && rows.lowerBound >= 0 && rows.upperBound <= size.height,
        "columns \(columns) and rows \(rows) of \(size)")
    var part: [UInt8] = []
    part.reserveCapacity(columns.count * rows.count * channels)
    for row in rows {
        let start = (row * size.width + columns.lowerBound) * channels
        part += pixels[start..<start + columns.count * channels]
    }
    return (ImageSize(width: columns.count, height: rows.count), part)
}
