/// Some of the photos of a data set.
public struct RecipeDataPart: Codable, Sendable, Hashable {
    /// How its folders and lists are laid out, where they are not as those of the section.
    public var layout: RecipeData.Layout?
    /// The layout's own name of it: `train_clean`, `index`, `gallery`; for `folders` the folder that holds a folder a class. The
    /// role's name where it is left out.
    public var subset: String?
    /// A list of its photos beside the data, where not all of the subset belong to it.
    public var list: String?
    /// Its photos have labels; yes.
    public var labelled = true
    /// The share of another part's classes that is held out for it; all of the subset where it is left out.
    public var share: Double?
    /// The part that `share` is taken of; `train`.
    public var heldOutOf: RecipeData.Part?
    /// Photos at most, at even distances; all.
    public var limit: Int?
    /// A class of fewer photos is left out; 1.
    public var minimumClassSize = 1
    /// How many photos the document counts.
    public var imageCount: Int?
    /// How many classes the document counts.
    public var classCount: Int?
    /// What a reader should know.
    public var note: String?

    /// All of a subset, labelled.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable {
        case layout, subset, list, labelled, share, heldOutOf, limit, minimumClassSize, imageCount, classCount, note
    }
}

extension RecipeDataPart: YAMLDecodable {
    /// Reads the part.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.layout, into: &layout)
        try fields.read(.subset, into: &subset)
        try fields.read(.list, into: &list)
        try fields.read(.labelled, into: &labelled)
        try fields.read(.share, into: &share, .above(0, upTo: 1))
        try fields.read(.heldOutOf, into: &heldOutOf)
        try fields.read(.limit, into: &limit, .count)
        try fields.read(.minimumClassSize, into: &minimumClassSize, .count)
        try fields.read(.imageCount, into: &imageCount, .count)
        try fields.read(.classCount, into: &classCount, .count)
        try fields.read(.note, into: &note)
        guard share == nil || subset == nil else {
            throw fields.error(.share, "a part is a subset or a share of another part, not both; leave one out")
        }
        guard heldOutOf == nil || share != nil else {
            throw fields.error(.heldOutOf, "“heldOutOf” means nothing without “share”, how much is held out")
        }
        if share != nil, heldOutOf == nil { heldOutOf = .train }
    }
}
