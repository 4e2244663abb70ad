/// The relation between two photos that verification looks for.
public enum GeometricModelKind: String, Sendable, Codable, CaseIterable {
    /// A plane seen from two places, or any scene seen from one place: 8 degrees of freedom.
    case homography
    /// A plane seen from afar, without perspective: 6 degrees of freedom.
    case affine
    /// A scene with depth seen from two places: the fundamental matrix, 7 degrees of freedom.
    case fundamental

    /// Correspondences in a minimal sample.
    public var sampleSize: Int {
        switch self {
        case .homography: 4
        case .affine: 3
        case .fundamental: 7
        }
    }
}
