/// How the learning rate changes over a stage. Settings that its kind does not have are `nil`.
public struct LearningRateSchedule: Codable, Sendable, Hashable {
    /// The curve, by the share `t` of the stage that is done.
    public enum Kind: String, Codable, Sendable, Hashable, YAMLChoice {
        /// It does not change.
        case constant
        /// `(1 - t)^power`.
        case poly
        /// `(1 + cos πt) / 2`: Loshchilov and Hutter 2017.
        case cosine
        /// Multiplied by `gamma` after each epoch.
        case exponential
        /// Multiplied by `gamma` at each of `milestones`.
        case steps
    }

    /// The curve; constant.
    public var kind = Kind.constant
    /// `poly`: the power; 0.9.
    public var power: Double?
    /// `exponential`, `steps`: the factor; exp(-0.01) a epoch, and 0.1.
    public var gamma: Double?
    /// `steps`: epochs after which it falls, ascending.
    public var milestones: [Int]?
    /// Epochs, or parts of one, in which it rises evenly from almost nothing; 0.
    public var warmupEpochs = 0.0
    /// `poly`, `cosine`: what it ends at, as a part of what it begins at; 0.
    public var finalFactor: Double?

    /// Constant.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable { case kind, power, gamma, milestones, warmupEpochs, finalFactor }
}

extension LearningRateSchedule: YAMLDecodable {
    /// Reads the settings; a kind alone has the defaults.
    public init(yaml: YAMLNode) throws {
        var own: [CodingKeys] = []
        let fields = yaml.isMapping ? try yaml.fields(CodingKeys.self) : nil
        if let fields { try fields.read(.kind, into: &kind) } else { kind = try Kind(yaml: yaml) }
        switch kind {
        case .constant: break
        case .poly: (power, finalFactor, own) = (0.9, 0, [.power, .finalFactor])
        case .cosine: (finalFactor, own) = (0, [.finalFactor])
        case .exponential: (gamma, own) = (0.990_049_833_749_168, [.gamma])
        case .steps: (gamma, milestones, own) = (0.1, [], [.gamma, .milestones])
        }
        guard let fields else {
            guard kind != .steps else {
                throw yaml.error("steps needs “milestones”: {kind: steps, milestones: [10, 20]}")
            }
            return
        }
        try fields.allow(only: [.kind, .warmupEpochs] + own, of: "the schedule \(kind.rawValue)")
        try fields.read(.power, into: &power, .above(0, upTo: 100))
        try fields.read(.gamma, into: &gamma, .above(0, upTo: 1))
        try fields.read(.warmupEpochs, into: &warmupEpochs, .within(0...100_000))
        try fields.read(.finalFactor, into: &finalFactor, .within(0...1))
        guard kind == .steps else { return }
        let epochs: [Int] = try fields.required(.milestones)
        guard !epochs.isEmpty, zip(epochs, epochs.dropFirst()).allSatisfy({ $0 < $1 }), epochs[0] >= 1 else {
            throw fields.error(.milestones, "“milestones” must be epochs from 1, each later than the one before")
        }
        milestones = epochs
    }
}
