/// A photo with the name of what it shows.
public struct LabelledPhoto: Codable, Sendable, Hashable {
    /// Its absolute path.
    public var path: String
    /// What it shows.
    public var label: String

    /// Joins the two.
    public init(path: String, label: String) {
        self.path = path
        self.label = label
    }
}

extension Sequence where Element == LabelledPhoto {
    /// Photos of each label.
    var sizesByLabel: [String: Int] { reduce(into: [:]) { $0[$1.label, default: 0] += 1 } }
}
