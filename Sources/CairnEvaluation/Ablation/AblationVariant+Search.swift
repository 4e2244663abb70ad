import Cairn
import CairnFeatures
import CairnIndex
import CairnRecipes

extension AblationVariant {
    /// How RootSIFT works and local features are indexed.
    var localFeatures: LocalFeatureConfiguration {
        var configuration = LocalFeatureConfiguration.standard
        switch detector {
        case .sift: configuration.sift.detector = .differenceOfGaussians
        case .hessianAffine: configuration.sift.detector = .hessianAffine
        case nil: break
        }
        switch scoring {
        case .voting: configuration.index = .nearestDescriptorVoting
        case .asmk: configuration.index = .asmk
        case nil: break
        }
        if let keypoints { configuration.sift.maximumKeypoints = keypoints }
        return configuration
    }

    /// How the collection is searched.
    var search: SearchConfiguration {
        var configuration = verifies ? SearchConfiguration.standard : .unverified
        configuration.strategy = strategy.flatMap { SearchStrategy(rawValue: $0.rawValue) }
        configuration.reranking = rerank
        if verifies {
            configuration.shortlist = shortlist
            configuration.globalShortlist = shortlist
            configuration.expansionSources = expand
        }
        return configuration
    }
}
