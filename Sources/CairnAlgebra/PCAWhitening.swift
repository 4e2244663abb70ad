import CairnCore
import Glibc

/// Learns a whitening from the principal components of descriptors, without labels (Jégou and Chum, "Negative evidences
/// and co-occurences in image retrieval: the benefit of PCA and whitening", ECCV 2012).
///
/// `y = diag(λ)^-power Vᵀ (x - mean)`: `V` holds the eigenvectors of the covariance (divided by the number of descriptors),
/// largest eigenvalue first. Outputs are brought to unit length unless `normalizesOutput` is off.
public struct PCAWhitening: Sendable, Codable, Equatable {
    /// How many components to keep; nil keeps as many as the descriptors have.
    public var outputDimensions: Int?

    /// The power of a variance that a component is divided by, `0 ... 1`: 0.5 whitens, 0 only rotates, between them the
    /// weak components are amplified less.
    public var power: Double

    /// How far eigenvalues are moved towards their mean, `0 ... 1`, before the power is taken: see
    /// `SymmetricMatrix.shrunk(by:)`. Some of it (0.01) makes learning possible from fewer descriptors than dimensions.
    public var shrinkage: Double

    /// Directions whose variance is not above this part of the largest carry nothing but rounding: they are not counted.
    public var rankTolerance: Double

    /// Whether outputs are brought to unit length.
    public var normalizesOutput: Bool

    /// The settings, with their defaults.
    public init(
        outputDimensions: Int? = nil, power: Double = 0.5, shrinkage: Double = 0, rankTolerance: Double = 1e-10,
        normalizesOutput: Bool = true
    ) {
        self.outputDimensions = outputDimensions
        self.power = power
        self.shrinkage = shrinkage
        self.rankTolerance = rankTolerance
        self.normalizesOutput = normalizesOutput
    }

    /// Full whitening, as published.
    public static let whitening = PCAWhitening()

    /// Principal components alone, to reduce dimensions and keep inner products as well as can be.
    public static let rotation = PCAWhitening(power: 0)

    /// Learns from descriptors, one a row.
    ///
    /// - Throws: `AlgebraError`: see `learn(from:modelDigest:note:)` for an accumulator.
    public func learn(
        from descriptors: DescriptorMatrix, modelDigest: String, note: String = ""
    ) throws(AlgebraError) -> Whitening {
        var statistics = try CovarianceAccumulator(dimensions: descriptors.dimensions)
        try statistics.add(descriptors)
        return try learn(from: statistics, modelDigest: modelDigest, note: note)
    }

    /// Learns from the statistics of descriptors that came in blocks. Cubic in the dimensions.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) for settings out of range, and when the descriptors vary in fewer
    ///   directions than are asked for and there is no shrinkage: the message says in how many.
    public func learn(
        from statistics: CovarianceAccumulator, modelDigest: String, note: String = ""
    ) throws(AlgebraError) -> Whitening {
        let width = statistics.dimensions
        let height = outputDimensions ?? width
        try validate(inputDimensions: width)
        let mean = try statistics.mean()
        let eigen = try statistics.covariance().shrunk(by: shrinkage).eigendecomposition()
        let largest = max(0, eigen.values[0])
        let rank = eigen.values.prefix { $0 > rankTolerance * largest }.count
        guard rank >= height else {
            throw AlgebraError(
                .invalidArgument,
                "\(statistics.count) descriptors vary in \(rank) directions, too few for \(height) dimensions; "
                    + "give more descriptors, ask for fewer dimensions, or set a shrinkage")
        }
        var projection = DescriptorMatrix(zeros: height, dimensions: width)
        for row in 0..<height {
            let scale = pow(eigen.values[row], -power)
            for column in 0..<width {
                projection.values[row * width + column] = Float(eigen.vectors[row * width + column] * scale)
            }
        }
        let origin = Whitening.Origin(
            method: .pca, modelDigest: modelDigest, descriptorCount: statistics.count,
            normalizesOutput: normalizesOutput, note: note)
        return try Whitening(mean: mean.map { Float($0) }, projection: projection, origin: origin)
    }

    private func validate(inputDimensions: Int) throws(AlgebraError) {
        try requireOutputDimensions(outputDimensions, inputDimensions: inputDimensions)
        try requireFraction(power, "the power of a whitening")
        try requireFraction(shrinkage, "the shrinkage of a whitening")
        try requireFraction(rankTolerance, "the rank tolerance of a whitening")
    }
}

/// Checks a setting that asks for some of the dimensions there are.
func requireOutputDimensions(_ output: Int?, inputDimensions: Int) throws(AlgebraError) {
    guard let output, !(1...inputDimensions).contains(output) else { return }
    throw AlgebraError(
        .invalidArgument, "descriptors of \(inputDimensions) dimensions cannot be whitened to \(output)")
}

/// Checks a setting that is a fraction.
func requireFraction(_ value: Double, _ name: String) throws(AlgebraError) {
    guard (0...1).contains(value) else {
        throw AlgebraError(.invalidArgument, "\(name) must be between 0 and 1, not \(value)")
    }
}

extension PCAWhitening {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case outputDimensions, power, shrinkage, rankTolerance, normalizesOutput
    }

    /// Reads settings; what is left out has its default, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a PCA whitening")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = PCAWhitening()
        self.init(
            outputDimensions: try values.decodeIfPresent(Int.self, forKey: .outputDimensions),
            power: try values.decodeIfPresent(Double.self, forKey: .power) ?? defaults.power,
            shrinkage: try values.decodeIfPresent(Double.self, forKey: .shrinkage) ?? defaults.shrinkage,
            rankTolerance: try values.decodeIfPresent(Double.self, forKey: .rankTolerance) ?? defaults.rankTolerance,
            normalizesOutput: try values.decodeIfPresent(Bool.self, forKey: .normalizesOutput)
                ?? defaults.normalizesOutput)
    }
}
