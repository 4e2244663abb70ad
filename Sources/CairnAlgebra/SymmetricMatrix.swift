internal import COpenBLAS

/// A symmetric matrix in double precision, `[order, order]`, stored in full.
public struct SymmetricMatrix: Sendable, Equatable {
    /// Rows, and columns.
    public let order: Int

    /// All `order * order` numbers; both triangles are filled.
    public internal(set) var values: [Double]

    /// The largest order that the eigenvectors' workspace, `2 n²` numbers counted in 32 bits, allows.
    public static let maximumOrder = 1 << 14

    /// Takes the numbers of a symmetric matrix. Only their lower triangle is used; the upper one is set to mirror it.
    ///
    /// - Throws: `AlgebraError` for a wrong count, an order that is not supported, or a number that is not finite.
    public init(values: [Double], order: Int) throws(AlgebraError) {
        guard order >= 1, values.count == order * order else {
            throw AlgebraError(.invalidArgument, "\(values.count) numbers are no matrix of \(order) x \(order)")
        }
        guard order <= Self.maximumOrder else {
            throw AlgebraError(
                .limitExceeded,
                "a covariance of \(order) dimensions is too large to decompose; reduce to \(Self.maximumOrder) first")
        }
        guard values.allSatisfy(\.isFinite) else {
            throw AlgebraError(
                .invalidInput, "a covariance holds numbers that are not finite; the descriptors are too large")
        }
        self.order = order
        self.values = values
        mirrorLowerTriangle()
    }

    /// The sum of the diagonal.
    public var trace: Double { (0..<order).reduce(0) { $0 + values[$1 * order + $1] } }

    /// Moves the matrix towards a multiple of the identity with the same trace: `(1 - s) A + s trace(A)/n I`.
    ///
    /// Every eigenvalue moves by the fraction `amount` towards their mean, so a singular covariance becomes regular
    /// (Ledoit and Wolf 2004; `amount` is the caller's here, not estimated).
    public func shrunk(by amount: Double) -> SymmetricMatrix {
        precondition((0...1).contains(amount), "shrinkage is a fraction, not \(amount)")
        guard amount > 0 else { return self }
        var result = self
        let target = amount * trace / Double(order)
        for index in result.values.indices { result.values[index] *= 1 - amount }
        for index in 0..<order { result.values[index * order + index] += target }
        return result
    }

    /// All eigenvalues, largest first, and their eigenvectors. Cubic in the order (LAPACK's `dsyevd`).
    ///
    /// Equal eigenvalues leave the choice of their vectors open; all others are the same on each machine, up to rounding.
    ///
    /// - Throws: `AlgebraError` (`failure`) when the iteration does not converge.
    public func eigendecomposition() throws(AlgebraError) -> SymmetricEigendecomposition {
        var vectors = values
        var eigenvalues = [Double](repeating: 0, count: order)
        var size = Int32(order)
        var (workCount, integerCount, info) = (Int32(-1), Int32(-1), Int32(0))
        var (bestWork, bestIntegers) = (0.0, Int32(0))
        // The first call, with -1, only asks how much room the second needs.
        dsyevd_(
            "V", "L", &size, &vectors, &size, &eigenvalues, &bestWork, &workCount, &bestIntegers, &integerCount, &info,
            1, 1)
        if info == 0 {
            (workCount, integerCount) = (Int32(bestWork), bestIntegers)
            var work = [Double](repeating: 0, count: Int(workCount))
            var integers = [Int32](repeating: 0, count: Int(integerCount))
            dsyevd_(
                "V", "L", &size, &vectors, &size, &eigenvalues, &work, &workCount, &integers, &integerCount, &info, 1, 1
            )
        }
        guard info == 0 else {
            throw AlgebraError(
                .failure, "the eigenvalues of a matrix of order \(order) did not converge (dsyevd says \(info))")
        }
        // LAPACK's columns are our rows, ascending; turn the order round.
        var rows: [Double] = []
        rows.reserveCapacity(vectors.count)
        for index in (0..<order).reversed() {
            rows.append(contentsOf: vectors[index * order..<(index + 1) * order])
            orient(&rows, row: order - 1 - index, width: order)
        }
        return SymmetricEigendecomposition(values: eigenvalues.reversed(), vectors: rows)
    }

    /// The lower triangular `L` with `A = L Lᵀ`, row-major in full, zeros above the diagonal; nil when a pivot is not
    /// above `tolerance` times the largest diagonal element, that is when the matrix is not (safely) positive definite.
    func choleskyFactor(tolerance: Double) -> [Double]? {
        var factor = values
        var (size, info) = (Int32(order), Int32(0))
        // Row-major lower is LAPACK's upper.
        dpotrf_("U", &size, &factor, &size, &info, 1)
        guard info == 0 else { return nil }
        let largest = (0..<order).reduce(0) { max($0, values[$1 * order + $1]) }
        for row in 0..<order {
            let pivot = factor[row * order + row]
            guard pivot * pivot > tolerance * largest else { return nil }
            for column in row + 1..<max(row + 1, order) { factor[row * order + column] = 0 }
        }
        return factor
    }

    /// Copies the lower triangle to the upper one.
    private mutating func mirrorLowerTriangle() {
        for row in 0..<order {
            for column in 0..<row { values[column * order + row] = values[row * order + column] }
        }
    }
}

/// `A = Σ values[i] vectorᵢ vectorᵢᵀ`.
public struct SymmetricEigendecomposition: Sendable {
    /// Eigenvalues, largest first.
    public let values: [Double]

    /// Unit eigenvectors, one a row, in the order of `values`; in each the largest component is positive.
    public let vectors: [Double]
}

/// Turns the sign of one row so that its component of largest magnitude is positive, the first of those that are equal
/// within a millionth: rounding must not decide.
func orient(_ values: inout [Double], row: Int, width: Int) {
    let range = row * width..<(row + 1) * width
    let largest = values[range].reduce(0) { max($0, abs($1)) }
    guard let leader = values[range].first(where: { abs($0) >= largest * (1 - 1e-6) }), leader < 0 else { return }
    for index in range { values[index] = -values[index] }
}
