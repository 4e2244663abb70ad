/// What a model in the library does.
public enum ModelKind: String, Sendable, Codable, CaseIterable {
    /// One vector a photo.
    case global
    /// Keypoints with a descriptor each.
    case local
    /// One vector a photo, made of the vectors of other models.
    case ensemble
    /// Matches of two photos, from their keypoints or from their pixels.
    case matcher

    /// What a model of the kind does, behind its name in a sentence.
    var deed: String {
        switch self {
        case .global, .ensemble: "describes whole photos"
        case .local: "describes keypoints"
        case .matcher: "matches photos in pairs"
        }
    }
}
