/// What a model in the library does.
public enum ModelKind: String, Sendable, Codable, CaseIterable {
    /// One vector a photo.
    case global
    /// Keypoints with a descriptor each.
    case local
    /// One vector a photo, made of the vectors of other models.
    case ensemble
}
