import Cairn
import CairnFeatures
import CairnGeometry
import CairnIndex
import CairnModelLibrary
import CairnRecipes

/// A recipe's local features as a collection has them.
struct RecipeLocalFeatures {
    /// The recipe's section; `nil` stands for RootSIFT as Cairn has it.
    let local: RecipeLocal?
    /// How local descriptors are searched.
    let search: RecipeSearch

    /// What finds keypoints; `nil` where the recipe needs none.
    ///
    /// - Parameters:
    ///   - models: The run's models, with the network of keypoints where there is one.
    ///   - library: The run's library.
    func extractor(
        _ models: RecipeModels, library: ModelLibrary, runtime: () throws -> ModelRuntime
    ) throws -> (any LocalFeatureExtractor)? {
        guard let local else { return nil }
        switch local.features {
        case .none: return nil
        case .rootsift, .hessianAffineRootsift:
            var configuration: SIFTConfiguration = local.features == .rootsift ? .standard : .hessianAffine
            configuration.maximumKeypoints = local.count
            configuration.sufficientKeypoints = min(configuration.sufficientKeypoints, local.count)
            configuration.longSide = local.longSide
            return RootSIFTExtractor(configuration: configuration)
        case .delg, .superpoint, .aliked:
            guard let name = models.local else { return nil }
            return try library.localModel(named: name, runtime: runtime())
        }
    }

    /// How the inverted file codes and scores.
    var index: InvertedIndexConfiguration {
        switch search.local {
        case .none, .asmk: return .asmk
        case .voting:
            var configuration = InvertedIndexConfiguration.nearestDescriptorVoting
            configuration.queryAssignments = search.probes
            return configuration
        }
    }

    /// How two photos are compared: the features' own way with the recipe's ratio test, geometry, tolerance and rounds.
    func pairs(_ extractor: any LocalFeatureExtractor) -> PairVerificationConfiguration {
        var pairs = extractor.pairVerification
        guard let local else { return pairs }
        if local.matching == .nearest {
            pairs.matching.ratio = Float(local.ratio)
            pairs.matching.mutual = local.mutual
        }
        pairs.verification.model =
            switch local.geometry {
            case .homography: .homography
            case .affine: .affine
            case .fundamental: .fundamental
            }
        pairs.verification.threshold = local.tolerance
        pairs.verification.maximumIterations = local.iterations
        pairs.verification.minimumInliers = max(
            pairs.verification.minimumInliers, pairs.verification.model.sampleSize + 1)
        if local.geometry == .fundamental { pairs.isGuided = false }
        return pairs
    }

    /// What of the recipe Cairn does otherwise, a sentence each.
    func notes(_ extractor: (any LocalFeatureExtractor)?) -> [String] {
        var notes: [String] = []
        if let local, local.scales != [1], local.features != .none {
            notes.append(
                "Local features: the \(local.scales.count) scales of the recipe are not set; \(extractor?.name ?? "the extractor") has a pyramid of its own."
            )
        }
        if search.global != .exact {
            notes.append(
                "Global descriptors are searched exactly, not by \(search.global.rawValue): a collection compares all.")
        }
        guard search.local != .none else { return notes }
        let shipped = search.local == .voting ? 512 : 16_384
        if extractor is RootSIFTExtractor, search.centers != shipped {
            notes.append(
                "The vocabulary of local descriptors has the \(shipped) words that come with Cairn, not \(search.centers)."
            )
        } else if !(extractor is RootSIFTExtractor) {
            notes.append(
                "The vocabulary of local descriptors is learned from the gallery, with a word for each 16 descriptors, not \(search.centers)."
            )
        }
        return notes
    }
}
