import CairnAlgebra
import CairnRecipes
import CairnTrainingData

/// An epoch's tuples: each query with a match and the photos of other classes that the present model takes for it.
///
/// Radenović, Tolias and Chum 2018, section 4.3: of the pool those nearest to the query, none of its class and no two of one class.
/// The match is one by chance, or the farthest of the class.
public struct MinedTuples: Sendable {
    /// The tuples, in the order of the draw's queries. Photos are numbers of the photo set.
    public let tuples: [TrainingTuple]
    /// The mean cosine of queries with their matches: it rises as the model learns.
    public let meanPositiveSimilarity: Double
    /// The mean cosine of queries with their hard photos: it falls as the model learns.
    public let meanNegativeSimilarity: Double
    /// Queries left out: they, their match or all other classes have no descriptor.
    public let leftOut: Int

    /// Finds an epoch's tuples. A function of its arguments alone, whatever the number of threads.
    ///
    /// - Complexity: `2 · queries · pool · D` operations, more for queries whose own class fills their neighbourhood.
    /// - Parameters:
    ///   - draw: The photos.
    ///   - descriptors: Those of `draw.photos`, row by row, of length 1; a row of zeros is a photo that could not be described,
    ///     and is in no tuple.
    ///   - labels: The class of each photo of the set.
    ///   - negatives: Hard photos of each query; fewer where the pool has not as many classes.
    /// - Throws: `TrainingError` when rows are not those of the draw, and when no tuple is found.
    public init(_ draw: MiningDraw, descriptors: DescriptorMatrix, labels: [Int], negatives: Int) throws {
        guard descriptors.count == draw.photos.count else {
            throw TrainingError(
                .invalidArgument, "\(draw.photos.count) photos were drawn, but \(descriptors.count) are described")
        }
        var miner = TupleMiner(draw, descriptors, labels)
        try miner.findNegatives(negatives)
        tuples = miner.tuples()
        leftOut = draw.queries.count - tuples.count
        guard !tuples.isEmpty else {
            throw TrainingError(
                .invalidInput,
                "none of \(draw.queries.count) queries has a match and a hard photo of another class that could be read"
            )
        }
        meanPositiveSimilarity = Self.mean(tuples.map { miner.similarity($0.query, $0.positive) })
        meanNegativeSimilarity = Self.mean(
            tuples.flatMap { tuple in tuple.negatives.map { miner.similarity(tuple.query, $0) } })
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
}
