import CairnCore

/// How images are coded into an inverted file and scored against a query.
public struct InvertedIndexConfiguration: Sendable, Codable, Hashable {
    /// What an image leaves under a word, and so how it is scored.
    public enum Scoring: String, Sendable, Codable, CaseIterable {
        /// One binary code for all of an image's descriptors under a word; a sum of similarities over words (ASMK*).
        case aggregatedMatchKernel
        /// Every descriptor as it is; each descriptor of a query votes for the image that has the nearest.
        case nearestDescriptorVoting
    }

    /// The scoring method. It decides what a file stores, so files of the two kinds do not mix.
    public var scoring: Scoring

    /// Words to which each descriptor of a query goes. Images in the index go to one, whatever this says.
    public var queryAssignments: Int

    /// Selectivity α: the power to which a similarity in (τ, 1] is raised. Only for aggregated match kernels.
    public var alpha: Float

    /// Threshold τ: similarities up to it count nothing. Only for aggregated match kernels.
    public var tau: Float

    /// The power of the inverse document frequency in a word's weight; 0 weighs all words alike. Only for aggregated
    /// match kernels.
    public var idfExponent: Float

    /// Sets what differs from `.asmk`.
    public init(
        scoring: Scoring = .aggregatedMatchKernel, queryAssignments: Int = 5, alpha: Float = 3, tau: Float = 0,
        idfExponent: Float = 1
    ) {
        self.scoring = scoring
        self.queryAssignments = queryAssignments
        self.alpha = alpha
        self.tau = tau
        self.idfExponent = idfExponent
    }

    /// Aggregated selective match kernel on binary codes: α = 3, τ = 0, five words for a descriptor of a query.
    public static let asmk = InvertedIndexConfiguration()

    /// Nearest-descriptor voting with 20 words probed; meant for a vocabulary of 512.
    public static let nearestDescriptorVoting = InvertedIndexConfiguration(
        scoring: .nearestDescriptorVoting, queryAssignments: 20)

    private enum CodingKeys: String, CodingKey, CaseIterable { case scoring, queryAssignments, alpha, tau, idfExponent }

    /// Reads a configuration; a missing key keeps its default, an unknown one is an error.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "the inverted index")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let scoring = try values.decodeIfPresent(Scoring.self, forKey: .scoring) ?? .aggregatedMatchKernel
        self = scoring == .aggregatedMatchKernel ? .asmk : .nearestDescriptorVoting
        queryAssignments = try values.decodeIfPresent(Int.self, forKey: .queryAssignments) ?? queryAssignments
        alpha = try values.decodeIfPresent(Float.self, forKey: .alpha) ?? alpha
        tau = try values.decodeIfPresent(Float.self, forKey: .tau) ?? tau
        idfExponent = try values.decodeIfPresent(Float.self, forKey: .idfExponent) ?? idfExponent
    }

    /// Throws unless every setting is in its range.
    public func validate() throws(IndexError) {
        guard (1...Vocabulary.maximumMultiplicity).contains(queryAssignments), alpha > 0, alpha.isFinite, tau >= 0,
            tau < 1, idfExponent >= 0, idfExponent.isFinite
        else {
            let assignments = "queryAssignments from 1 to \(Vocabulary.maximumMultiplicity)"
            let ranges = "\(assignments), alpha > 0, 0 ≤ tau < 1, idfExponent ≥ 0"
            throw IndexError(.invalidArgument, "the inverted index needs \(ranges), not \(self)")
        }
    }

    /// Bytes of the code that an image leaves under a word.
    public func codeBytes(for vocabulary: Vocabulary) -> Int {
        scoring == .aggregatedMatchKernel ? vocabulary.dimensions / 8 : vocabulary.dimensions
    }

    /// What an image with these descriptors leaves in an inverted file: the input of `InvertedFile.write`.
    ///
    /// - Parameters:
    ///   - descriptors: Descriptor after descriptor, each of `vocabulary.dimensions` bytes.
    ///   - vocabulary: The vocabulary of the file.
    ///   - threads: How many threads share the work.
    public func signature(
        of descriptors: UnsafeRawBufferPointer, vocabulary: Vocabulary, threads: Int = 1
    ) -> ImageSignature {
        switch scoring {
        case .aggregatedMatchKernel:
            AggregatedMatchKernel.signature(of: descriptors, vocabulary: vocabulary, threads: threads)
        case .nearestDescriptorVoting:
            NearestDescriptorVoting.signature(of: descriptors, vocabulary: vocabulary, threads: threads)
        }
    }
}
