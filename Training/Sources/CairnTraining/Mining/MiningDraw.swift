import CairnRecipes
import CairnTrainingData

/// The photos that an epoch's tuples are looked for among, drawn before any is described.
///
/// Radenović, Tolias and Chum 2018, *Fine-tuning CNN Image Retrieval with No Human Annotation*, section 4.3: an epoch takes some of the queries
/// that have a match, and a random pool in which hard photos are looked for.
public struct MiningDraw: Sendable, Hashable {
    /// Photos that are queries, all different, each of a class with two photos at least.
    public let queries: [Int]
    /// Photos that may be the match of each query: one drawn by chance, or all others of its class where the hardest is wanted.
    public let positives: [[Int]]
    /// Photos among which hard ones of other classes are looked for, all different, in ascending order.
    public let pool: [Int]
    /// The photos whose descriptors mining needs, each once, in ascending order.
    public let photos: [Int]

    /// Draws an epoch's photos. A function of its arguments alone.
    ///
    /// - Parameters:
    ///   - labels: The class of each photo.
    ///   - settings: How many. Where there are fewer photos than that, all are taken.
    ///   - seed: The run's seed.
    ///   - epoch: The epoch that mines, from 1.
    /// - Throws: `TrainingError` where no class has two photos, or all photos are of one class.
    public init(labels: [Int], settings: TupleMining, seed: UInt64, epoch: Int) throws {
        var members: [Int: [Int]] = [:]
        for (photo, label) in labels.enumerated() { members[label, default: []].append(photo) }
        guard members.count > 1 else {
            throw TrainingError(
                .invalidInput,
                "photos of \(members.count) classes have no hard ones of others; mining needs two classes")
        }
        let matched = labels.indices.filter { (members[labels[$0]]?.count ?? 0) > 1 }
        guard !matched.isEmpty else {
            throw TrainingError(
                .invalidInput, "no class has two photos, so that no photo has a match; mining needs such")
        }
        var random = TrainingRandom(seed: seed, .mining, epoch)
        queries = Self.draw(settings.queries, of: matched, &random)
        pool = Self.draw(settings.pool, of: Array(labels.indices), &random).sorted()
        positives = queries.map { query in
            let others = (members[labels[query]] ?? []).filter { $0 != query }
            return settings.positives == .hardest ? others : [others[random.below(others.count)]]
        }
        // Of one drawn by chance no descriptor is needed, but whether it can be read at all.
        photos = Set(queries).union(pool).union(positives.joined()).sorted()
    }

    /// The first `count` of a shuffle.
    private static func draw(_ count: Int, of all: [Int], _ random: inout TrainingRandom) -> [Int] {
        var all = all
        let count = min(count, all.count)
        for place in 0..<count { all.swapAt(place, place + random.below(all.count - place)) }
        return Array(all.prefix(count))
    }
}
