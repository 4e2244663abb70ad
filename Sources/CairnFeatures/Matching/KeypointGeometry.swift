import CairnCore
import CairnGeometry

/// Where the keypoints of one image are, without their descriptors. Arrays run in parallel, as in `LocalFeatures`.
public struct KeypointGeometry: Sendable, Hashable {
    /// Pixels from the left edge.
    public var x: [Float]
    /// Pixels from the top edge.
    public var y: [Float]
    /// Keypoint size σ, in pixels.
    public var scale: [Float]
    /// Dominant direction, radians, growing from x towards y.
    public var angle: [Float]
    /// Whether `scale` and `angle` say anything; where they do not, correspondences have none.
    public var isOriented: Bool

    /// The number of keypoints.
    public var count: Int { x.count }

    /// Wraps parallel arrays. Traps when their lengths disagree.
    public init(x: [Float], y: [Float], scale: [Float], angle: [Float], isOriented: Bool = true) {
        precondition(
            y.count == x.count && scale.count == x.count && angle.count == x.count,
            "\(x.count), \(y.count), \(scale.count) and \(angle.count) numbers do not describe the same keypoints")
        self.x = x
        self.y = y
        self.scale = scale
        self.angle = angle
        self.isOriented = isOriented
    }

    /// The geometry of an image's features, shared with them.
    public init(_ features: LocalFeatures) {
        self.init(
            x: features.x, y: features.y, scale: features.scale, angle: features.angle, isOriented: features.isOriented)
    }

    /// The geometry in a stored record. Complexity: O(count).
    public init(_ record: LocalFeaturesView) {
        self.init(
            x: record.column(.x), y: record.column(.y), scale: record.column(.scale), angle: record.column(.angle),
            isOriented: record.isOriented)
    }

    /// Position of keypoint `index`.
    public func position(_ index: Int) -> PixelPoint { PixelPoint(x: Double(x[index]), y: Double(y[index])) }

    /// Turns matches with a candidate into correspondences from this image to that one, in the same order.
    ///
    /// A keypoint with several directions occurs once for each that matched, at the same position.
    public func correspondences(of matches: [DescriptorMatch], with candidate: KeypointGeometry) -> [Correspondence] {
        guard isOriented && candidate.isOriented else {
            return matches.map {
                Correspondence(source: position(Int($0.query)), target: candidate.position(Int($0.candidate)))
            }
        }
        return matches.map { match in
            let (source, target) = (Int(match.query), Int(match.candidate))
            return Correspondence(
                source: position(source), target: candidate.position(target),
                scaleRatio: candidate.scale[target] / scale[source],
                rotation: wrapped(candidate.angle[target] - angle[source]))
        }
    }

    /// An angle brought into (-π, π]; at most a few turns off.
    private func wrapped(_ angle: Float) -> Float {
        let turns = (angle / (2 * .pi)).rounded()
        let inside = angle - turns * (2 * .pi)
        return inside <= -.pi ? inside + 2 * .pi : inside
    }
}
