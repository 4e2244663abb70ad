import CairnCore
import Glibc

/// Makes one descriptor of those of one image at several scales (1/√2, 1 and √2, say), and brings it to unit length.
///
/// Descriptors enter as they are: bring them to unit length first if every scale is to count the same.
public struct ScaleAggregation: Sendable, Codable, Hashable {
    /// How the values of one dimension at all scales become one.
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// Their mean.
        case average
        /// Their sum; at unit length the same direction as the mean.
        case sum
        /// Their generalised mean, `(mean of xᵖ)^(1/p)` (GeM: Radenović, Tolias and Chum 2018, equation 3, over scales).
        case generalizedMean
    }

    /// The method.
    public var method: Method

    /// `p` of the generalised mean, above 0: 1 is the mean, and the larger it is the closer to the maximum.
    public var exponent: Double

    /// The settings, with their defaults.
    public init(method: Method = .average, exponent: Double = 3) {
        self.method = method
        self.exponent = exponent
    }

    /// The mean over scales.
    public static let average = ScaleAggregation()

    /// The generalised mean over scales, `p = 3`; for descriptors without negative values.
    public static let generalizedMean = ScaleAggregation(method: .generalizedMean)

    /// Aggregates the descriptors of one image, one for each scale.
    ///
    /// - Throws: `AlgebraError` for no scale, lengths that differ, numbers that are not finite, a negative value in a
    ///   generalised mean (its power does not exist), or a result of zeros.
    public func aggregate(_ scales: [[Float]]) throws(AlgebraError) -> [Float] {
        var matrices: [DescriptorMatrix] = []
        for scale in scales { matrices.append(try DescriptorMatrix(values: scale, dimensions: scale.count)) }
        return try aggregate(matrices).values
    }

    /// Aggregates the descriptors of many images: one matrix for each scale, the same image in the same row of all.
    ///
    /// - Throws: `AlgebraError`: as for one image, naming the row; and when matrices differ in their number of rows.
    public func aggregate(_ scales: [DescriptorMatrix]) throws(AlgebraError) -> DescriptorMatrix {
        guard exponent > 0, exponent.isFinite else {
            throw AlgebraError(.invalidArgument, "the exponent of a generalised mean must be above 0, not \(exponent)")
        }
        guard let first = scales.first else {
            throw AlgebraError(.invalidArgument, "there is no scale to aggregate; give at least one")
        }
        for (index, scale) in scales.enumerated() {
            guard scale.dimensions == first.dimensions, scale.count == first.count else {
                throw AlgebraError(
                    .invalidArgument,
                    "scale \(index) has \(scale.count) descriptors of \(scale.dimensions) dimensions, the first "
                        + "\(first.count) of \(first.dimensions)")
            }
            try scale.requireFinite("scale \(index)")
            if method == .generalizedMean, let place = scale.values.firstIndex(where: { $0 < 0 }) {
                throw AlgebraError(
                    .invalidInput,
                    "row \(place / scale.dimensions) of scale \(index) holds a negative value, of which there is no "
                        + "generalised mean; average the scales instead")
            }
        }
        var result = first
        let (power, divisor) = (exponent, Double(scales.count))
        for index in result.values.indices {
            result.values[index] =
                switch method {
                case .average: Float(scales.reduce(0) { $0 + Double($1.values[index]) } / divisor)
                case .sum: Float(scales.reduce(0) { $0 + Double($1.values[index]) })
                case .generalizedMean:
                    Float(pow(scales.reduce(0) { $0 + pow(Double($1.values[index]), power) } / divisor, 1 / power))
                }
        }
        return try result.normalized()
    }
}

extension ScaleAggregation {
    private enum CodingKeys: String, CodingKey, CaseIterable { case method, exponent }

    /// Reads settings; what is left out has its default, an unknown key is refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "a scale aggregation")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let defaults = ScaleAggregation()
        self.init(
            method: try values.decodeIfPresent(Method.self, forKey: .method) ?? defaults.method,
            exponent: try values.decodeIfPresent(Double.self, forKey: .exponent) ?? defaults.exponent)
    }
}
