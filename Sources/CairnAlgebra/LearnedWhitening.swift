internal import COpenBLAS
import CairnCore

/// Learns a whitening from matching pairs: Radenović, Tolias and Chum, "Fine-tuning CNN image retrieval with no human
/// annotation" (TPAMI 2018), section 3.4, equations 8 and 9.
///
/// The covariance `S` of the differences within matching pairs is whitened by its Cholesky factor, `S = L Lᵀ`; in that space
/// the descriptors are rotated to their principal axes: `y = Vᵀ L⁻¹ (x - m)`, then unit length.
///
/// As in the authors' released code, and unlike the equations: `m` is the mean of the pairs' first images, `L⁻¹` stands for
/// `S^-1/2` (they differ by a rotation, which `V` absorbs), and the rotation is learned from all descriptors about `m`
/// rather than from non-matching pairs. Unlike that code, a singular `S` is an error: ask for shrinkage.
public struct LearnedWhitening: Sendable, Codable, Equatable {
    /// How many components to keep; nil keeps as many as the descriptors have.
    public var outputDimensions: Int?

    /// How far the eigenvalues of `S` are moved towards their mean, `0 ... 1`. Needed (0.01) when there are fewer
    /// independent pairs than dimensions.
    public var shrinkage: Double

    /// `S` counts as singular when a squared pivot of its factor is not above this part of its largest variance.
    public var rankTolerance: Double

    /// Whether outputs are brought to unit length.
    public var normalizesOutput: Bool

    /// The settings, with their defaults.
    public init(
        outputDimensions: Int? = nil, shrinkage: Double = 0, rankTolerance: Double = 1e-10,
        normalizesOutput: Bool = true
    ) {
        self.outputDimensions = outputDimensions
        self.shrinkage = shrinkage
        self.rankTolerance = rankTolerance
        self.normalizesOutput = normalizesOutput
    }

    /// As published.
    public static let published = LearnedWhitening()

    /// One matching pair: two rows that show the same object.
    public struct Pair: Sendable, Hashable, Codable {
        /// The row whose descriptor also counts for the mean.
        public var query: Int
        /// The row that matches it.
        public var positive: Int

        /// Makes a pair.
        public init(query: Int, positive: Int) {
            self.query = query
            self.positive = positive
        }
    }

    /// Learns from descriptors, one a row, and the pairs among them. Cubic in the dimensions.
    ///
    /// - Throws: `AlgebraError` for settings out of range, a pair that names no row, descriptors that are not finite, or
    ///   pairs that differ in fewer directions than there are dimensions, without shrinkage.
    public func learn(
        from descriptors: DescriptorMatrix, pairs: [Pair], modelDigest: String, note: String = ""
    ) throws(AlgebraError) -> Whitening {
        let width = descriptors.dimensions
        let height = outputDimensions ?? width
        try requireOutputDimensions(outputDimensions, inputDimensions: width)
        try requireFraction(shrinkage, "the shrinkage of a whitening")
        try requireFraction(rankTolerance, "the rank tolerance of a whitening")
        try requirePairs(pairs, among: descriptors.count)

        var all = try CovarianceAccumulator(dimensions: width)
        try all.add(descriptors)
        let (mean, spread) = try pairStatistics(descriptors, pairs: pairs)
        guard let factor = spread.shrunk(by: shrinkage).choleskyFactor(tolerance: rankTolerance) else {
            throw AlgebraError(
                .invalidArgument,
                "\(pairs.count) matching pairs do not differ in all \(width) directions; give more pairs, reduce "
                    + "dimensions first, or set a shrinkage")
        }
        // L⁻¹ M L⁻ᵀ: the descriptors' second moment about m, seen in the whitened space.
        var moment = try all.secondMoment(about: mean).values
        solve(factor, &moment, side: CAIRN_BLAS_LEFT, transposed: false, rows: width, columns: width)
        solve(factor, &moment, side: CAIRN_BLAS_RIGHT, transposed: true, rows: width, columns: width)
        let eigen = try SymmetricMatrix(values: moment, order: width).eigendecomposition()
        var rows = Array(eigen.vectors[..<(height * width)])
        solve(factor, &rows, side: CAIRN_BLAS_RIGHT, transposed: false, rows: height, columns: width)
        for row in 0..<height { orient(&rows, row: row, width: width) }

        let origin = Whitening.Origin(
            method: .learned, modelDigest: modelDigest, descriptorCount: descriptors.count, pairCount: pairs.count,
            normalizesOutput: normalizesOutput, note: note)
        let projection = try DescriptorMatrix(values: rows.map { Float($0) }, dimensions: width)
        return try Whitening(mean: mean.map { Float($0) }, projection: projection, origin: origin)
    }

    /// The mean of the pairs' queries, and the second moment of their differences (which have no mean of their own: which
    /// of the two images comes first is chance).
    private func pairStatistics(
        _ descriptors: DescriptorMatrix, pairs: [Pair]
    ) throws(AlgebraError) -> (mean: [Double], spread: SymmetricMatrix) {
        let width = descriptors.dimensions
        var queries = try CovarianceAccumulator(dimensions: width)
        var differences = queries
        descriptors.values.withUnsafeBufferPointer { values in
            queries.add(count: pairs.count) { index, target in
                let start = pairs[index].query * width
                for column in 0..<width { target[column] = Double(values[start + column]) }
            }
            differences.add(count: pairs.count) { index, target in
                let (first, second) = (pairs[index].query * width, pairs[index].positive * width)
                for column in 0..<width {
                    target[column] = Double(values[first + column]) - Double(values[second + column])
                }
            }
        }
        let zero = [Double](repeating: 0, count: width)
        return (try queries.mean(), try differences.secondMoment(about: zero))
    }

    private func requirePairs(_ pairs: [Pair], among count: Int) throws(AlgebraError) {
        guard !pairs.isEmpty else {
            throw AlgebraError(.invalidArgument, "there are no matching pairs to learn a whitening from")
        }
        for (index, pair) in pairs.enumerated() {
            let rows = 0..<count
            guard rows.contains(pair.query), rows.contains(pair.positive), pair.query != pair.positive else {
                throw AlgebraError(
                    .invalidArgument,
                    "pair \(index) names rows \(pair.query) and \(pair.positive); they must be two different rows of "
                        + "the \(count) descriptors")
            }
        }
    }

    /// Replaces `B` by `op(L)⁻¹ B` (left) or `B op(L)⁻¹` (right); `L` is lower triangular, all row-major.
    private func solve(
        _ factor: [Double], _ target: inout [Double], side: Int, transposed: Bool, rows: Int, columns: Int
    ) {
        let order = side == CAIRN_BLAS_LEFT ? rows : columns
        cblas_dtrsm(
            Int32(CAIRN_BLAS_ROW_MAJOR), Int32(side), Int32(CAIRN_BLAS_LOWER),
            Int32(transposed ? CAIRN_BLAS_TRANSPOSE : CAIRN_BLAS_NO_TRANSPOSE), Int32(CAIRN_BLAS_NON_UNIT),
            Int32(rows), Int32(columns), 1, factor, Int32(order), &target, Int32(columns))
    }
}

extension LearnedWhitening {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case outputDimensions, shrinkage, rankTolerance, normalizesOutput
    }

    /// Reads settings; what is left out has its default, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a learned whitening")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = LearnedWhitening()
        self.init(
            outputDimensions: try values.decodeIfPresent(Int.self, forKey: .outputDimensions),
            shrinkage: try values.decodeIfPresent(Double.self, forKey: .shrinkage) ?? defaults.shrinkage,
            rankTolerance: try values.decodeIfPresent(Double.self, forKey: .rankTolerance) ?? defaults.rankTolerance,
            normalizesOutput: try values.decodeIfPresent(Bool.self, forKey: .normalizesOutput)
                ?? defaults.normalizesOutput)
    }
}
