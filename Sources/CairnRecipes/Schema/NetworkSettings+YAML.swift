import CairnModels

extension PoolingConfiguration.Kind: YAMLChoice {}
extension HeadConfiguration.Kind: YAMLChoice {}

extension PoolingConfiguration: YAMLDecodable {
    private enum Keys: String, CodingKey, CaseIterable { case kind, exponent, learnsExponent, levels }

    /// Reads a pooling; `pooling: gap` is short for its kind alone. Only generalised means have an exponent, and only regional
    /// poolings have levels.
    public init(yaml: YAMLNode) throws {
        self.init()
        guard yaml.isMapping else {
            kind = try Kind(yaml: yaml)
            return
        }
        let fields = try yaml.fields(Keys.self)
        try fields.read(.kind, into: &kind)
        let means: [Kind] = [.generalizedMean, .regionalGeneralizedMean]
        let regional: [Kind] = [.regionalMaximum, .regionalGeneralizedMean]
        try fields.allow(
            only: [.kind] + (means.contains(kind) ? [.exponent, .learnsExponent] : [])
                + (regional.contains(kind) ? [.levels] : []),
            of: "the pooling \(kind.rawValue)")
        var number = Double(exponent)
        try fields.read(.exponent, into: &number, .above(0, upTo: 100))
        exponent = Float(number)
        try fields.read(.learnsExponent, into: &learnsExponent)
        try fields.read(.levels, into: &levels, .within(1...8))
    }
}

extension HeadConfiguration: YAMLDecodable {
    private enum Keys: String, CodingKey, CaseIterable { case kind, dropout }

    /// Reads a head; `head: conv-bn` is short for its kind alone.
    public init(yaml: YAMLNode) throws {
        self.init()
        guard yaml.isMapping else {
            kind = try Kind(yaml: yaml)
            return
        }
        let fields = try yaml.fields(Keys.self)
        try fields.read(.kind, into: &kind)
        try fields.allow(
            only: kind == .normDropoutLinearNorm ? [.kind, .dropout] : [.kind], of: "the head \(kind.rawValue)")
        var share = Double(dropout)
        try fields.read(.dropout, into: &share, .from(0, below: 1))
        dropout = Float(share)
    }
}
