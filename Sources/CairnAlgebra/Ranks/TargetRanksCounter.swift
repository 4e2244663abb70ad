/// A row whose position is wanted, and what is known of it.
struct RankedTarget {
    /// Its exact score.
    let score: Float
    let row: Int32
    /// Where it is in its query's list.
    let place: Int
    /// How many rows stand before it, of those that were looked at.
    var before = 0

    /// Whether a row of that score stands before this one.
    func follows(_ score: Float, row: Int) -> Bool {
        score > self.score || (score == self.score && row < Int(self.row))
    }
}

/// Counts, in one part of a gallery, which rows stand before the targets of one query after another. One a thread.
struct TargetRanksCounter {
    private let rows: UnsafeBufferPointer<Float>
    private let firstRow: Int
    private let dimensions: Int
    /// Exact scores of the present query, NaN where they were not needed; and of which rows there are any.
    private var scores: [Float]
    private var scored: [Int] = []

    /// Takes a part of a gallery that begins with the row `firstRow`.
    init(rows: UnsafeBufferPointer<Float>, firstRow: Int, dimensions: Int) {
        self.rows = rows
        self.firstRow = firstRow
        self.dimensions = dimensions
        scores = Array(repeating: .nan, count: rows.count / dimensions)
    }

    /// Adds up what stands before each target.
    ///
    /// - Parameters:
    ///   - query: The query's numbers.
    ///   - products: Its products with the rows, in float32 arithmetic of any order.
    ///   - largestProduct: No product of lengths is greater.
    ///   - targets: In the order of the ranking.
    mutating func count(
        query: UnsafeBufferPointer<Float>, products: UnsafeBufferPointer<Float>, largestProduct: Double,
        into targets: UnsafeMutableBufferPointer<RankedTarget>
    ) {
        let margin = Self.margin(dimensions: dimensions, largestProduct: largestProduct)
        // What does not reach a target does not reach those before it either.
        for target in targets.indices.reversed() {
            let middle = Double(targets[target].score)
            let (least, certain) = (Float(middle - margin).nextDown, Float(middle + margin).nextUp)
            let reaching = Self.reaching(least, products)
            guard reaching > 0 else { break }
            let above = Self.above(certain, products)
            targets[target].before += above
            guard above < reaching else { continue }
            forEachOpen(products, least: least, certain: certain) { counter, place in
                let row = counter.firstRow + place
                if targets[target].follows(counter.score(query, place), row: row) { targets[target].before += 1 }
            }
        }
        for place in scored { scores[place] = .nan }
        scored.removeAll(keepingCapacity: true)
    }

    /// How far a product in float32 may be off a score.
    ///
    /// A sum of n products, in whatever order, is off by at most n·2⁻²⁴ |a||b| / (1 - n·2⁻²⁴), which is below
    /// 1.004 n·2⁻²⁴ |a||b| for as many dimensions as there may be, and the score was rounded once. Each operation may also
    /// lose what is below the normal numbers.
    private static func margin(dimensions: Int, largestProduct: Double) -> Double {
        // Where a partial sum could overflow, products say nothing.
        guard largestProduct < 1e38 else { return .infinity }
        return Double(dimensions + 2) * (0x1.03p-24 * largestProduct + Double(Float.leastNormalMagnitude))
    }

    /// How many products are not below a number; those that overflowed to NaN are not.
    @inline(__always)
    private static func reaching(_ least: Float, _ products: UnsafeBufferPointer<Float>) -> Int {
        products.count
            - count(products) {
                $0 .< least
            } each: {
                $0 < least
            }
    }

    /// How many products are above a number.
    @inline(__always)
    private static func above(_ most: Float, _ products: UnsafeBufferPointer<Float>) -> Int {
        count(products) {
            $0 .> most
        } each: {
            $0 > most
        }
    }

    /// How many products something holds for: eight at a time, and those left over each by itself.
    @inline(__always)
    private static func count(
        _ products: UnsafeBufferPointer<Float>, eight: (SIMD8<Float>) -> SIMDMask<SIMD8<Int32>>,
        each: (Float) -> Bool
    ) -> Int {
        var counts = SIMD8<Int32>.zero
        let whole = products.count / 8 * 8
        if let base = UnsafeRawPointer(products.baseAddress) {
            for place in stride(from: 0, to: whole, by: 8) {
                // A lane that holds is -1.
                counts &-= unsafeBitCast(
                    eight(base.loadUnaligned(fromByteOffset: place * 4, as: SIMD8<Float>.self)), to: SIMD8<Int32>.self)
            }
        }
        var count = Int(counts.wrappedSum())
        for place in whole..<products.count where each(products[place]) { count += 1 }
        return count
    }

    /// Calls `body` for each product that is neither below `least` nor above `certain`.
    @inline(__always)
    private mutating func forEachOpen(
        _ products: UnsafeBufferPointer<Float>, least: Float, certain: Float, _ body: (inout Self, Int) -> Void
    ) {
        guard let base = UnsafeRawPointer(products.baseAddress) else { return }
        let whole = products.count / 8 * 8
        for first in stride(from: 0, to: whole, by: 8) {
            let eight = base.loadUnaligned(fromByteOffset: first * 4, as: SIMD8<Float>.self)
            let settled = unsafeBitCast((eight .< least) .| (eight .> certain), to: SIMD8<Int32>.self)
            guard settled.max() == 0 else { continue }
            for lane in 0..<8 where settled[lane] == 0 { body(&self, first + lane) }
        }
        for place in whole..<products.count where !(products[place] < least) && !(products[place] > certain) {
            body(&self, place)
        }
    }

    /// The exact score of a row of this part.
    private mutating func score(_ query: UnsafeBufferPointer<Float>, _ place: Int) -> Float {
        guard scores[place].isNaN else { return scores[place] }
        scores[place] = Float(
            exactInnerProduct(
                query.baseAddress.unsafelyUnwrapped, rows.baseAddress.unsafelyUnwrapped + place * dimensions,
                dimensions: dimensions))
        scored.append(place)
        return scores[place]
    }
}
