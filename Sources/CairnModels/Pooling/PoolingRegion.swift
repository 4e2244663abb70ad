/// A rectangle of a feature map over which regional poolings take their maximum or mean.
public struct PoolingRegion: Sendable, Hashable {
    /// Rows of the map.
    public var rows: Range<Int>
    /// Columns of the map.
    public var columns: Range<Int>

    /// Wraps the ranges.
    public init(rows: Range<Int>, columns: Range<Int>) {
        self.rows = rows
        self.columns = columns
    }

    /// The regions of R-MAC: the whole map, and then at each scale `l` squares of side `2 * shorter / (l + 1)`, rounded down, spread
    /// evenly.
    ///
    /// Along the shorter axis are `l` squares, along the longer one as many more as bring the overlap of the largest squares
    /// closest to 40 %. A scale whose squares would have no pixel has none. At `l` = 1 a square map comes in twice, as a whole and
    /// as a square.
    ///
    /// Tolias et al. 2016, *Particular object retrieval with integral max-pooling of CNN activations*, section 3.2, in the form of
    /// Radenović et al.'s public code (cnnimageretrieval-pytorch), which gave the published figures: places are computed in
    /// 32-bit floats, as there, because roundings decide between neighbouring columns.
    public static func grid(height: Int, width: Int, levels: Int) -> [PoolingRegion] {
        guard height > 0, width > 0 else { return [] }
        let extra = extraRegions(shorter: min(height, width), longer: max(height, width))
        var regions = [PoolingRegion(rows: 0..<height, columns: 0..<width)]
        for level in 1...max(levels, 1) {
            let side = 2 * min(height, width) / (level + 1)
            guard side > 0 else { continue }
            let tops = starts(size: height, side: side, count: level + (height > width ? extra : 0))
            let lefts = starts(size: width, side: side, count: level + (width > height ? extra : 0))
            for top in tops {
                for left in lefts {
                    regions.append(PoolingRegion(rows: top..<(top + side), columns: left..<(left + side)))
                }
            }
        }
        return regions
    }

    /// How many more squares of side `shorter` the longer axis gets: 1 to 6, such that neighbours overlap by about 40 %.
    private static func extraRegions(shorter: Int, longer: Int) -> Int {
        let area = Float(shorter * shorter)
        let misses = (1...6).map { gaps -> Float in
            // By the reciprocal, as torch divides a number by an array: at 47x11 the last bit decides.
            let step = Float(longer - shorter) * (1 / Float(gaps))
            return abs((area - Float(shorter) * step) / area - 0.4)
        }
        return 1 + (misses.indices.min { misses[$0] < misses[$1] } ?? 0)
    }

    /// The first pixels of `count` squares spread over an axis.
    private static func starts(size: Int, side: Int, count: Int) -> [Int] {
        let step = count > 1 ? Float(Double(size - side) / Double(count - 1)) : 0
        // Centres are rounded down, not the first pixels themselves.
        let centre = Int((Float(side) / 2 - 1).rounded(.down))
        return (0..<count).map { Int((Float(centre) + Float($0) * step).rounded(.down)) - centre }
    }
}
