import CairnAlgebra

/// A linear support vector machine for two classes, with L2 regularisation and squared hinge loss:
/// `min ½ |w|² + C Σ max(0, 1 - y (w·x + b))²`, `b` regularised as the weight of a constant feature 1.
///
/// Solved by dual coordinate descent (Hsieh, Chang, Lin, Keerthi, Sundararajan: A Dual Coordinate Descent Method for
/// Large-scale Linear SVM, ICML 2008, algorithm 1 with `D_ii = 1 / 2C`), in double precision on the matrix of inner products,
/// as samples are few and dimensions many. Samples are visited in their order, so that the result is always the same.
struct LinearSVM {
    /// The normal of the separating plane, towards the positives.
    let normal: [Double]
    /// The plane is where `normal · x + bias` is 0.
    let bias: Double

    /// No projected gradient is larger than this at the end.
    static let tolerance = 1e-9
    /// Rounds over all samples, at most.
    static let maximumRounds = 20_000

    /// Trains.
    ///
    /// - Parameters:
    ///   - samples: `[count, dimensions]`.
    ///   - positives: How many of the first samples are positive; the others are negative.
    ///   - cost: `C`.
    /// - Complexity: `count² * dimensions` for the inner products, then `count²` a round.
    init(samples: DescriptorMatrix, positives: Int, cost: Double) {
        let (count, dimensions) = (samples.count, samples.dimensions)
        let sign = (0..<count).map { $0 < positives ? 1.0 : -1.0 }
        let products = Self.products(samples, sign)
        var dual = [Double](repeating: 0, count: count)
        // The gradient of the dual objective without its diagonal part.
        var gradient = [Double](repeating: -1, count: count)
        let diagonal = 0.5 / cost
        products.withUnsafeBufferPointer { products in
            gradient.withUnsafeMutableBufferPointer { gradient in
                for _ in 0..<Self.maximumRounds {
                    var worst = 0.0
                    for index in 0..<count {
                        let slope = gradient[index] + diagonal * dual[index]
                        let projected = dual[index] == 0 ? min(slope, 0) : slope
                        worst = max(worst, abs(projected))
                        guard projected != 0 else { continue }
                        let curvature = products[index * count + index] + diagonal
                        let updated = max(dual[index] - slope / curvature, 0)
                        let step = updated - dual[index]
                        dual[index] = updated
                        let row = UnsafeBufferPointer(rebasing: products[index * count..<(index + 1) * count])
                        for other in 0..<count { gradient[other] += step * row[other] }
                    }
                    if worst < Self.tolerance { break }
                }
            }
        }
        var normal = [Double](repeating: 0, count: dimensions)
        var bias = 0.0
        for index in 0..<count where dual[index] > 0 {
            let weight = dual[index] * sign[index]
            bias += weight
            for (column, value) in samples[index].enumerated() { normal[column] += weight * Double(value) }
        }
        self.normal = normal
        self.bias = bias
    }

    /// `y_i y_j (x_i · x_j + 1)`, `[count, count]`.
    private static func products(_ samples: DescriptorMatrix, _ sign: [Double]) -> [Double] {
        let (count, dimensions) = (samples.count, samples.dimensions)
        var products = [Double](repeating: 0, count: count * count)
        let values = samples.values.map(Double.init)
        values.withUnsafeBufferPointer { values in
            for left in 0..<count {
                for right in 0...left {
                    var sums = SIMD8<Double>.zero
                    let a = UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped + left * dimensions)
                    let b = UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped + right * dimensions)
                    var column = 0
                    while column + 8 <= dimensions {
                        sums +=
                            a.loadUnaligned(fromByteOffset: column * 8, as: SIMD8<Double>.self)
                            * b.loadUnaligned(fromByteOffset: column * 8, as: SIMD8<Double>.self)
                        column += 8
                    }
                    var sum = sums.sum() + 1
                    while column < dimensions {
                        sum += values[left * dimensions + column] * values[right * dimensions + column]
                        column += 1
                    }
                    products[left * count + right] = sign[left] * sign[right] * sum
                    products[right * count + left] = products[left * count + right]
                }
            }
        }
        return products
    }
}
