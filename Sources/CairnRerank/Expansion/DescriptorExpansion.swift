import CairnAlgebra
import Dispatch

/// Weighted sums of descriptors at unit length: what all expansions come down to.
struct DescriptorExpansion {
    /// Rows that are added to one descriptor: its own weight is 1.
    struct Terms {
        /// Gallery rows, `[descriptors, width]`.
        var rows: [Int32]
        /// Their weights, none negative; a weight of 0 leaves a row out.
        var weights: [Float]
        /// Rows for each descriptor.
        var width: Int
    }

    /// `base + Σ weight · gallery[row]` at unit length, for each row of `base`.
    ///
    /// Summed in double precision in the order of the terms and rounded once, so that the result does not depend on the number of
    /// threads, and rows that are sums of the same terms in another order nearly always come out the same. A descriptor of
    /// zeros stays zeros, and a sum of zeros leaves the descriptor as it was. Memory: the result, and a row a thread.
    static func expand(
        _ base: DescriptorMatrix, by terms: Terms, of gallery: DescriptorMatrix, threads: Int
    ) throws -> DescriptorMatrix {
        let (count, dimensions, width) = (base.count, base.dimensions, terms.width)
        precondition(terms.rows.count == count * width, "\(terms.rows.count) terms for \(count) rows of \(width)")
        precondition(
            terms.weights.count == count * width, "\(terms.weights.count) weights for \(count) rows of \(width)")
        let values = [Float](unsafeUninitializedCapacity: count * dimensions) { target, filled in
            // Concurrent iterations write disjoint rows.
            nonisolated(unsafe) let target = target
            base.values.withUnsafeBufferPointer { base in
                gallery.values.withUnsafeBufferPointer { gallery in
                    nonisolated(unsafe) let (base, gallery) = (base, gallery)
                    let parts = max(1, min(threads, count))
                    DispatchQueue.concurrentPerform(iterations: parts) { part in
                        withUnsafeTemporaryAllocation(of: Double.self, capacity: dimensions) { sum in
                            for index in count * part / parts..<count * (part + 1) / parts {
                                let own = index * dimensions..<(index + 1) * dimensions
                                let start = UnsafeBufferPointer(rebasing: base[own])
                                set(sum, to: start)
                                let isZero = sum.allSatisfy { $0 == 0 }
                                for place in index * width..<(index + 1) * width
                                where !isZero && terms.weights[place] != 0 {
                                    let row = Int(terms.rows[place]) * dimensions
                                    add(
                                        UnsafeBufferPointer(rebasing: gallery[row..<row + dimensions]),
                                        times: Double(terms.weights[place]), to: sum)
                                }
                                let result = UnsafeMutableBufferPointer(rebasing: target[own])
                                _ = result.initialize(from: start)
                                writeUnitLength(sum, to: result)
                            }
                        }
                    }
                }
            }
            filled = count * dimensions
        }
        return try DescriptorMatrix(values: values, dimensions: dimensions)
    }

    private static func set(_ sum: UnsafeMutableBufferPointer<Double>, to row: UnsafeBufferPointer<Float>) {
        for index in 0..<row.count { sum.initializeElement(at: index, to: Double(row[index])) }
    }

    private static func add(
        _ row: UnsafeBufferPointer<Float>, times weight: Double, to sum: UnsafeMutableBufferPointer<Double>
    ) {
        for index in 0..<row.count { sum[index] += weight * Double(row[index]) }
    }

    /// Does nothing where there is no length to divide by.
    private static func writeUnitLength(
        _ sum: UnsafeMutableBufferPointer<Double>, to result: UnsafeMutableBufferPointer<Float>
    ) {
        var squares = SIMD8<Double>.zero
        var index = 0
        while index + 8 <= sum.count {
            let part = UnsafeRawPointer(sum.baseAddress.unsafelyUnwrapped + index).loadUnaligned(as: SIMD8<Double>.self)
            squares += part * part
            index += 8
        }
        var square = squares.sum()
        while index < sum.count {
            square += sum[index] * sum[index]
            index += 1
        }
        guard square > 0, square.isFinite else { return }
        let scale = 1 / square.squareRoot()
        for index in 0..<result.count { result[index] = Float(sum[index] * scale) }
    }
}

/// The inner product in double precision, always summed in the same order, rounded once.
func innerProduct(_ left: ArraySlice<Float>, _ right: ArraySlice<Float>) -> Float {
    precondition(left.count == right.count, "\(left.count) and \(right.count) dimensions")
    return left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
            var sums = SIMD8<Double>.zero
            var index = 0
            while index + 8 <= left.count {
                let a = UnsafeRawPointer(left.baseAddress.unsafelyUnwrapped + index)
                let b = UnsafeRawPointer(right.baseAddress.unsafelyUnwrapped + index)
                sums +=
                    SIMD8<Double>(a.loadUnaligned(as: SIMD8<Float>.self))
                    * SIMD8<Double>(b.loadUnaligned(as: SIMD8<Float>.self))
                index += 8
            }
            var sum = sums.sum()
            while index < left.count {
                sum += Double(left[index]) * Double(right[index])
                index += 1
            }
            return Float(sum)
        }
    }
}
