/// Which photos make a batch.
public struct BatchSampler: Codable, Sendable, Hashable {
    /// The rule.
    public enum Kind: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Each photo once an epoch, in random order.
        case shuffled
        /// Each class as often as any other.
        case classBalanced
        /// `classes` classes with `photos` photos each.
        case classesByPhotos
        /// The pairs or triplets that mining found.
        case tuples
    }

    /// The rule; shuffled.
    public var kind = Kind.shuffled
    /// `classesByPhotos`: classes of a batch.
    public var classes: Int?
    /// `classesByPhotos`: photos of each.
    public var photos: Int?
    /// Photos or tuples of an epoch, where it is not all of the data.
    public var epochSize: Int?
    /// Photos of a batch have about the same aspect ratio, which `ImageSizeStep.Shape.aspectGroups` then keeps; no.
    public var groupsByAspect = false

    /// Shuffled.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable { case kind, classes, photos, epochSize, groupsByAspect }
}

extension BatchSampler: YAMLDecodable {
    /// Reads a sampler; its name alone will do where nothing else is needed.
    public init(yaml: YAMLNode) throws {
        if !yaml.isMapping {
            kind = try Kind(yaml: yaml)
            guard kind != .classesByPhotos else {
                throw yaml.error(
                    "classesByPhotos needs “classes” and “photos”: {kind: classesByPhotos, classes: 16, photos: 4}")
            }
            return
        }
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.kind, into: &kind)
        if kind == .classesByPhotos {
            classes = try fields.required(.classes) as Int
            photos = try fields.required(.photos) as Int
        } else {
            try fields.allow(only: [.kind, .epochSize, .groupsByAspect], of: "the sampler \(kind.rawValue)")
        }
        try fields.read(.classes, into: &classes, .within(2...100_000))
        try fields.read(.photos, into: &photos, .within(2...100_000))
        try fields.read(.epochSize, into: &epochSize, .count)
        try fields.read(.groupsByAspect, into: &groupsByAspect)
    }
}
