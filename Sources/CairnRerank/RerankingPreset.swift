/// Methods that belong together, under the name by which they are known.
public enum RerankingPreset: String, Sendable, CaseIterable {
    /// α query expansion with α = 5 and the 50 best rows.
    case alphaQE = "alpha-qe"

    /// “Landmark Retrieval via Local Guidance and Global Expansion”, from Google Landmark Retrieval 2018: augmented gallery, the
    /// query expanded by its top 5 and by what local features verify with more than 40 inliers, diffusion. Needs photos.
    case localGuidanceGlobalExpansion = "local-guidance-global-expansion"

    /// The sixth place of Google Landmark Retrieval 2018: diffusion over reciprocal 50 nearest neighbours from the query's 5.
    case landmarkRetrieval2018Sixth = "glret2018-6th"

    /// The first place of Google Landmark Retrieval 2019: its two-stage discriminative re-ranking. Needs labels.
    case landmarkRetrieval2019First = "glret2019-1st"

    /// SuperGlobal with the numbers of its authors' code.
    case superGlobal = "super-global"

    /// What the name stands for.
    public var specification: String {
        switch self {
        case .alphaQE: "alphaqe:n=50,alpha=5"
        case .localGuidanceGlobalExpansion: "dba;guidedqe:n=5,inliers=40,verified=100;diffusion"
        case .landmarkRetrieval2018Sixth: "diffusion:k=50,kq=5"
        case .landmarkRetrieval2019First: "discriminative:n=100,k=3,threshold=0.6"
        case .superGlobal: "superglobal:m=400,k=9,beta=0.15"
        }
    }
}
