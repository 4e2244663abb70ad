import CairnCore
import Foundation

/// One verification by fundamental matrix.
///
/// 1. The dominant plane is looked for first, which is cheap. Where there is one, pairs of correspondences off it
///    complete it to a fundamental matrix ("plane and parallax"): plain seven-point sampling finds the plane's inliers
///    and a wrong epipole there (DEGENSAC, Chum, Werner and Matas 2005; run here before sampling instead of after a
///    degenerate sample).
/// 2. Samples of seven by PROSAC, first among correspondences that are near the plane, then among all.
/// 3. Each new best is optimised locally by the eight-point method.
struct EpipolarEstimator: ~Copyable {
    private var planar: PlanarEstimator
    private let configuration: VerificationConfiguration
    private var random: SplitMix64

    /// The best model, in centred coordinates.
    private(set) var best: Matrix3?

    /// Its support at the threshold.
    private(set) var bestSupport = ModelSupport()

    /// Takes over the correspondences.
    init(_ buffer: consuming CorrespondenceBuffer, configuration: VerificationConfiguration) {
        self.configuration = configuration
        random = SplitMix64(seed: configuration.seed &+ 1)
        var plane = configuration
        plane.model = .homography
        plane.threshold = 2 * configuration.threshold
        plane.minimumInliers = 6
        planar = PlanarEstimator(buffer, configuration: plane)
    }

    /// Looks for the best model.
    mutating func run() {
        guard planar.buffer.count >= max(8, configuration.minimumInliers) else { return }
        planar.run()
        let limit = configuration.maximumIterations
        if let plane = planar.best, planar.bestSupport.count >= 6 {
            addParallax(to: plane, draws: limit / 2)
            // Depth moves points off the plane along their epipolar lines, but seldom far.
            let near = planar.buffer.collect(plane, threshold: 12 * configuration.threshold)
            sample(from: (0..<near).map { Int(planar.buffer.list[$0]) }, draws: limit / 2)
            sample(from: Array(0..<planar.buffer.count), draws: limit / 2)
        } else {
            // Oriented keypoints without even a rough common similarity are no pair: a short look is enough.
            sample(from: Array(0..<planar.buffer.count), draws: planar.buffer.hasOrientations ? limit / 4 : limit)
        }
        optimize(rounds: max(2, configuration.localOptimizationRounds))
    }

    private mutating func addParallax(to plane: Matrix3, draws: Int) {
        let onPlane = planar.buffer.collect(plane, threshold: planar.configuration.threshold)
        var isOnPlane = [Bool](repeating: false, count: planar.buffer.count)
        for k in 0..<onPlane { isOnPlane[Int(planar.buffer.list[k])] = true }
        let others = isOnPlane.indices.filter { !isOnPlane[$0] }
        guard others.count >= 2 else {
            // Everything is on the plane: any epipole agrees with it, and the centre of the image is one.
            consider(Matrix3(0, -1, 0, 1, 0, 0, 0, 0, 0) * plane)
            return
        }
        var sampler = ProsacSampler(sampleSize: 2, count: others.count)
        var pair = [0, 0]
        for _ in 0..<draws {
            sampler.draw(into: &pair, using: &random)
            let (a, b) = (planar.buffer.position(others[pair[0]]), planar.buffer.position(others[pair[1]]))
            guard let model = FundamentalSolver.fromPlane(plane, a, b) else { continue }
            if consider(model) { optimize(rounds: configuration.localOptimizationRounds) }
            let parallax = Double(max(0, bestSupport.count - onPlane)) / Double(others.count)
            if parallax > 0.05,
                Double(sampler.draws) * log1p(-min(0.999, parallax * parallax)) < log(1 - configuration.confidence)
            {
                break
            }
        }
    }

    private mutating func sample(from pool: [Int], draws: Int) {
        guard pool.count >= 8 else { return }
        var sampler = ProsacSampler(sampleSize: 7, count: pool.count)
        var sample = [Int](repeating: 0, count: 7)
        var pairs = [FundamentalSolver.Pair](repeating: (0, 0, 0, 0), count: 7)
        // Of the order of 1, as the seven-point solver asks.
        let unit = 1.0 / 512
        let scaling = Matrix3(unit, 0, 0, 0, unit, 0, 0, 0, 1)
        while sampler.draws < draws, !isConfident(after: sampler.draws, poolSize: pool.count) {
            sampler.draw(into: &sample, using: &random)
            for k in 0..<7 {
                let p = planar.buffer.position(pool[sample[k]])
                pairs[k] = (p.x * unit, p.y * unit, p.u * unit, p.v * unit)
            }
            for normalised in FundamentalSolver.exact(pairs) where isOriented(normalised, pairs) {
                if consider(scaling * normalised * scaling) { optimize(rounds: configuration.localOptimizationRounds) }
            }
        }
    }

    /// Whether all seven points of a sample are in front of both cameras, or all behind.
    private func isOriented(_ f: Matrix3, _ pairs: [FundamentalSolver.Pair]) -> Bool {
        let e = FundamentalSolver.targetEpipole(f)
        var (positive, negative) = (false, false)
        for p in pairs {
            let line = f * SIMD3(p.x, p.y, 1)
            let side = line.x * (e.y - e.z * p.v) + line.y * (e.z * p.u - e.x)
            if side > 0 { positive = true } else { negative = true }
        }
        return positive != negative
    }

    private func isConfident(after draws: Int, poolSize: Int) -> Bool {
        guard bestSupport.count >= configuration.minimumInliers else { return false }
        let ratio = min(0.999, Double(bestSupport.count) / Double(poolSize))
        return Double(draws) * log1p(-pow(ratio, 7)) < log(1 - configuration.confidence)
    }

    /// Refits the best model on its own inliers with a shrinking threshold.
    private mutating func optimize(rounds: Int) {
        guard var model = best else { return }
        for round in 0..<rounds {
            let multiplier = round == 0 ? 2.0 : 1.5
            let count = planar.buffer.collect(epipolar: model, threshold: multiplier * configuration.threshold)
            guard let next = FundamentalSolver.fit(planar.buffer, count: count, prior: model) else { return }
            let before = bestSupport.gain
            consider(next)
            if round > 0, bestSupport.gain < before * 1.01 { return }
            model = next
        }
    }

    /// Makes `model` the best one if it is better; returns whether it is.
    @discardableResult
    private mutating func consider(_ model: Matrix3) -> Bool {
        let support = planar.buffer.support(ofEpipolar: model, threshold: configuration.threshold)
        guard support.gain > bestSupport.gain else { return false }
        best = model
        bestSupport = support
        return true
    }

    /// The best model in image coordinates, with its inliers one to one; `nil` when they are too few, or cover no area.
    func result(_ correspondences: [Correspondence]) -> GeometricModel? {
        guard let best else { return nil }
        let count = planar.buffer.collect(epipolar: best, threshold: configuration.threshold)
        let spread = AffineSolver.Moments(planar.buffer, count: count).spread
        guard min(spread.source, spread.target) > configuration.threshold else { return nil }
        let inliers = planar.buffer.distinct(count, in: correspondences)
        guard inliers.count >= configuration.minimumInliers else { return nil }
        let matrix =
            Matrix3.translation(-planar.buffer.targetOrigin.x, -planar.buffer.targetOrigin.y).transposed * best
            * Matrix3.translation(-planar.buffer.sourceOrigin.x, -planar.buffer.sourceOrigin.y)
        let norm = matrix.squaredNorm.squareRoot()
        return GeometricModel(kind: .fundamental, matrix: matrix * (1 / norm), inliers: inliers)
    }
}
