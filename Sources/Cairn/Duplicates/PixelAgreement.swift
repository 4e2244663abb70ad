import CairnCleaning
import CairnCore
import CairnGeometry
import CairnImaging

/// How far two photos agree in their pixels where geometry lays one on the other.
///
/// Two photos of a flat thing, or of a building from one spot, fit by geometry as well as copies do. In the pixels they differ: light,
/// people and shadows move. What is shared is cut into 8 x 8 cells; a cell agrees when the normalised cross-correlation of
/// its luma is at least 0.8, which changes of brightness, contrast and compression leave alone. Cells without texture say nothing.
struct PixelAgreement {
    /// The share of cells with texture that agree; `nil` when too little is shared or textured to say.
    let share: Double?

    /// Samples along each side of what is shared, and cells.
    private static let (samples, cells) = (96, 8)

    /// The least correlation of a cell that agrees, and the least deviation of luma that is texture.
    private static let (correlation, texture) = (0.8, 3.0)

    /// Compares two photos, reading both again. Throws `ImagingError` when one cannot be read.
    ///
    /// - Parameters:
    ///   - first: The first photo.
    ///   - second: The second photo.
    ///   - geometry: From the first photo's pixels to the second's, at their files' own sizes.
    init(_ first: DuplicateImage, _ second: DuplicateImage, geometry: PairGeometry) throws {
        let map = Matrix3(rowMajor: geometry.homography)
        guard let map, let box = Self.shared(first.size, second.size, map) else {
            share = nil
            return
        }
        // Both are reduced to about a pixel a sample, so that the sharper one is no reason to differ.
        let centre = PixelPoint(x: box.x + box.width / 2, y: box.y + box.height / 2)
        let step = max(box.width, box.height) / Double(Self.samples)
        let scale = map.scale(at: centre)
        let pictures = try [(first, step), (second, step * scale)].map { image, step in
            let side = max(32, Int((Double(image.size.longSide) / max(step, 1)).rounded()))
            let decoder = ImageDecoder(
                configuration: DecodingConfiguration(maximumLongSide: side, truncation: .keepPartial))
            return try decoder.gray(contentsOf: image.path)
        }
        share = Self.share(pictures, (first.size, second.size), box, map)
    }

    private struct Box {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
    }

    /// What of the first photo may be in the second.
    private static func shared(_ first: ImageSize, _ second: ImageSize, _ map: Matrix3) -> Box? {
        guard let inverse = map.inverse else { return nil }
        let (width, height) = (Double(second.width), Double(second.height))
        let corners = [(0, 0), (width, 0), (width, height), (0, height)].compactMap {
            inverse.project(PixelPoint(x: $0.0, y: $0.1))
        }
        guard corners.count == 4 else { return nil }
        let (xs, ys) = (corners.map(\.x), corners.map(\.y))
        let left = max(0, xs.min() ?? 0)
        let top = max(0, ys.min() ?? 0)
        let right = min(Double(first.width), xs.max() ?? 0)
        let bottom = min(Double(first.height), ys.max() ?? 0)
        guard right - left >= 16, bottom - top >= 16 else { return nil }
        return Box(x: left, y: top, width: right - left, height: bottom - top)
    }

    private static func share(
        _ pictures: [GrayImage], _ sizes: (ImageSize, ImageSize), _ box: Box, _ map: Matrix3
    ) -> Double? {
        var sums = [CellSums](repeating: CellSums(), count: cells * cells)
        for row in 0..<samples {
            for column in 0..<samples {
                let point = PixelPoint(
                    x: box.x + (Double(column) + 0.5) / Double(samples) * box.width,
                    y: box.y + (Double(row) + 0.5) / Double(samples) * box.height)
                guard let other = map.project(point), let a = pictures[0].sample(point, of: sizes.0),
                    let b = pictures[1].sample(other, of: sizes.1)
                else { continue }
                sums[row * cells / samples * cells + column * cells / samples].add(a, b)
            }
        }
        let most = samples / cells * (samples / cells)
        let telling = sums.filter { $0.count >= Double(most / 2) && $0.deviation >= texture }
        guard telling.count >= cells else { return nil }
        return Double(telling.count { $0.correlation >= correlation }) / Double(telling.count)
    }
}

/// Moments of a cell's two lumas.
private struct CellSums {
    var count = 0.0
    private var (a, b, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0)

    mutating func add(_ x: Double, _ y: Double) {
        count += 1
        a += x
        b += y
        aa += x * x
        bb += y * y
        ab += x * y
    }

    private var variances: (Double, Double) {
        (max(0, aa / count - a / count * (a / count)), max(0, bb / count - b / count * (b / count)))
    }

    /// The larger standard deviation of the two.
    var deviation: Double { max(variances.0, variances.1).squareRoot() }

    /// Pearson's; 0 where either does not vary.
    var correlation: Double {
        let (first, second) = variances
        guard first > 0, second > 0 else { return 0 }
        return (ab / count - a / count * (b / count)) / (first * second).squareRoot()
    }
}

extension Matrix3 {
    /// Target pixels for a source pixel at a place; 1 beyond the horizon.
    fileprivate func scale(at point: PixelPoint) -> Double {
        guard let here = project(point), let right = project(PixelPoint(x: point.x + 1, y: point.y)),
            let below = project(PixelPoint(x: point.x, y: point.y + 1))
        else { return 1 }
        let area = (right.x - here.x) * (below.y - here.y) - (right.y - here.y) * (below.x - here.x)
        return max(1e-3, abs(area).squareRoot())
    }
}

extension GrayImage {
    /// The luma at a place of the photo of size `full` that this is a reduction of; bilinear, `nil` outside.
    fileprivate func sample(_ point: PixelPoint, of full: ImageSize) -> Double? {
        let x = point.x * Double(size.width) / Double(full.width) - 0.5
        let y = point.y * Double(size.height) / Double(full.height) - 0.5
        guard x >= -0.5, y >= -0.5, x < Double(size.width) - 0.5, y < Double(size.height) - 0.5 else { return nil }
        let (left, top) = (max(0, Int(x.rounded(.down))), max(0, Int(y.rounded(.down))))
        let (right, below) = (min(left + 1, size.width - 1), min(top + 1, size.height - 1))
        let (u, v) = (max(0, x - Double(left)), max(0, y - Double(top)))
        func value(_ column: Int, _ row: Int) -> Double { Double(pixels[row * size.width + column]) }
        let upper = value(left, top) * (1 - u) + value(right, top) * u
        let lower = value(left, below) * (1 - u) + value(right, below) * u
        return upper * (1 - v) + lower * v
    }
}
