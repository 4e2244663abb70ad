/// Aggregates an image's local descriptors over the words of a codebook: VLAD, ASMK and ASMK*, of the whole image or region
/// by region.
///
/// - VLAD (Jégou, Douze, Schmid, Pérez: “Aggregating local descriptors into a compact image representation”, CVPR 2010): for
///   each word `c` the sum of the residuals `x - c` of the descriptors `x` at it.
/// - ASMK and ASMK* (Tolias, Avrithis, Jégou, ICCV 2013): of each sum only its direction, or its signs.
/// - Regional (Teichmann, Araujo, Zhu, Sim: “Detect-to-Retrieve: Efficient Regional Aggregation for Image Search”, CVPR 2019,
///   section 4): the normalised VLADs of an image's regions are added up, then divided by the number of regions or normalised
///   (R-VLAD), or kept word by word as for ASMK (R-ASMK, R-ASMK*).
///
/// Details that papers leave open are those of the DELF library, which belongs to the last of these: ties between words go to
/// the lower one, lengths are at least 10⁻⁶ where they divide, and words whose sum is not longer than that are left out.
///
/// Deviations from the library: residuals are summed in double precision and rounded once; regions that do not have all
/// descriptors are an error even where there are no regions.
///
/// `AggregatedMatchKernel` makes the codes of the inverted file, also ASMK*, and also with the signs of summed residuals. It
/// differs in what goes in and out: descriptors and words of bytes, all sums in integers; a word is kept even where its
/// residuals cancel each other out; a code's bits begin at the low end of each byte; and scores weigh words by their inverse
/// document frequency, which `AggregationSimilarity` does not.
public struct FeatureAggregation: Sendable {
    /// What is kept, and of how many words.
    public let configuration: FeatureAggregationConfiguration

    /// The words: `[wordCount, dimensions]`, row-major.
    public let codebook: [Float]

    /// The length of a word and of a descriptor.
    public let dimensions: Int

    /// How many words there are.
    public var wordCount: Int { codebook.count / dimensions }

    /// Takes a codebook, `[words, dimensions]`, row-major.
    ///
    /// - Throws: `IndexError` (`invalidArgument`) when the numbers make no whole words or are not finite, or when
    ///   descriptors are to go to none or more of the words than there are.
    public init(
        codebook: [Float], dimensions: Int, configuration: FeatureAggregationConfiguration = .vlad
    ) throws(IndexError) {
        guard dimensions >= 1, !codebook.isEmpty, codebook.count.isMultiple(of: dimensions),
            codebook.count / dimensions <= Int(UInt32.max), codebook.allSatisfy(\.isFinite)
        else {
            throw IndexError(
                .invalidArgument,
                "\(codebook.count) numbers are no codebook of \(dimensions)-dimensional words; give whole words of finite numbers"
            )
        }
        guard (1...codebook.count / dimensions).contains(configuration.assignments) else {
            throw IndexError(
                .invalidArgument,
                "a descriptor cannot go to \(configuration.assignments) of \(codebook.count / dimensions) words")
        }
        self.configuration = configuration
        self.codebook = codebook
        self.dimensions = dimensions
    }

    /// Aggregates the descriptors of one image.
    ///
    /// O(descriptors · codebook) for the nearest words, by far the largest part. An image without descriptors, or with
    /// empty regions only, gives zeros or no words.
    ///
    /// - Parameters:
    ///   - descriptors: `[descriptors, dimensions]`, row-major, those of a region one behind the other.
    ///   - descriptorsPerRegion: How many descriptors each region has, some perhaps none. One region that has them all is
    ///     not the same as nil, which aggregates without regions: regions are normalised before they are added.
    ///   - threads: How many threads share the search for words. Results do not depend on it.
    /// - Throws: `IndexError` for descriptors that are not whole or not finite, or regions that do not have all of them.
    public func aggregate(
        _ descriptors: [Float], descriptorsPerRegion: [Int]? = nil, threads: Int = 1
    ) throws(IndexError) -> AggregatedFeatures {
        try check(descriptors, descriptorsPerRegion)
        let nearest = nearestWords(of: descriptors, threads: threads)
        func residuals(of range: Range<Int>) -> WordResiduals {
            let places = range.lowerBound * configuration.assignments..<range.upperBound * configuration.assignments
            return WordResiduals(
                of: descriptors[range.lowerBound * dimensions..<range.upperBound * dimensions], at: nearest[places],
                codebook: codebook, dimensions: dimensions)
        }
        let isNormalized = configuration.method == .vlad && configuration.normalizes
        guard let descriptorsPerRegion else {
            var whole = residuals(of: 0..<descriptors.count / dimensions)
            if isNormalized { whole.normalize() }
            return kept(of: whole)
        }
        var sum = WordResiduals(dimensions: dimensions)
        var first = 0
        for count in descriptorsPerRegion {
            var region = residuals(of: first..<first + count)
            region.normalize()
            sum.add(region)
            first += count
        }
        if isNormalized { sum.normalize() } else { sum.scale(by: 1 / Double(max(1, descriptorsPerRegion.count))) }
        return kept(of: sum)
    }

    private func check(_ descriptors: [Float], _ descriptorsPerRegion: [Int]?) throws(IndexError) {
        guard descriptors.count.isMultiple(of: dimensions) else {
            throw IndexError(
                .invalidArgument,
                "\(descriptors.count) numbers are no whole descriptors of \(dimensions), as long as the codebook's words"
            )
        }
        if let bad = descriptors.firstIndex(where: { !$0.isFinite }) {
            throw IndexError(
                .invalidInput,
                "descriptor \(bad / dimensions) holds \(descriptors[bad]) at dimension \(bad % dimensions); extract it again"
            )
        }
        guard let counts = descriptorsPerRegion else { return }
        let count = descriptors.count / dimensions
        // What is left over, and not a sum, which could overflow.
        let rest = counts.reduce(into: count) { rest, own in rest = own < 0 || own > rest ? -1 : rest - own }
        guard rest == 0 else {
            throw IndexError(
                .invalidArgument,
                "regions of \(counts.map(String.init).joined(separator: " + ")) descriptors do not add up to the image's \(count)"
            )
        }
    }

    /// What the method keeps.
    private func kept(of residuals: WordResiduals) -> AggregatedFeatures {
        switch configuration.method {
        case .vlad:
            var vector = [Float](repeating: 0, count: codebook.count)
            for (place, word) in residuals.words.enumerated() {
                for (column, sum) in residuals.sum(at: place).enumerated() {
                    vector[Int(word) * dimensions + column] = Float(sum)
                }
            }
            return .vector(vector)
        case .aggregatedMatchKernel:
            let kept = residuals.significantPlaces
            return .residuals(
                kept.flatMap { place in
                    let length = residuals.length(at: place)
                    return residuals.sum(at: place).lazy.map { Float($0 / length) }
                }, words: kept.map { residuals.words[$0] })
        case .binaryAggregatedMatchKernel:
            let kept = residuals.significantPlaces
            return .codes(
                kept.flatMap { Self.code(of: residuals.sum(at: $0)) }, words: kept.map { residuals.words[$0] })
        }
    }

    private static func code(of sum: ArraySlice<Double>) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: (sum.count + 7) / 8)
        for (column, value) in sum.enumerated() where value > 0 { code[column / 8] |= 0x80 >> UInt8(column % 8) }
        return code
    }
}
