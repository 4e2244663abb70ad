import CairnCore

/// An image that an inverted index found for a query.
public struct ScoredImage: Sendable, Hashable {
    /// The image.
    public var image: ImageID

    /// The kernel's score, about 1 for the query itself; or the number of votes.
    public var similarity: Similarity

    /// Words on which query and image agree (similarity above τ); or the number of votes.
    public var matches: Int

    /// Makes a result.
    public init(image: ImageID, similarity: Similarity, matches: Int) {
        self.image = image
        self.similarity = similarity
        self.matches = matches
    }

    /// Whether this result belongs before `other`: more similar, or as similar with a lower number.
    func precedes(_ other: ScoredImage) -> Bool {
        if similarity != other.similarity { return similarity > other.similarity }
        return image < other.image
    }
}

/// The best results of a longer run, in a heap with the worst of them on top.
struct BestImages {
    private let limit: Int
    private var heap: [ScoredImage] = []

    /// Keeps at most `limit` results.
    init(limit: Int) { self.limit = max(0, limit) }

    /// Similarity below which a result certainly is not kept.
    var threshold: Float { heap.count < limit ? -.infinity : heap.first?.similarity.rawValue ?? .infinity }

    /// Offers a result. Logarithmic in `limit`.
    mutating func insert(_ result: ScoredImage) {
        if heap.count < limit {
            heap.append(result)
            var place = heap.count - 1
            while place > 0, heap[(place - 1) / 2].precedes(heap[place]) {
                heap.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
        } else if let worst = heap.first, result.precedes(worst) {
            heap[0] = result
            var place = 0
            while true {
                var last = place
                for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[last].precedes(heap[child])
                {
                    last = child
                }
                if last == place { break }
                heap.swapAt(place, last)
                place = last
            }
        }
    }

    /// Adds what another run kept.
    mutating func merge(_ other: BestImages) { for result in other.heap { insert(result) } }

    /// What was kept, best first.
    var sorted: [ScoredImage] { heap.sorted { $0.precedes($1) } }
}
