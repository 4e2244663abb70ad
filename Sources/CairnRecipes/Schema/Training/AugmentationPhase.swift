/// What is done to training photos from some epoch on: “soft” first, say, and “hard” later.
public struct AugmentationPhase: Codable, Sendable, Hashable {
    /// What it is called.
    public var name: String
    /// Its first epoch within the stage, from 1; 1. It ends where the next phase begins.
    public var fromEpoch = 1
    /// What is done, in order.
    public var steps: [Augmentation]

    enum CodingKeys: String, CodingKey, CaseIterable { case name, fromEpoch, steps }
}

extension AugmentationPhase: YAMLDecodable {
    /// Reads a phase.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        name = try fields.required(.name)
        try fields.read(.fromEpoch, into: &fromEpoch, .within(1...100_000))
        steps = try fields.required(.steps)
    }
}
