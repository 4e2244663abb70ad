import CairnCore
import CairnGeometry

/// Matches two images again once a homography between them is known: each keypoint only with those near its predicted
/// place.
///
/// Few rivals are left there, so pairs count that the ratio test had to drop.
public struct GuidedMatcher: Sendable {
    /// Where to look and what to accept.
    public let configuration: GuidedMatchingConfiguration

    /// Makes a matcher.
    public init(configuration: GuidedMatchingConfiguration = .standard) { self.configuration = configuration }

    /// Finds at most one partner for each keypoint of either image, the smallest descriptor distance first.
    ///
    /// `model` maps source pixels, the query's, to target pixels, the candidate's. Descriptors are those of
    /// `LocalFeatures`, `dimensions` bytes for each keypoint; traps when their number differs. A match's ratio is to the nearest
    /// descriptor at another place within the radius, 0 where there is none. Complexity: O(keypoints + pairs within
    /// the radius).
    public func match(
        query: KeypointGeometry, descriptors queryDescriptors: UnsafeRawBufferPointer,
        candidate: KeypointGeometry, descriptors candidateDescriptors: UnsafeRawBufferPointer,
        model: Matrix3, dimensions: Int = LocalFeatures.rootSIFTDimensions,
        quantization: DescriptorQuantization = .unsigned
    ) -> [DescriptorMatch] {
        precondition(
            queryDescriptors.count == query.count * dimensions
                && candidateDescriptors.count == candidate.count * dimensions,
            "\(queryDescriptors.count) and \(candidateDescriptors.count) bytes for \(query.count) and \(candidate.count) keypoints"
        )
        guard query.count > 0, candidate.count > 0 else { return [] }
        let grid = KeypointGrid(x: candidate.x, y: candidate.y, radius: configuration.radius)
        let length = configuration.maximumDistance * quantization.length
        let limit = Double(length) * Double(length)
        let squaredRatio = Double(configuration.ratio) * Double(configuration.ratio)

        // For each keypoint of the candidate, the nearest of those that chose it.
        var chosen = [DescriptorMatch?](repeating: nil, count: candidate.count)
        for index in 0..<query.count {
            guard let place = model.project(query.position(index)) else { continue }
            var nearest: (index: Int, distance: Int32)?
            var rival = Int32.max
            grid.forEachNear(place) { other in
                let distance = Self.squaredDistance(
                    queryDescriptors, index, candidateDescriptors, other, dimensions: dimensions)
                guard let best = nearest else {
                    nearest = (other, distance)
                    return
                }
                // A second direction of the same keypoint is no rival.
                let isSamePlace =
                    candidate.x[best.index] == candidate.x[other] && candidate.y[best.index] == candidate.y[other]
                if (distance, other) < (best.distance, best.index) {
                    if !isSamePlace { rival = min(rival, best.distance) }
                    nearest = (other, distance)
                } else if !isSamePlace {
                    rival = min(rival, distance)
                }
            }
            guard let (other, distance) = nearest, Double(distance) <= limit else { continue }
            let hasRival = rival != .max
            if configuration.ratio < 1, hasRival, Double(distance) >= squaredRatio * Double(rival) { continue }
            let ratio = !hasRival ? 0 : rival > 0 ? (Double(distance) / Double(rival)).squareRoot() : 1
            if let earlier = chosen[other], earlier.distance.rawValue <= distance { continue }
            chosen[other] = DescriptorMatch(
                query: Int32(truncatingIfNeeded: index), candidate: Int32(truncatingIfNeeded: other),
                distance: SquaredDistance(distance), ratio: Float(min(1, ratio)))
        }
        return chosen.compactMap { $0 }.sorted { ($0.distance, $0.query) < ($1.distance, $1.query) }
    }

    @inline(__always)
    private static func squaredDistance(
        _ a: UnsafeRawBufferPointer, _ i: Int, _ b: UnsafeRawBufferPointer, _ j: Int, dimensions: Int
    ) -> Int32 {
        var sum: Int32 = 0
        for d in 0..<dimensions {
            let difference = Int32(a[i &* dimensions &+ d]) &- Int32(b[j &* dimensions &+ d])
            sum &+= difference &* difference
        }
        return sum
    }
}
