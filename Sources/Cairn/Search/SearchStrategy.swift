/// Which evidence a search goes by.
public enum SearchStrategy: String, Codable, Sendable, CaseIterable {
    /// The similarity of global descriptors alone.
    case global

    /// Local features: a shortlist from the inverted file, verified and expanded.
    case local

    /// A shortlist of global descriptors, verified by local features.
    case globalVerified = "global+verify"

    /// Both shortlists, verified and expanded; what does not verify is ranked by global similarity.
    case fused

    /// Whether it needs global descriptors.
    var usesGlobal: Bool { self != .local }

    /// Whether the inverted file proposes images.
    var proposesLocally: Bool { self == .local || self == .fused }

    /// Whether it needs local features.
    var usesLocal: Bool { self != .global }
}
