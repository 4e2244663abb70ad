/// Draws minimal samples from a list that is ordered by quality, best first: early samples come from the front, and the
/// pool grows until it is the whole list (Chum and Matas, "Matching with PROSAC", CVPR 2005, section 2.1).
///
/// The growth function is the paper's exact one: after `horizon` draws the sampler is plain RANSAC.
struct ProsacSampler {
    /// Correspondences in a sample.
    let sampleSize: Int

    /// Correspondences in all.
    let count: Int

    /// Size `n` of the pool that the next sample comes from.
    private(set) var poolSize: Int

    /// Draws so far: the paper's `t`.
    private(set) var draws = 0

    /// The paper's `T_n`, the expected draws from a pool of `n` out of `horizon` draws from all.
    private var expected: Double

    /// The paper's `T'_n`, draws after which the pool grows.
    private var growsAfter = 1

    /// Makes a sampler. Traps when there are fewer correspondences than a sample needs.
    init(sampleSize: Int, count: Int, horizon: Int = 20_000) {
        precondition(sampleSize > 0 && count >= sampleSize, "\(count) correspondences, samples of \(sampleSize)")
        self.sampleSize = sampleSize
        self.count = count
        poolSize = sampleSize
        expected = Double(horizon)
        for i in 0..<sampleSize { expected *= Double(sampleSize - i) / Double(count - i) }
    }

    /// Writes the next sample, distinct indices below `poolSize`, into `sample`.
    mutating func draw(into sample: inout [Int], using random: inout SplitMix64) {
        draws += 1
        if draws > growsAfter, poolSize < count {
            let next = expected * Double(poolSize + 1) / Double(poolSize + 1 - sampleSize)
            growsAfter += max(1, Int((next - expected).rounded(.up)))
            expected = next
            poolSize += 1
        }
        // While the pool is new, its newest member is in every sample; a pool that is everything is sampled freely.
        let isForced = draws <= growsAfter
        let free = isForced ? sampleSize - 1 : sampleSize
        let bound = isForced ? poolSize - 1 : poolSize
        for i in 0..<free {
            var candidate = random.index(below: bound)
            while sample[..<i].contains(candidate) { candidate = random.index(below: bound) }
            sample[i] = candidate
        }
        if isForced { sample[sampleSize - 1] = poolSize - 1 }
    }
}
