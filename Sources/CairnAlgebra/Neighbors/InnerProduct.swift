/// The inner product of two vectors in double precision, always summed in the same order: eight sums of every eighth
/// product, added up from the first to the last, then what is left over. `cairn_neighbors_exact` gives the same bits.
@inline(__always)
func exactInnerProduct(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, dimensions: Int) -> Double {
    let (left, right) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
    var sums = SIMD8<Double>.zero
    var column = 0
    while column + 8 <= dimensions {
        let x = SIMD8<Double>(left.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self))
        let y = SIMD8<Double>(right.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self))
        sums += x * y
        column += 8
    }
    var sum = sums.sum()
    while column < dimensions {
        sum += Double(a[column]) * Double(b[column])
        column += 1
    }
    return sum
}
