import CairnAlgebra

/// Descriptors to be compared by angle. All of them are finite.
struct CosineRows: Sendable {
    /// The rows as given.
    let rows: DescriptorMatrix

    /// 1 / |row| in double precision; 0 for a row of zeros.
    private let inverseNorms: [Double]

    var count: Int { rows.count }
    var dimensions: Int { rows.dimensions }

    /// Takes finite rows.
    init(_ rows: DescriptorMatrix) {
        self.rows = rows
        let dimensions = rows.dimensions
        inverseNorms = rows.values.withUnsafeBufferPointer { values in
            (0..<rows.count).map { row in
                let norm = Self.product(values, row, row, dimensions).squareRoot()
                return norm > 0 ? 1 / norm : 0
            }
        }
    }

    /// Some rows at unit length, rounded to float32. A row of zeros stays zeros.
    func unit(_ selection: some Collection<Int>) -> DescriptorMatrix {
        var unit = selecting(selection)
        _ = unit.normalizeRows()
        return unit
    }

    /// Some rows as they were given.
    func selecting(_ selection: some Collection<Int>) -> DescriptorMatrix {
        do throws(AlgebraError) { return try rows.rows(at: selection) } catch { preconditionFailure(error.message) }
    }

    /// The cosine of the angle between two rows in double precision, within [-1, 1]; 0 when one of them is zeros.
    func similarity(_ first: Int, _ second: Int) -> Double {
        let product = rows.values.withUnsafeBufferPointer { Self.product($0, first, second, dimensions) }
        return max(-1, min(1, product * inverseNorms[first] * inverseNorms[second]))
    }

    /// The cosine distance, 0 to 2. A row has distance 0 from itself, also one of zeros.
    func distance(_ first: Int, _ second: Int) -> Double {
        first == second ? 0 : 1 - similarity(first, second)
    }

    /// An inner product in double precision, always summed in the same order.
    private static func product(
        _ values: UnsafeBufferPointer<Float>, _ first: Int, _ second: Int, _ dimensions: Int
    ) -> Double {
        let left = UnsafeRawBufferPointer(
            UnsafeBufferPointer(rebasing: values[first * dimensions..<(first + 1) * dimensions]))
        let right = UnsafeRawBufferPointer(
            UnsafeBufferPointer(rebasing: values[second * dimensions..<(second + 1) * dimensions]))
        var sums = SIMD8<Double>.zero
        var column = 0
        while column + 8 <= dimensions {
            let a = SIMD8<Double>(left.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self))
            let b = SIMD8<Double>(right.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self))
            sums += a * b
            column += 8
        }
        var sum = sums.sum()
        while column < dimensions {
            sum += Double(values[first * dimensions + column]) * Double(values[second * dimensions + column])
            column += 1
        }
        return sum
    }
}
