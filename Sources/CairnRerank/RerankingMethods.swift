extension RerankingSpecification {
    /// Every method, in the order of `--help`.
    public static let methods: [any RerankingMethod.Type] = [
        AverageQueryExpansion.self, AlphaQueryExpansion.self, DiscriminativeQueryExpansion.self,
        GuidedQueryExpansion.self, DatabaseAugmentation.self, GalleryWhitening.self, SuperGlobalReranking.self,
        Diffusion.self, RegionalDiffusion.self, KReciprocal.self, DiscriminativeReranking.self,
        GeometricReranking.self, LearnedMatchReranking.self,
    ]
}
