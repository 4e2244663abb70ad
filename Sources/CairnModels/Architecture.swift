import CairnCore
import CairnNN

/// A backbone by the name that timm and torchvision give it.
///
/// Adding a family takes three steps: a case of `Definition`, its line in `makeBackbone`, and a file
/// `Architecture+Catalogue<Family>.swift` with a `static let <family>s: [Architecture]` that `all` lists.
public struct Architecture: Sendable, Hashable {
    /// The family, with what its members differ in.
    public enum Definition: Sendable, Hashable {
        /// ResNet, ResNeXt, SE-ResNet, SE-ResNeXt and ResNeSt.
        case resNet(ResNetConfiguration)
        /// Inception-v4.
        case inceptionV4
        /// Inception with batch normalisation.
        case bnInception
        /// EfficientNet.
        case efficientNet(EfficientNetConfiguration)
        /// NFNet.
        case nfNet(NFNetConfiguration)
        /// Swin Transformer.
        case swinTransformer(SwinConfiguration)
    }

    /// The name: `resnet50`.
    public let name: String
    /// What it is made of.
    public let definition: Definition
    /// Paper and authors.
    public let source: String
    /// Names of the classifier's parameters begin so: `fc.`.
    public let classifierPrefixes: [String]
    /// Names that a checkpoint may have and the network does not need, such as counters and tables; `*` stands for anything.
    public let ignoredNames: [String]
    /// The graph depends on the image's size, so that each size is a graph of its own.
    public let dependsOnSize: Bool
    /// Images must have sides that this number divides.
    public let sizeMultiple: Int
    /// The side that published checkpoints were trained at.
    public let trainingSize: Int

    /// Wraps the facts.
    public init(
        name: String, definition: Definition, source: String, classifierPrefixes: [String],
        ignoredNames: [String] = ["*.num_batches_tracked"], dependsOnSize: Bool = false, sizeMultiple: Int = 1,
        trainingSize: Int = 224
    ) {
        self.name = name
        self.definition = definition
        self.source = source
        self.classifierPrefixes = classifierPrefixes
        self.ignoredNames = ignoredNames
        self.dependsOnSize = dependsOnSize
        self.sizeMultiple = sizeMultiple
        self.trainingSize = trainingSize
    }
}

// MARK: - The catalogue
extension Architecture {
    /// Every architecture, family by family.
    public static let all: [Architecture] =
        resNets + resNeSts + inceptions + efficientNets + nfNets + swinTransformers

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The architecture of a name. Throws `NetworkError`, naming those that there are, for any other.
    public static func named(_ name: String) throws -> Architecture {
        guard let architecture = byName[name] else {
            throw NetworkError(
                .notFound, "there is no architecture “\(name)”; there are \(all.map(\.name).joined(separator: ", "))")
        }
        return architecture
    }
}

// MARK: - Training
extension Architecture {
    /// The same network that drops nothing at random in training: neither features before the classifier nor residual branches.
    ///
    /// In training, all architectures take batch statistics where `ForwardPhase.freezesStatistics` does not say otherwise. Dropout and
    /// stochastic depth are the papers' for EfficientNets, NFNets and Swin Transformers, and nothing is dropped in ResNets and
    /// Inceptions. timm's own default is to drop nothing, and in Swin Transformers 0.1 at the last block; to compare gradients with
    /// it, take this network here and rates of 0 there.
    public var withoutDropping: Architecture {
        let definition: Definition
        switch self.definition {
        case .efficientNet(var configuration):
            (configuration.dropout, configuration.stochasticDepth) = (0, 0)
            definition = .efficientNet(configuration)
        case .nfNet(var configuration):
            (configuration.dropout, configuration.stochasticDepth) = (0, 0)
            definition = .nfNet(configuration)
        case .swinTransformer(var configuration):
            (configuration.dropout, configuration.stochasticDepth) = (0, 0)
            definition = .swinTransformer(configuration)
        case .resNet, .inceptionV4, .bnInception: definition = self.definition
        }
        return Architecture(
            name: name, definition: definition, source: source, classifierPrefixes: classifierPrefixes,
            ignoredNames: ignoredNames, dependsOnSize: dependsOnSize, sizeMultiple: sizeMultiple,
            trainingSize: trainingSize)
    }
}

// MARK: - The factory
extension Architecture {
    /// Builds the network from its parameters.
    ///
    /// - Parameters:
    ///   - parameters: The root of the checkpoint's names.
    ///   - classes: Outputs of the classifier; without, its parameters are not asked for.
    ///   - imageSize: The one size that the network will see, which architectures that depend on it then hold images to; nil for
    ///     whatever comes.
    /// - Throws: `NetworkError`, or what the parameters' source throws.
    public func makeBackbone<T: Tensor>(
        _ parameters: Parameters<T>, classes: Int? = nil, imageSize: ImageSize? = nil
    ) throws -> any Backbone<T> {
        switch definition {
        case .resNet(let configuration):
            return try ResNet(parameters, configuration: configuration, classes: classes)
        case .inceptionV4:
            return try InceptionV4(parameters, classes: classes)
        case .bnInception:
            return try BNInception(parameters, classes: classes)
        case .efficientNet(let configuration):
            return try EfficientNet(parameters, configuration: configuration, classes: classes)
        case .nfNet(let configuration):
            return try NFNet(parameters, configuration: configuration, classes: classes)
        case .swinTransformer(let configuration):
            return try SwinTransformer(parameters, configuration: configuration, imageSize: imageSize, classes: classes)
        }
    }

    /// Builds the network where its second-last stage can be seen too.
    ///
    /// Throws `NetworkError` for an architecture that does not show it.
    public func makeStagedBackbone<T: Tensor>(
        _ parameters: Parameters<T>, classes: Int? = nil
    ) throws -> any StagedBackbone<T> {
        guard case .resNet(let configuration) = definition else {
            throw NetworkError(.unsupported, "\(name) does not show its second-last stage; take one of the ResNets")
        }
        return try ResNet(parameters, configuration: configuration, classes: classes)
    }
}
