/// Summed residuals of descriptors, for the words that have any.
struct WordResiduals {
    let dimensions: Int
    /// Ascending.
    private(set) var words: [UInt32] = []
    /// `[words, dimensions]`.
    private var sums: [Double] = []

    /// Lengths are at least this where they divide.
    private static let leastLength = 1e-6

    /// Nothing.
    init(dimensions: Int) { self.dimensions = dimensions }

    /// Adds up the residuals of some descriptors at the words `nearest`, equally many for each descriptor.
    init(of descriptors: ArraySlice<Float>, at nearest: ArraySlice<UInt32>, codebook: [Float], dimensions: Int) {
        self.init(dimensions: dimensions)
        guard !descriptors.isEmpty else { return }
        let assignments = nearest.count / (descriptors.count / dimensions)
        // Sorting word-descriptor pairs groups a word's descriptors.
        let pairs = nearest.enumerated().map { UInt64($1) << 32 | UInt64($0 / assignments) }.sorted()
        for pair in pairs {
            let (word, descriptor) = (UInt32(pair >> 32), Int(pair & 0xFFFF_FFFF))
            if words.last != word {
                words.append(word)
                sums.append(contentsOf: repeatElement(0, count: dimensions))
            }
            let (target, center) = (sums.count - dimensions, Int(word) * dimensions)
            let source = descriptors.startIndex + descriptor * dimensions
            for column in 0..<dimensions {
                sums[target + column] += Double(descriptors[source + column]) - Double(codebook[center + column])
            }
        }
    }

    /// The sum at the word `words[place]`.
    func sum(at place: Int) -> ArraySlice<Double> { sums[place * dimensions..<(place + 1) * dimensions] }

    /// The length of the sum at the word `words[place]`.
    func length(at place: Int) -> Double { sum(at: place).reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// The places of words whose sums have a direction.
    var significantPlaces: [Int] { words.indices.filter { length(at: $0) > Self.leastLength } }

    /// Brings the vector of all sums to unit length.
    mutating func normalize() {
        let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
        scale(by: 1 / max(length, Self.leastLength))
    }

    /// Multiplies all sums.
    mutating func scale(by factor: Double) {
        for place in sums.indices { sums[place] *= factor }
    }

    /// Adds the sums of others, word by word.
    mutating func add(_ other: WordResiduals) {
        var merged = WordResiduals(dimensions: dimensions)
        merged.words.reserveCapacity(words.count + other.words.count)
        merged.sums.reserveCapacity(sums.count + other.sums.count)
        var (own, others) = (0, 0)
        while own < words.count || others < other.words.count {
            let hasOwn = own < words.count && (others == other.words.count || words[own] <= other.words[others])
            let hasOther = others < other.words.count && (own == words.count || other.words[others] <= words[own])
            merged.words.append(hasOwn ? words[own] : other.words[others])
            switch (hasOwn, hasOther) {
            case (true, true): merged.sums += zip(sum(at: own), other.sum(at: others)).map(+)
            case (true, false): merged.sums += sum(at: own)
            default: merged.sums += other.sum(at: others)
            }
            own += hasOwn ? 1 : 0
            others += hasOther ? 1 : 0
        }
        self = merged
    }
}
