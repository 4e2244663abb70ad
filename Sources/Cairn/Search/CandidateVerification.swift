import CairnCore
import CairnFeatures

/// Verifies one query against many images of a snapshot, on several threads.
struct CandidateVerification: Sendable {
    let snapshot: CollectionSnapshot
    let verifier: PairVerifier
    let threads: Int

    /// Outcomes in the order of `ids`; images that were deleted meanwhile are left out.
    func verify(
        _ query: PairVerifier.Query, against ids: [ImageID], threads: Int? = nil
    ) async throws -> [(ImageID, PairVerifier.Outcome)] {
        guard !ids.isEmpty else { return [] }
        let images = try snapshot.images(ids)
        let parts = min(threads ?? self.threads, ids.count)
        return try await withThrowingTaskGroup(of: [(Int, PairVerifier.Outcome)].self) { group in
            for part in 0..<parts {
                group.addTask {
                    var workspace = MatchWorkspace()
                    var outcomes: [(Int, PairVerifier.Outcome)] = []
                    // Interleaved, because images high on the list take longer.
                    for position in stride(from: part, to: ids.count, by: parts) {
                        try Task.checkCancellation()
                        guard let image = images[ids[position]], let record = try snapshot.record(of: image) else {
                            continue
                        }
                        let outcome = try record.withUnsafeBytes { bytes in
                            try verifier.verify(query, with: LocalFeaturesView(record: bytes), workspace: &workspace)
                        }
                        if let outcome { outcomes.append((position, outcome)) }
                    }
                    return outcomes
                }
            }
            var outcomes: [(Int, PairVerifier.Outcome)] = []
            for try await part in group { outcomes += part }
            return outcomes.sorted { $0.0 < $1.0 }.map { (ids[$0.0], $0.1) }
        }
    }
}
