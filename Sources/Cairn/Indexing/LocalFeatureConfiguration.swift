import CairnFeatures
import CairnIndex

/// Everything that decides what a collection with RootSIFT stores of a photo's local features. Kept in the collection; never
/// changes in its life.
public struct LocalFeatureConfiguration: Codable, Sendable, Hashable {
    /// Grows when the same settings begin to give other bytes.
    public var version = 1

    /// How keypoints are found and described.
    public var sift: SIFTConfiguration

    /// How images are coded and scored in the inverted file.
    public var index: InvertedIndexConfiguration

    /// Sets what differs from `.standard`.
    public init(sift: SIFTConfiguration = .hessianAffine, index: InvertedIndexConfiguration = .asmk) {
        self.sift = sift
        self.index = index
    }

    /// Up to 1,000 Hessian-affine keypoints, aggregated match kernels.
    public static let standard = LocalFeatureConfiguration()

    /// Voting of nearest descriptors over 512 centres, 20 of them probed.
    public static let nearestDescriptorVoting = LocalFeatureConfiguration(index: .nearestDescriptorVoting)
}
