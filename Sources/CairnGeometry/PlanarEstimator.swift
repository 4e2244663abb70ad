import CairnCore
import Foundation

/// One verification by homography or affinity: the best model so far, and the strategies that look for a better one.
///
/// 1. Each oriented correspondence alone suggests a similarity (Philbin et al. 2007); those with support are optimised.
/// 2. Without orientations, or where they led nowhere, samples of two suggest similarities and samples of three or four
///    the model itself, drawn by PROSAC (Chum and Matas 2005) and optimised locally when they are the best so far
///    (LO-RANSAC, Chum, Matas and Kittler 2003, with the truncated quadratic score of Lebeda, Matas and Chum 2012).
/// 3. The winner is refitted with biweights.
struct PlanarEstimator: ~Copyable {
    let buffer: CorrespondenceBuffer
    let configuration: VerificationConfiguration

    /// The best model, in centred coordinates.
    private(set) var best: Matrix3?

    /// Its support at the threshold.
    private(set) var bestSupport = ModelSupport()

    private var random: SplitMix64

    /// Samples that were drawn in all; for tests.
    private(set) var iterations = 0

    /// Takes over the correspondences.
    init(_ buffer: consuming CorrespondenceBuffer, configuration: VerificationConfiguration) {
        self.buffer = buffer
        self.configuration = configuration
        random = SplitMix64(seed: configuration.seed)
    }

    /// How far inliers of a similarity from keypoint frames, or from two positions, may be off.
    private var frameCone: CorrespondenceBuffer.Cone {
        .init(threshold: Float(2 * configuration.threshold), slope: 0.2)
    }
    private var pairCone: CorrespondenceBuffer.Cone {
        .init(threshold: Float(2 * configuration.threshold), slope: 0.12)
    }

    /// Looks for the best model.
    mutating func run() {
        guard buffer.count >= configuration.minimumInliers else { return }
        if buffer.hasOrientations, configuration.maximumFrameHypotheses > 0 {
            enumerateFrames()
            if !isWellSupported {
                samplePairs(limit: min(configuration.maximumIterations / 2, 4 * buffer.count))
                if !isWellSupported { sampleMinimal(limit: configuration.maximumIterations / 8) }
            }
        } else {
            samplePairs(limit: configuration.maximumIterations / 2)
            sampleMinimal(limit: configuration.maximumIterations / 2)
        }
        polish()
    }

    // MARK: Hypotheses

    /// Whether the best model has more inliers than chance ever gives, so that sampling would only find it again.
    private var isWellSupported: Bool {
        bestSupport.count >= max(2 * configuration.minimumInliers, buffer.count / 16)
    }

    /// Frames that are optimised though an earlier one had more support, at most, while there is no good model.
    private static let nearRecordTrials = 8

    /// Similarities from single correspondences, best correspondence first.
    private mutating func enumerateFrames() {
        let cone = frameCone
        var record: Float = 2
        var trials = 0
        for index in 0..<min(buffer.count, configuration.maximumFrameHypotheses) {
            guard buffer.element(buffer.slack, index) == 0 else { continue }
            iterations += 1
            // Half of the frames of inliers are good enough to find the model from.
            let hit = 0.5 * Double(bestSupport.count) / Double(buffer.count)
            if pow(1 - hit, Double(iterations)) < 1 - configuration.confidence { break }
            // An inlier of a good model would only lead to that model again.
            if let best, isWellSupported, buffer.accepts(best, index, threshold: configuration.threshold) { continue }
            let map = CorrespondenceBuffer.SimilarityMap(buffer, index)
            let floor = isWellSupported ? record : 0.6 * record + 1
            let support = buffer.support(of: map, cone: cone, floor: floor)
            if support.gain > floor, support.gain > record || (trials < Self.nearRecordTrials && !isWellSupported),
                support.count >= 4
            {
                trials += support.gain > record ? 0 : 1
                record = max(record, support.gain)
                optimize(fromListOf: buffer.collect(map, cone: cone))
            }
        }
    }

    /// Similarities from two correspondences each.
    private mutating func samplePairs(limit: Int) {
        guard buffer.count >= 2 else { return }
        let cone = pairCone
        var sampler = ProsacSampler(sampleSize: 2, count: buffer.count)
        var sample = [0, 0]
        var record: Float = 3
        for _ in 0..<limit {
            iterations += 1
            sampler.draw(into: &sample, using: &random)
            guard
                let map = CorrespondenceBuffer.SimilarityMap(
                    buffer, sample[0], sample[1], separation: Float(4 * configuration.threshold)),
                isMagnificationPlausible(Double(map.squaredScale)), map.agrees(buffer, sample[0]),
                map.agrees(buffer, sample[1])
            else { continue }
            let support = buffer.support(of: map, cone: cone, floor: record)
            if support.gain > record, support.count >= 5 {
                record = support.gain
                optimize(fromListOf: buffer.collect(map, cone: cone))
            }
            if isConfident(after: sampler.draws, sampleSize: 2, chance: 0.3) { break }
        }
    }

    /// Minimal samples of the model itself.
    private mutating func sampleMinimal(limit: Int) {
        let size = configuration.model.sampleSize
        guard buffer.count >= size else { return }
        var sampler = ProsacSampler(sampleSize: size, count: buffer.count)
        var sample = [Int](repeating: 0, count: size)
        var record = bestSupport.gain
        while sampler.draws < limit, !isConfident(after: sampler.draws, sampleSize: size, chance: 0.8) {
            iterations += 1
            sampler.draw(into: &sample, using: &random)
            guard let model = minimalModel(sample) else { continue }
            let support = buffer.support(of: model, threshold: configuration.threshold, floor: record)
            guard support.gain > record, support.count > size else { continue }
            record = support.gain
            consider(model)
            optimize(fromModel: model)
            record = max(record, bestSupport.gain)
        }
    }

    /// Whether a better model would have been found by now: `chance` is that of an all-inlier sample giving the model.
    private func isConfident(after draws: Int, sampleSize: Int, chance: Double) -> Bool {
        guard bestSupport.count >= configuration.minimumInliers else { return false }
        let hit = chance * pow(Double(bestSupport.count) / Double(buffer.count), Double(sampleSize))
        return hit >= 1 || Double(draws) * log1p(-hit) < log(1 - configuration.confidence)
    }

    private func minimalModel(_ sample: [Int]) -> Matrix3? {
        let area = 2 * configuration.threshold * configuration.threshold
        let (a, b, c) = (buffer.position(sample[0]), buffer.position(sample[1]), buffer.position(sample[2]))
        if configuration.model == .affine {
            guard HomographySolver.preservesSides(a, b, c, area: area) else { return nil }
            for k in 0..<3 {
                buffer.list[k] = Int32(sample[k])
                buffer.weights[k] = 1
            }
            return AffineSolver.affinity(.init(buffer, count: 3))
        }
        let d = buffer.position(sample[3])
        guard HomographySolver.preservesSides(a, b, c, d, area: area) else { return nil }
        return HomographySolver.exact(a, b, c, d)
    }

    // MARK: Local optimisation

    /// Inliers that a refit uses at most, before the last one: more make it slower, not better (Lebeda et al. 2012).
    private static let refitLimit = 64

    /// Grows a similarity's inliers, already in the buffer's list, into an affinity and a homography.
    private mutating func optimize(fromListOf count: Int) {
        let t = configuration.threshold
        let moments = AffineSolver.Moments(buffer, count: buffer.thin(count, to: Self.refitLimit))
        // Few inliers say little about shear: their similarity is the safer start.
        let first = count < 8 ? AffineSolver.similarity(moments) : AffineSolver.affinity(moments)
        guard let first else { return }
        // With many inliers the refits below always win.
        if count < 12 { consider(first) }
        guard let affinity = fitAffinity(buffer.collect(first, threshold: 5 * t, limit: Self.refitLimit)) else {
            return
        }
        if count < 12 { consider(affinity) }
        guard let finer = fitAffinity(buffer.collect(affinity, threshold: 3 * t, limit: Self.refitLimit)) else {
            return
        }
        consider(finer)
        optimize(fromModel: finer)
    }

    /// Refits a model on its own inliers with a shrinking threshold, and goes on while that helps.
    private mutating func optimize(fromModel start: Matrix3) {
        let t = configuration.threshold
        var model = start
        for round in 0..<configuration.localOptimizationRounds {
            let multiplier = round == 0 ? 3.0 : round == 1 ? 2 : 1.5
            let count = buffer.collect(model, threshold: multiplier * t, limit: Self.refitLimit)
            guard let next = fit(count, prior: model) else { return }
            model = next
            if round == 0, count == Self.refitLimit { continue }
            let before = bestSupport.gain
            consider(model)
            if round >= 2, bestSupport.gain < before * 1.01 { return }
        }
    }

    /// Refits the winner on all of its inliers by biweights.
    private mutating func polish() {
        for _ in 0..<max(2, configuration.localOptimizationRounds) {
            guard let model = best else { return }
            let count = buffer.collect(model, threshold: 1.5 * configuration.threshold)
            let before = bestSupport.gain
            guard let next = fit(count, prior: model) else { return }
            consider(next)
            if bestSupport.gain <= before * 1.0005 { return }
        }
    }

    private func fitAffinity(_ count: Int) -> Matrix3? {
        count < 4 ? nil : AffineSolver.affinity(.init(buffer, count: count))
    }

    private func fit(_ count: Int, prior: Matrix3) -> Matrix3? {
        guard configuration.model == .homography, count >= 6 else { return fitAffinity(count) }
        return HomographySolver.fit(buffer, count: count, prior: prior)
    }

    // MARK: Acceptance

    /// Makes `model` the best one if it is better and plausible.
    private mutating func consider(_ model: Matrix3) {
        let support = buffer.support(of: model, threshold: configuration.threshold, floor: bestSupport.gain)
        guard support.gain > bestSupport.gain, isPlausible(model) else { return }
        best = model
        bestSupport = support
    }

    private func isMagnificationPlausible(_ squared: Double) -> Bool {
        let limit = configuration.maximumMagnification * configuration.maximumMagnification
        return squared < limit && squared * limit > 1
    }

    /// Rejects models that squeeze, blow up or flatten, and those whose inliers are on a line or on a spot.
    private func isPlausible(_ model: Matrix3) -> Bool {
        let count = buffer.collect(model, threshold: configuration.threshold, limit: Self.refitLimit)
        let moments = AffineSolver.Moments(buffer, count: count)
        let spread = moments.spread
        guard min(spread.source, spread.target) > configuration.threshold else { return false }
        let j = model.jacobian(atX: moments.sourceMean.x, y: moments.sourceMean.y)
        let determinant = j.a * j.d - j.b * j.c
        guard determinant > 0, isMagnificationPlausible(determinant) else { return false }
        // With singular values σ₁ ≥ σ₂, σ₁/σ₂ + σ₂/σ₁ is the squared Frobenius norm over the determinant.
        let ratio = configuration.maximumAnisotropy
        return (j.a * j.a + j.b * j.b + j.c * j.c + j.d * j.d) / determinant <= ratio + 1 / ratio
    }
}
