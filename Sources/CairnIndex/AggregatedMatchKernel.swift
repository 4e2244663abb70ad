import Glibc

/// The binarised aggregated selective match kernel, ASMK*.
///
/// Tolias, Avrithis, Jégou: “To aggregate or not to aggregate: selective match kernels for image search”, ICCV 2013
/// (extended in IJCV 2016). An image is the set of its words, each with the signs of the sum of the residuals
/// `x - c` of its descriptors `x` at the word `c`. Two images compare word by word:
///
///     S(Q, X) = γ(Q) γ(X) Σ_c w_c σ(1 - 2h/D),   σ(u) = u^α if u > τ, else 0
///
/// with `h` the Hamming distance of the two codes of `D` bits and `c` running over the words that both have.
///
/// Deviations:
/// - `w_c = ln((N + 1) / (n_c + 1/2))^p`, N live images of which n_c have the word. The half keeps the weight
///   positive when all images have the word, so that a collection of one image can be searched; it vanishes as N grows.
/// - `γ(X) = |X|^(-1/2)`, |X| the number of words, instead of `(Σ w_c)^(-1/2)`: a constant of the image, so no file has
///   to be rewritten, or read through, because other images came or went. On real photos the rankings are as good.
/// - `γ(Q) = |Q|^(1/2) / Σ_{c ∈ Q} w_c`, constant for a query, so the ranking does not depend on it. It makes
///   S(Q, Q) = 1 with single assignment, whatever the weights.
public struct AggregatedMatchKernel: Sendable, Hashable {
    /// Selectivity α.
    public let alpha: Float

    /// Threshold τ.
    public let tau: Float

    /// The power `p` of the inverse document frequency in a word's weight.
    public let idfExponent: Float

    /// Takes the kernel's parameters from a configuration.
    public init(_ configuration: InvertedIndexConfiguration) {
        alpha = configuration.alpha
        tau = configuration.tau
        idfExponent = configuration.idfExponent
    }

    /// σ(1 - 2h/D) for every Hamming distance `h` in `0...bits`.
    public func selectivity(bits: Int) -> [Float] {
        (0...bits).map { differing in
            let similarity = 1 - 2 * Double(differing) / Double(bits)
            return similarity > Double(tau) ? Float(pow(similarity, Double(alpha))) : 0
        }
    }

    /// The weight `w_c` of a word that `documentFrequency` of `imageCount` images have. Positive.
    public func weight(documentFrequency: Int, imageCount: Int) -> Float {
        let idf = log((Double(imageCount) + 1) / (Double(min(documentFrequency, imageCount)) + 0.5))
        return Float(pow(idf, Double(idfExponent)))
    }

    /// The words of an image, each with a code: bit `i % 8` of byte `i / 8` is set where component `i` of the summed
    /// residuals is positive.
    ///
    /// - Parameters:
    ///   - descriptors: Descriptor after descriptor, each of `vocabulary.dimensions` bytes.
    ///   - vocabulary: The words.
    ///   - assignments: Nearest words to which each descriptor goes: 1 for images, more for queries.
    ///   - threads: How many threads share the assignment.
    public static func signature(
        of descriptors: UnsafeRawBufferPointer, vocabulary: Vocabulary, assignments: Int = 1, threads: Int = 1
    ) -> ImageSignature {
        let dimensions = vocabulary.dimensions
        let multiplicity = min(assignments, vocabulary.count)
        let nearest = vocabulary.nearestWords(of: descriptors, multiplicity: multiplicity, threads: threads)
        // Sorting word-descriptor pairs groups a word's descriptors.
        let pairs = nearest.indices.map { UInt64(nearest[$0]) << 32 | UInt64($0 / multiplicity) }.sorted()
        var words: [UInt32] = []
        var codes: [UInt8] = []
        var sums = [Int32](repeating: 0, count: dimensions)
        var first = 0
        while first < pairs.count {
            let word = Int(pairs[first] >> 32)
            var next = first
            sums.withUnsafeMutableBufferPointer { sums in
                sums.update(repeating: 0)
                while next < pairs.count, Int(pairs[next] >> 32) == word {
                    let start = Int(pairs[next] & 0xFFFF_FFFF) * dimensions
                    let descriptor = UnsafeRawBufferPointer(rebasing: descriptors[start..<start + dimensions])
                    for i in 0..<dimensions { sums[i] &+= Int32(descriptor[i]) }
                    next += 1
                }
            }
            words.append(UInt32(word))
            appendCode(to: &codes, sums: sums, size: Int32(next - first), vocabulary: vocabulary, word: word)
            first = next
        }
        return ImageSignature(words: words, codes: codes, codeBytes: dimensions / 8)
    }

    /// Adds the signs of `sums - size * word`: a sum of residuals, without taking each residual.
    private static func appendCode(
        to codes: inout [UInt8], sums: [Int32], size: Int32, vocabulary: Vocabulary, word: Int
    ) {
        vocabulary.words.withUnsafeBufferPointer { words in
            sums.withUnsafeBufferPointer { sums in
                let center = UnsafeBufferPointer(rebasing: words[word * sums.count..<(word + 1) * sums.count])
                for byte in 0..<sums.count / 8 {
                    var bits: UInt8 = 0
                    for bit in 0..<8 {
                        let i = byte * 8 + bit
                        bits |= (sums[i] > size &* Int32(center[i]) ? 1 : 0) &<< UInt8(bit)
                    }
                    codes.append(bits)
                }
            }
        }
    }
}
