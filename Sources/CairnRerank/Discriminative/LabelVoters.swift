import CairnAlgebra

/// Labelled descriptors that vote on what others show, each with its similarity.
struct LabelVoters: Sendable {
    /// What a descriptor shows.
    struct Vote {
        /// The label's number.
        var label: Int
        /// The similarities of that label among the nearest, summed and divided by how many vote.
        var confidence: Float
    }

    /// `[voters, dimensions]`, at least one.
    let descriptors: DescriptorMatrix
    /// Numbers from 0, one a voter.
    let labels: [Int]
    /// The nearest that vote.
    let k: Int

    /// The label of most votes for each sample, that of the nearest among equals. Where it is decided, only the confidence is
    /// voted.
    func votes(for samples: DescriptorMatrix, decided: [Int?], threads: Int) throws -> [Vote] {
        let nearest = try NearestRows.search(queries: samples, in: descriptors, k: k, threads: threads)
        return (0..<samples.count).map { sample in
            let (voters, scores) = nearest.neighbors(of: sample)
            var sums: [(label: Int, sum: Float)] = []
            for (voter, score) in zip(voters, scores) {
                let label = labels[Int(voter)]
                if let place = sums.firstIndex(where: { $0.label == label }) {
                    sums[place].sum += score
                } else {
                    sums.append((label, score))
                }
            }
            let winner: (label: Int, sum: Float)
            if let label = decided[sample] {
                winner = sums.first { $0.label == label } ?? (label, 0)
            } else {
                winner = sums.dropFirst().reduce(sums[0]) { $1.sum > $0.sum ? $1 : $0 }
            }
            return Vote(label: winner.label, confidence: winner.sum / Float(k))
        }
    }
}
