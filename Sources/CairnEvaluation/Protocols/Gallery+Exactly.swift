import Cairn
import CairnCore
import Foundation

extension Gallery {
    /// Makes the collection hold these photos and no others, as far as they are usable, so that nothing but a benchmark's gallery
    /// takes part in its searches. What is not changed is kept.
    ///
    /// - Parameters:
    ///   - photos: Absolute paths.
    ///   - droppingOthers: Whether photos go that are not listed; otherwise they are an error, and nothing is changed. Those that
    ///     are gone from the disk go in any case.
    ///   - options: How to go about it.
    ///   - progress: Called now and then, from any thread.
    /// - Returns: The run's report, its failures those of listed photos alone.
    public func index(
        exactly photos: [String], droppingOthers: Bool, options: IndexingOptions = .default,
        progress: (@Sendable (IndexingProgress) -> Void)? = nil
    ) async throws -> IndexingReport {
        let listed = Set(photos)
        let others = try paths().filter { !listed.contains($0) }
        let present = droppingOthers ? [] : others.filter { FileManager.default.fileExists(atPath: $0) }
        if let first = present.first {
            throw EvaluationError(
                .conflict,
                "the collection at \(collection.path) holds \(present.count) photos that are not the data set’s, such as \(first); name a collection of its own, or none"
            )
        }
        if !others.isEmpty { _ = try await collection.remove(others) }
        var options = options
        options.prune = true
        return try await index(Array(listed), options: options, progress: progress)
    }

    private func paths() throws -> [String] {
        var paths: [String] = []
        try collection.snapshot().forEachImage { paths += $0.paths }
        return paths.sorted()
    }
}
