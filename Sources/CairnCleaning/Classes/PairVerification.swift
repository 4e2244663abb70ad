/// Compares the photos behind rows by their local features.
public protocol PairVerification: Sendable {
    /// The inliers of a geometric model between the photos of each pair, in the pairs' order; 0 where nothing agrees.
    func inliers(between pairs: [RowPair]) async throws -> [Int]
}

/// A function that compares photos.
public struct PairVerificationFunction: PairVerification {
    private let function: @Sendable ([RowPair]) async throws -> [Int]

    /// Wraps a function that gives each pair's inliers, in order.
    public init(_ function: @escaping @Sendable ([RowPair]) async throws -> [Int]) { self.function = function }

    /// Calls the function.
    public func inliers(between pairs: [RowPair]) async throws -> [Int] { try await function(pairs) }
}
