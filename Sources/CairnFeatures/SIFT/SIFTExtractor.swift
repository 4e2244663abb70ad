import CFeatures2D
import CairnCore
import CairnImaging
import Synchronization

/// SIFT keypoints with RootSIFT descriptors (Lowe, IJCV 2004; Arandjelović & Zisserman, CVPR 2012), on blobs or on
/// Hessian-affine regions.
///
/// Safe to use from many threads: each call borrows working memory (about 100 MB at 1,024 px) from a pool and hands it back.
/// The same image gives the same bytes whatever the processor's instruction set.
///
/// Deviations from Lowe: the doubled image takes pixel centres at +0.5, so positions carry no quarter-pixel shift;
/// descriptors go from their clipped form straight to the square root of their L1-normalised entries.
public final class SIFTExtractor: Sendable {
    /// What it was made with.
    public let configuration: SIFTConfiguration
    private let pool = Mutex<[Workspace]>([])

    /// The scale space is used by one call at a time: whoever takes it out of the pool owns it.
    private struct Workspace: @unchecked Sendable {
        let space: ScaleSpace
    }

    /// Makes an extractor; it holds no memory to speak of until its first use.
    public init(configuration: SIFTConfiguration = .standard) { self.configuration = configuration }

    /// Keypoints of an image, strongest first, with positions and sizes in its pixels. The image should already be
    /// reduced to `configuration.longSide`.
    public func features(of image: GrayImage) -> LocalFeatures {
        let workspace = pool.withLock { $0.popLast() } ?? Workspace(space: ScaleSpace(configuration: configuration))
        defer { pool.withLock { $0.append(workspace) } }
        let space = workspace.space
        space.build(from: image)
        var features = LocalFeatures(emptyFor: image.size)
        features.descriptors.reserveCapacity(configuration.maximumKeypoints * LocalFeatures.rootSIFTDimensions)
        for candidate in candidates(in: space) {
            guard features.count < configuration.maximumKeypoints else { break }
            let octave = space.octaves[candidate.octave]
            switch configuration.detector {
            case .differenceOfGaussians: describeRound(candidate, in: octave, into: &features)
            case .hessianAffine: describeAffine(candidate, in: octave, into: &features)
            }
        }
        return features
    }

    /// Extrema, strongest first; of a dull image those of lower contrast too.
    private func candidates(in space: ScaleSpace) -> [KeypointCandidate] {
        var relaxation: Float = 1
        while true {
            let candidates =
                switch configuration.detector {
                case .differenceOfGaussians:
                    SIFTDetector(configuration: configuration, relaxation: relaxation).candidates(in: space)
                case .hessianAffine:
                    HessianDetector(configuration: configuration, relaxation: relaxation).candidates(in: space)
                }
            let wanted = min(configuration.sufficientKeypoints, configuration.maximumKeypoints)
            if candidates.count >= wanted || relaxation <= 1 / 8 { return candidates }
            relaxation /= 2
        }
    }

    /// The keypoint's σ in samples of its octave.
    private func sigma(of candidate: KeypointCandidate) -> Float {
        configuration.sigma * exp2Float(candidate.layer / Float(configuration.layersPerOctave))
    }

    private func describeRound(
        _ candidate: KeypointCandidate, in octave: ScaleSpace.Octave, into features: inout LocalFeatures
    ) {
        let describer = SIFTDescriber(configuration: configuration)
        let sigma = sigma(of: candidate)
        let plane = SIFTDescriber.Plane(
            base: octave.level(candidate.level), width: octave.width, height: octave.height, stride: octave.stride)
        let angles = describer.orientations(
            on: plane, column: candidate.column, row: candidate.row, sigma: sigma)
        for angle in angles where features.count < configuration.maximumKeypoints {
            guard
                describer.appendDescriptor(
                    on: plane, x: candidate.x, y: candidate.y, sigma: sigma, angle: angle, to: &features.descriptors)
            else { continue }
            append(candidate, sigma: sigma, angle: angle, in: octave, to: &features)
        }
    }

    /// Describes the region as if it were round: its samples are first warped to a square patch.
    private func describeAffine(
        _ candidate: KeypointCandidate, in octave: ScaleSpace.Octave, into features: inout LocalFeatures
    ) {
        let sigma = sigma(of: candidate)
        guard let shape = AffineShape.adapted(to: candidate, sigma: sigma, in: octave) else { return }
        // One patch sample for each sample of the octave, where the region is round; the descriptor's corners fit in.
        let half = Int((configuration.cellsPerSigma * sigma * 3.6).rounded(.up)) + 1
        let side = 2 * half + 1
        let describer = SIFTDescriber(configuration: configuration)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: side * side) { patch in
            guard let base = patch.baseAddress else { return }
            cairn_affine_patch(
                octave.level(candidate.level), octave.width, octave.height, octave.stride, candidate.x, candidate.y,
                shape.scaled(by: 1), half, base, side)
            let plane = SIFTDescriber.Plane(base: base, width: side, height: side, stride: side)
            for angle in describer.orientations(on: plane, column: half, row: half, sigma: sigma)
            where features.count < configuration.maximumKeypoints {
                guard
                    describer.appendDescriptor(
                        on: plane, x: Float(half), y: Float(half), sigma: sigma, angle: angle,
                        to: &features.descriptors)
                else { continue }
                append(candidate, sigma: sigma, angle: shape.imageAngle(of: angle), in: octave, to: &features)
            }
        }
    }

    private func append(
        _ candidate: KeypointCandidate, sigma: Float, angle: Float, in octave: ScaleSpace.Octave,
        to features: inout LocalFeatures
    ) {
        // Sample i of an octave lies on sample 2i of the one before: indices scale, pixel centres are at +0.5.
        let base: Float = configuration.doublesImage ? 2 : 1
        features.x.append((candidate.x * octave.pixelsPerSample * base + 0.5) / base)
        features.y.append((candidate.y * octave.pixelsPerSample * base + 0.5) / base)
        features.scale.append(sigma * octave.pixelsPerSample)
        features.angle.append(angle)
    }
}
