internal import COpenBLAS

extension DescriptorMatrix {
    /// The inner product of every row with every row of `other`: `self · otherᵀ`, `[count, other.count]`.
    ///
    /// One SGEMM: `2 * count * other.count * dimensions` operations in float32, and the whole result in memory. To keep only
    /// the best of each row, use `NearestRows`.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) when row lengths differ or the result would be wider than
    ///   `maximumDimensions`.
    public func multipliedByTranspose(of other: DescriptorMatrix) throws(AlgebraError) -> DescriptorMatrix {
        guard other.dimensions == dimensions else {
            throw AlgebraError.dimensions("the second matrix", expected: dimensions, found: other.dimensions)
        }
        guard (1...Self.maximumDimensions).contains(other.count) else {
            throw AlgebraError(
                .invalidArgument,
                "a product may have 1 to \(Self.maximumDimensions) columns, not \(other.count); multiply in blocks")
        }
        var product = DescriptorMatrix(zeros: count, dimensions: other.count)
        values.withUnsafeBufferPointer { left in
            other.values.withUnsafeBufferPointer { right in
                product.values.withUnsafeMutableBufferPointer { target in
                    multiplyByTranspose(left, right, into: target, dimensions: dimensions)
                }
            }
        }
        return product
    }
}

/// `target = left · rightᵀ`: both sides are rows of `dimensions`, the target is `[left rows, right rows]`.
func multiplyByTranspose(
    _ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>,
    into target: UnsafeMutableBufferPointer<Float>, dimensions: Int
) {
    let (leftCount, rightCount) = (left.count / dimensions, right.count / dimensions)
    precondition(
        target.count >= leftCount * rightCount,
        "\(target.count) places for a product of \(leftCount) x \(rightCount)")
    guard leftCount > 0, rightCount > 0 else { return }
    cblas_sgemm(
        Int32(CAIRN_BLAS_ROW_MAJOR), Int32(CAIRN_BLAS_NO_TRANSPOSE),
        Int32(CAIRN_BLAS_TRANSPOSE), Int32(leftCount), Int32(rightCount), Int32(dimensions), 1,
        left.baseAddress, Int32(dimensions), right.baseAddress, Int32(dimensions), 0, target.baseAddress,
        Int32(rightCount))
}
