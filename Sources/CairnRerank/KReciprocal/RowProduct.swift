/// Inner products of single rows.
enum RowProduct {
    /// In double precision, always summed in the same order, that of `NearestRows`: eight sums, then the rest.
    static func exact(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int) -> Float {
        let (a, b) = (UnsafeRawPointer(left), UnsafeRawPointer(right))
        var sums = SIMD8<Double>.zero
        var index = 0
        while index + 8 <= count {
            let x = SIMD8<Double>(a.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self))
            let y = SIMD8<Double>(b.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self))
            sums += x * y
            index += 8
        }
        var sum = sums.sum()
        while index < count {
            sum += Double(left[index]) * Double(right[index])
            index += 1
        }
        return Float(sum)
    }
}
