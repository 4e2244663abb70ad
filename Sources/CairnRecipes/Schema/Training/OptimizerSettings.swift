/// How weights follow gradients. Settings that its kind does not have are `nil`.
public struct OptimizerSettings: Codable, Sendable, Hashable {
    /// The rule.
    public enum Kind: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Stochastic gradient descent with momentum.
        case sgd
        /// Adam, weight decay as part of the gradient: Kingma and Ba 2015.
        case adam
        /// Adam with decoupled weight decay: Loshchilov and Hutter 2019.
        case adamw
    }

    /// The rule; SGD.
    public var kind = Kind.sgd
    /// The learning rate before the schedule; 0.01, and 0.001 for both Adams.
    public var learningRate = 0.01
    /// `sgd`: the momentum; 0.9.
    public var momentum: Double? = 0.9
    /// `sgd`: Nesterov's form; no.
    public var nesterov: Bool? = false
    /// `adam`, `adamw`: the decay of the gradients' mean; 0.9.
    public var beta1: Double?
    /// `adam`, `adamw`: the decay of the squared gradients' mean; 0.999.
    public var beta2: Double?
    /// `adam`, `adamw`: what is added to the divisor; 1e-8.
    public var epsilon: Double?
    /// Weight decay; 0.0001.
    public var weightDecay = 1e-4
    /// Norms and biases decay too; no. The pooling's exponent never does.
    public var decaysNormsAndBiases = false
    /// What the learning rate is multiplied by for the pooling's exponent; 1.
    public var poolingMultiplier = 1.0

    /// SGD at 0.01 with momentum 0.9.
    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, learningRate, momentum, nesterov, beta1, beta2, epsilon, weightDecay, decaysNormsAndBiases
        case poolingMultiplier
    }
}

extension OptimizerSettings: YAMLDecodable {
    /// Reads the settings.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        try fields.read(.kind, into: &kind)
        var own: [CodingKeys] = [.momentum, .nesterov]
        if kind != .sgd {
            own = [.beta1, .beta2, .epsilon]
            (momentum, nesterov, learningRate) = (nil, nil, 0.001)
            (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)
        }
        try fields.allow(
            only: [.kind, .learningRate, .weightDecay, .decaysNormsAndBiases, .poolingMultiplier] + own,
            of: "the optimizer \(kind.rawValue)")
        try fields.read(.learningRate, into: &learningRate, .above(0, upTo: 100))
        try fields.read(.momentum, into: &momentum, .from(0, below: 1))
        try fields.read(.nesterov, into: &nesterov)
        try fields.read(.beta1, into: &beta1, .from(0, below: 1))
        try fields.read(.beta2, into: &beta2, .from(0, below: 1))
        try fields.read(.epsilon, into: &epsilon, .above(0, upTo: 1))
        try fields.read(.weightDecay, into: &weightDecay, .within(0...1))
        try fields.read(.decaysNormsAndBiases, into: &decaysNormsAndBiases)
        try fields.read(.poolingMultiplier, into: &poolingMultiplier, .above(0, upTo: 1e6))
    }
}
