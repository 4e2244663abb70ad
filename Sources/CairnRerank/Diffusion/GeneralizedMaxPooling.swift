import CairnAlgebra

/// Weights for the regions of an image that make its pooled similarity the same for each region, however often its like occurs.
///
/// Murray and Perronnin, "Generalized max pooling" (CVPR 2014), in the dual form: `w = (V Vᵀ + λ I)^-1 1` for the rows `V` of one
/// image. λ = 1, as in the programs of Iscen et al. (CVPR 2017).
enum GeneralizedMaxPooling {
    private static let ridge = 1.0

    /// A weight for each region, image by image. A Cholesky factorisation for each image, in double precision.
    static func weights(_ regions: RegionalDescriptors, threads: Int) -> [Float] {
        var weights = [Float](repeating: 0, count: regions.descriptors.count)
        let size = regions.regionsPerImage
        weights.withUnsafeMutableBufferPointer { weights in
            nonisolated(unsafe) let weights = weights
            concurrentBlocks(regions.count, threads: threads) { _, image in
                let solution = solve(gram(regions, image: image), size: size)
                for region in 0..<size { weights[image * size + region] = Float(solution[region]) }
            }
        }
        return weights
    }

    /// `V Vᵀ + λ I`, the lower half of it filled.
    private static func gram(_ regions: RegionalDescriptors, image: Int) -> [Double] {
        let size = regions.regionsPerImage
        let dimensions = regions.descriptors.dimensions
        var gram = [Double](repeating: 0, count: size * size)
        regions.descriptors.values.withUnsafeBufferPointer { values in
            let first = image * size * dimensions
            for row in 0..<size {
                for column in 0...row {
                    var sum = row == column ? ridge : 0
                    for index in 0..<dimensions {
                        sum +=
                            Double(values[first + row * dimensions + index])
                            * Double(values[first + column * dimensions + index])
                    }
                    gram[row * size + column] = sum
                }
            }
        }
        return gram
    }

    /// Solves `matrix x = 1`; the matrix is positive definite, being at least the ridge in every direction.
    private static func solve(_ matrix: [Double], size: Int) -> [Double] {
        var factor = matrix
        for column in 0..<size {
            for row in column..<size {
                var sum = factor[row * size + column]
                for index in 0..<column { sum -= factor[row * size + index] * factor[column * size + index] }
                factor[row * size + column] =
                    row == column ? sum.squareRoot() : sum / factor[column * size + column]
            }
        }
        var solution = [Double](repeating: 1, count: size)
        for row in 0..<size {
            for index in 0..<row { solution[row] -= factor[row * size + index] * solution[index] }
            solution[row] /= factor[row * size + row]
        }
        for row in (0..<size).reversed() {
            for index in row + 1..<size { solution[row] -= factor[index * size + row] * solution[index] }
            solution[row] /= factor[row * size + row]
        }
        return solution
    }
}
