import CairnInference
import CairnModelLibrary
import Foundation

/// What a recipe runs on, and with what.
public struct RecipeRunConfiguration: Sendable {
    /// The photos: in the recipe's layout, or in any that `BenchmarkLayout.detect` knows.
    public var data: URL
    /// A new or empty folder, or that of an earlier run, which is then gone on with.
    public var output: URL
    /// Models of `library` by their roles: the recipe's names of its models, the names by which its re-ranking asks for networks that match,
    /// and `local` for a network of keypoints.
    public var models: [String: String] = [:]
    /// Where those models are.
    public var library = ModelLibrary.standard
    /// Makes networks with random weights: everything runs as it would, and figures mean nothing.
    public var isUntrained = false
    /// What random weights are drawn from.
    public var seed: UInt64 = 1
    /// The share of photos of no landmark that recognition may accept.
    public var falseAcceptRate = 0.01
    /// The share of the mean variance that is added to each direction of a whitening: for few photos, 0.01. `nil` adds it where there are
    /// fewer photos than twice the dimensions.
    public var shrinkage: Double?
    /// Threads; 0 stands for one a core.
    public var threads = 0
    /// Queries that the ranked sheet shows at most, taken at even distances.
    public var sheetQueries = 200
    /// Makes the runtime of networks, once, when one is needed.
    public var runtime: @Sendable () throws -> ModelRuntime

    /// Names photos and output.
    public init(
        data: URL, output: URL,
        runtime: @escaping @Sendable () throws -> ModelRuntime = { try ModelRuntime(goal: .throughput) }
    ) {
        self.data = data.standardizedFileURL
        self.output = output.standardizedFileURL
        self.runtime = runtime
    }
}
