/// How training photos are mixed with others.
public struct ImageMixing: Codable, Sendable, Hashable {
    /// The way of mixing.
    public enum Kind: String, Codable, Sendable, Hashable, YAMLChoice {
        /// A random rectangle of one photo replaces that of another, labels weighted by area: Yun et al. 2019.
        case cutmix
        /// One whole photo is resized onto a random corner of another, labels weighted alike: Mei et al. 2020.
        case cornerCutmix
    }

    /// The way of mixing.
    public var kind: Kind
    /// How often a photo is mixed; 1 in two streams, 0.5 in one.
    public var probability: Double
    /// Plain and mixed photos both go through the network, and their losses are added; yes for `cornerCutmix`.
    public var twoStreams: Bool
    /// `cornerCutmix`: the weight of the pasted photo's label; 0.5.
    public var labelWeight: Double?
    /// `cornerCutmix`: the least and greatest side of the pasted photo, as a share of the other's; 0.5 for both.
    public var side: [Double]?
    /// `cutmix`: both parameters of the Beta distribution of areas; 1.
    public var beta: Double?

    enum CodingKeys: String, CodingKey, CaseIterable { case kind, probability, twoStreams, labelWeight, side, beta }
}

extension ImageMixing: YAMLDecodable {
    /// Reads the settings; a kind alone has the defaults.
    public init(yaml: YAMLNode) throws {
        guard yaml.isMapping else {
            self = ImageMixing(standard: try Kind(yaml: yaml))
            return
        }
        let fields = try yaml.fields(CodingKeys.self)
        self.init(standard: try fields.required(.kind))
        try fields.allow(
            only: [.kind, .probability, .twoStreams] + (kind == .cutmix ? [.beta] : [.labelWeight, .side]),
            of: "the mixing \(kind.rawValue)")
        try fields.read(.probability, into: &probability, .above(0, upTo: 1))
        try fields.read(.twoStreams, into: &twoStreams)
        try fields.read(.labelWeight, into: &labelWeight, .within(0...1))
        try fields.read(.beta, into: &beta, .above(0, upTo: 1000))
        guard fields[.side] != nil else { return }
        var values: [Double] = []
        try fields.read(.side, into: &values, each: .above(0, upTo: 1))
        guard values.count == 2, values[0] <= values[1] else {
            throw fields.error(.side, "“side” must be a range of two numbers, the least first: [0.3, 0.5]")
        }
        side = values
    }

    /// The way of mixing with its paper's settings.
    public init(standard kind: Kind) {
        self.kind = kind
        switch kind {
        case .cutmix: (probability, twoStreams, beta) = (0.5, false, 1)
        case .cornerCutmix: (probability, twoStreams, labelWeight, side) = (1, true, 0.5, [0.5, 0.5])
        }
    }
}
