import CairnRecipes

/// A part of a network in training, told by the names of its parameters.
public enum NetworkPart: String, Sendable, Hashable, CaseIterable {
    /// Whatever has no prefix of another part, so that a public checkpoint's names stay as they are.
    case backbone
    /// The exponent of the pooling: `pool.`.
    case pooling
    /// What makes the descriptor: `head.`.
    case head
    /// DELG's autoencoder and attention: `local.`.
    case local
    /// What losses learn, the weights of classes above all: by default `classifier.`. It is not part of the model that is
    /// kept.
    case classifier

    /// What names of classifiers begin with, unless it is said otherwise.
    public static let classifierPrefixes = ["classifier."]

    /// The part of a parameter or layer.
    ///
    /// - Parameters:
    ///   - name: Its name: `layer1.0.conv1.weight`.
    ///   - classifierPrefixes: What names of classifiers begin with.
    public init(of name: String, classifierPrefixes: [String] = NetworkPart.classifierPrefixes) {
        if classifierPrefixes.contains(where: { name.hasPrefix($0) }) {
            self = .classifier
        } else if name.hasPrefix("pool.") {
            self = .pooling
        } else if name.hasPrefix("head.") {
            self = .head
        } else if name.hasPrefix("local.") {
            self = .local
        } else {
            self = .backbone
        }
    }
}

extension TrainingStage.FrozenPart {
    /// The part of the network; `nil` for batch normalisation, which is everywhere.
    var networkPart: NetworkPart? {
        switch self {
        case .batchNorm: nil
        case .backbone: .backbone
        case .pooling: .pooling
        case .head: .head
        case .classifier: .classifier
        }
    }
}
