import Glibc

/// Compares two aggregated images.
///
/// For VLAD the inner product. For the match kernels, over the words that both images have,
///
///     S(X, Y) = γ Σ_c σ(u_c),   σ(u) = sign(u) |u|^α if u > τ, else 0
///
/// with `u_c` the inner product of unit vectors (ASMK) or `1 - 2h/D`, `h` being the Hamming distance of codes of `D` bits
/// (ASMK*), and `γ = (|X| |Y|)^(-1/2)` of the numbers of words, or 1. Words weigh alike; `AggregatedMatchKernel`, the score of
/// the inverted file, weighs rare ones more.
///
/// The DELF library counts padding bits as equal ones when `D` is above 8 and no multiple of 8; here they do not count.
public struct AggregationSimilarity: Sendable {
    /// How the images were aggregated.
    public let configuration: FeatureAggregationConfiguration

    /// The length of a local descriptor.
    public let dimensions: Int

    /// For images that were aggregated by `configuration` from descriptors of that length.
    ///
    /// - Precondition: `dimensions` is at least 1.
    public init(_ configuration: FeatureAggregationConfiguration, dimensions: Int) {
        precondition(dimensions >= 1, "descriptors of \(dimensions) dimensions")
        self.configuration = configuration
        self.dimensions = dimensions
    }

    /// The similarity of two images: higher is better. Symmetric.
    ///
    /// Match kernels give -1 where an image has no words at all, and 0 where no word of both is similar enough.
    ///
    /// - Throws: `IndexError` (`invalidArgument`) for representations of another method or size, or words that do not ascend.
    public func score(_ first: AggregatedFeatures, _ second: AggregatedFeatures) throws(IndexError) -> Double {
        switch (configuration.method, first, second) {
        case (.vlad, .vector(let x), .vector(let y)):
            guard x.count == y.count else {
                throw IndexError(
                    .invalidArgument, "vectors of \(x.count) and \(y.count) numbers do not come from one codebook")
            }
            return Self.innerProduct(x[...], y[...])
        case (.aggregatedMatchKernel, .residuals(let x, let xWords), .residuals(let y, let yWords)):
            return try sum(xWords, x.count, yWords, y.count, width: dimensions) {
                Self.innerProduct(x[$0], y[$1])
            }
        case (.binaryAggregatedMatchKernel, .codes(let x, let xWords), .codes(let y, let yWords)):
            let bits = Double(dimensions)
            return try sum(xWords, x.count, yWords, y.count, width: (dimensions + 7) / 8) { own, other in
                let differing = zip(x[own], y[other]).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
                return 1 - 2 * Double(differing) / bits
            }
        default:
            throw IndexError(
                .invalidArgument,
                "these images were not both aggregated as \(configuration.method.rawValue); aggregate them again")
        }
    }

    /// Sums the selected similarities of common words. `similarity` gets where in both arrays a word's values are.
    private func sum(
        _ first: [UInt32], _ firstCount: Int, _ second: [UInt32], _ secondCount: Int, width: Int,
        similarity: (Range<Int>, Range<Int>) -> Double
    ) throws(IndexError) -> Double {
        for (words, count) in [(first, firstCount), (second, secondCount)] {
            guard count == words.count * width, zip(words, words.dropFirst()).allSatisfy(<) else {
                throw IndexError(
                    .invalidArgument,
                    "\(count) values do not belong to \(words.count) ascending words of \(width) each; aggregate again")
            }
        }
        guard !first.isEmpty, !second.isEmpty else { return -1 }
        var (sum, own, other) = (0.0, 0, 0)
        while own < first.count, other < second.count {
            if first[own] == second[other] {
                sum += selected(similarity(own * width..<(own + 1) * width, other * width..<(other + 1) * width))
                own += 1
                other += 1
            } else if first[own] < second[other] {
                own += 1
            } else {
                other += 1
            }
        }
        return configuration.normalizes ? sum / (Double(first.count) * Double(second.count)).squareRoot() : sum
    }

    /// σ.
    private func selected(_ similarity: Double) -> Double {
        guard similarity > Double(configuration.tau) else { return 0 }
        let magnitude = pow(abs(similarity), Double(configuration.alpha))
        return similarity < 0 ? -magnitude : magnitude
    }

    private static func innerProduct(_ x: ArraySlice<Float>, _ y: ArraySlice<Float>) -> Double {
        zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
