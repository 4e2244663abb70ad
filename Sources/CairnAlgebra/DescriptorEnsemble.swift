import CairnCore

/// Makes one descriptor of those of one image by several models: each at unit length, times its weight, one behind the
/// other, and the whole at unit length.
///
/// The inner product of two such descriptors is the mean of the models' cosines, weighted by the squares of the weights.
/// A `PCAWhitening` afterwards brings the length down.
public struct DescriptorEnsemble: Sendable, Codable, Equatable {
    /// One weight for each model, in the order in which their descriptors come, none negative; nil weighs all the same.
    public var weights: [Double]?

    /// The settings, with their defaults.
    public init(weights: [Double]? = nil) { self.weights = weights }

    /// All models count the same.
    public static let unweighted = DescriptorEnsemble()

    /// Combines the descriptors of one image, one for each model; their lengths may differ.
    ///
    /// - Throws: `AlgebraError` for no model, weights that do not fit, or a descriptor without a direction.
    public func combine(_ parts: [[Float]]) throws(AlgebraError) -> [Float] {
        var matrices: [DescriptorMatrix] = []
        for part in parts { matrices.append(try DescriptorMatrix(values: part, dimensions: part.count)) }
        return try combine(matrices).values
    }

    /// Combines the descriptors of many images: one matrix for each model, the same image in the same row of all.
    ///
    /// - Returns: `[count, sum of dimensions]`.
    /// - Throws: `AlgebraError`: as for one image, naming the row; and when matrices differ in their number of rows.
    public func combine(_ parts: [DescriptorMatrix]) throws(AlgebraError) -> DescriptorMatrix {
        guard let first = parts.first else {
            throw AlgebraError(.invalidArgument, "there is no descriptor to combine; give at least one model's")
        }
        let weights = weights ?? Array(repeating: 1, count: parts.count)
        guard weights.count == parts.count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }),
            weights.contains(where: { $0 > 0 })
        else {
            throw AlgebraError(
                .invalidArgument,
                "\(weights.count) weights for \(parts.count) models; give one each, not negative, not all 0")
        }
        let dimensions = parts.reduce(0) { $0 + $1.dimensions }
        guard dimensions <= DescriptorMatrix.maximumDimensions else {
            throw AlgebraError(
                .limitExceeded,
                "together the models have \(dimensions) dimensions, more than \(DescriptorMatrix.maximumDimensions)")
        }
        var result = DescriptorMatrix(zeros: first.count, dimensions: dimensions)
        var offset = 0
        for (index, part) in parts.enumerated() {
            guard part.count == first.count else {
                throw AlgebraError(
                    .invalidArgument, "model \(index) has \(part.count) descriptors, the first \(first.count)")
            }
            try part.requireFinite("model \(index)'s descriptors")
            var unit = part
            if let row = unit.normalizeRows().first {
                throw AlgebraError.noDirection("row \(row) of model \(index)'s descriptors")
            }
            for row in 0..<part.count {
                for column in 0..<part.dimensions {
                    result.values[row * dimensions + offset + column] =
                        Float(Double(unit.values[row * part.dimensions + column]) * weights[index])
                }
            }
            offset += part.dimensions
        }
        return try result.normalized()
    }
}

extension DescriptorEnsemble {
    private enum CodingKeys: String, CodingKey, CaseIterable { case weights }

    /// Reads settings; what is left out has its default, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a descriptor ensemble")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(weights: try values.decodeIfPresent([Double].self, forKey: .weights))
    }
}
