import CairnCore

/// The few shapes that photos are brought to when a batch keeps about their aspect ratio, and which photos share a batch.
struct AspectGroups {
    /// Width by height of the shapes: the ratios of cameras and phones, upright and lying.
    static let ratios: [Double] = [0.5, 9.0 / 16, 2.0 / 3, 3.0 / 4, 1, 4.0 / 3, 3.0 / 2, 16.0 / 9, 2]

    let photos: TrainingPhotoSet
    let batchSize: Int

    /// The shape nearest to an aspect ratio, so that it is distorted least.
    static func ratio(nearest aspect: Double) -> Double {
        func distortion(_ ratio: Double) -> Double { max(ratio / aspect, aspect / ratio) }
        return ratios.min { distortion($0) < distortion($1) } ?? 1
    }

    /// A rectangle of about `size` times `size` pixels; sides are multiples of 32, or of the greatest power of two below that
    /// which divides `size`, as strides of networks are.
    static func shape(size: Int, aspect: Double) -> ImageSize {
        let root = ratio(nearest: aspect).squareRoot()
        var step = 32
        while size % step != 0 { step /= 2 }
        func side(_ exact: Double) -> Int { max(step, Int((exact / Double(step)).rounded()) * step) }
        return ImageSize(width: side(Double(size) * root), height: side(Double(size) / root))
    }

    /// Batches of one shape each, in the order's order. What is left of each shape is sorted by aspect ratio and makes batches of
    /// neighbouring shapes; of these alone less than a batch is dropped, from either end.
    func batches(of order: [Int], _ random: inout TrainingRandom) -> [[Int]] {
        var open: [Double: [Int]] = [:]
        var batches: [[Int]] = []
        for row in order {
            let ratio = Self.ratio(nearest: photos.aspect(of: row))
            open[ratio, default: []].append(row)
            if let full = open[ratio], full.count == batchSize {
                batches.append(full)
                open[ratio] = []
            }
        }
        let left = Self.ratios.flatMap { open[$0] ?? [] }
        if left.count >= batchSize {
            let first = random.below(left.count % batchSize + 1)
            for start in stride(from: first, through: left.count - batchSize, by: batchSize) {
                batches.append(Array(left[start..<start + batchSize]))
            }
        }
        if batches.isEmpty { batches.append(left) }
        return batches
    }
}
