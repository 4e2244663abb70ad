import CairnAlgebra

/// What queries change in the gallery's lists: the rows whose lists they enter, and those that have no row farther off.
struct QueryEntries: Sendable {
    /// A gallery row and its similarity to the query.
    typealias Pair = (row: Int32, score: Float)

    /// For each query the rows to which it is at least as similar as the last of their lists.
    private(set) var near: [[Pair]]
    /// For each query the rows to which it is less similar than any other row.
    private(set) var far: [[Pair]]

    private static let queryBlock = 256
    private static let galleryBlock = 16384

    /// Compares all queries with all rows: `2 * queries * rows * dimensions` operations in float32, and what comes near a limit again
    /// in double precision.
    init(
        queries: DescriptorMatrix, gallery: DescriptorMatrix, lists: NeighborLists, threads: Int
    ) throws {
        near = Array(repeating: [], count: queries.count)
        far = near
        let dimensions = queries.dimensions
        // A float32 product of unit vectors is off by less.
        let margin = Float(dimensions + 16) * 0x1p-22
        let thresholds = (0..<gallery.count).map { lists.threshold($0) }
        for firstQuery in stride(from: 0, to: queries.count, by: Self.queryBlock) {
            let block = firstQuery..<min(queries.count, firstQuery + Self.queryBlock)
            let left = try DescriptorMatrix(
                values: Array(queries.values[block.lowerBound * dimensions..<block.upperBound * dimensions]),
                dimensions: dimensions)
            for first in stride(from: 0, to: gallery.count, by: Self.galleryBlock) {
                let end = min(gallery.count, first + Self.galleryBlock)
                let right =
                    end - first == gallery.count
                    ? gallery
                    : try DescriptorMatrix(
                        values: Array(gallery.values[first * dimensions..<end * dimensions]), dimensions: dimensions)
                let products = try left.multipliedByTranspose(of: right)
                near.withUnsafeMutableBufferPointer { near in
                    far.withUnsafeMutableBufferPointer { far in
                        nonisolated(unsafe) let (near, far) = (near, far)
                        concurrentBlocks(block.count, threads: threads) { _, place in
                            let query = block.lowerBound + place
                            Self.scan(products[place], first: first, thresholds, lists.smallest, margin) { row in
                                let score = Self.exact(queries, query, gallery, row)
                                if score >= thresholds[row] {
                                    near[query].append((Int32(truncatingIfNeeded: row), score))
                                }
                                if score < lists.smallest[row] {
                                    far[query].append((Int32(truncatingIfNeeded: row), score))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Calls `body` with the rows whose product comes near one of their limits.
    private static func scan(
        _ products: ArraySlice<Float>, first: Int, _ thresholds: [Float], _ smallest: [Float], _ margin: Float,
        _ body: (_ row: Int) -> Void
    ) {
        products.withUnsafeBufferPointer { products in
            thresholds.withUnsafeBufferPointer { thresholds in
                smallest.withUnsafeBufferPointer { smallest in
                    for column in products.indices {
                        let product = products[column]
                        if product >= thresholds[first + column] - margin || product < smallest[first + column] + margin
                        {
                            body(first + column)
                        }
                    }
                }
            }
        }
    }

    private static func exact(
        _ queries: DescriptorMatrix, _ query: Int, _ gallery: DescriptorMatrix, _ row: Int
    ) -> Float {
        queries.values.withUnsafeBufferPointer { left in
            gallery.values.withUnsafeBufferPointer { right in
                RowProduct.exact(
                    left.baseAddress.unsafelyUnwrapped + query * queries.dimensions,
                    right.baseAddress.unsafelyUnwrapped + row * gallery.dimensions, count: gallery.dimensions)
            }
        }
    }
}
