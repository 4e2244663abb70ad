import CairnModels
import CairnNN
import CairnRecipes
import CairnTorch

/// A recipe's model on LibTorch: the code that serves it, with parameters that learn.
///
/// Names of parameters are those of the model's own file: the backbone's without prefix, `pool.p`, `head.…`, `local.…`. What only
/// training needs, classifiers and the state of losses, is the losses' own, and is not exported.
final class TrainableNetwork {
    /// What the recipe says of it.
    let model: RecipeModel
    /// Everything that layers hold.
    let parameters: TorchParameters
    private let body: Body
    /// Which gradients of DELG's local half stop at the shallow map; both, as in the paper.
    private var stopsAttention = true
    private var stopsReconstruction = true

    private enum Body {
        case descriptor(DescriptorNetwork<TorchTensor>)
        case delg(DELG<TorchTensor>)
    }

    /// Builds the network. Throws `NetworkError` where parts do not go together, and what the parameters' source throws.
    init(model: RecipeModel, parameters: TorchParameters) throws {
        self.model = model
        self.parameters = parameters
        let root = Parameters(parameters)
        if let configuration = model.delgConfiguration {
            body = .delg(try DELG(root, configuration: configuration))
        } else {
            body = .descriptor(try DescriptorNetwork(root, configuration: model.network))
        }
    }

    /// What a model asks for, without a tensor: to hold checkpoints against.
    static func specs(of model: RecipeModel) throws -> [ParameterSpec] {
        let source = ShapeParameters()
        if let configuration = model.delgConfiguration {
            _ = try DELG(Parameters(source), configuration: configuration)
        } else {
            _ = try DescriptorNetwork(Parameters(source), configuration: model.network)
        }
        return source.specs
    }

    /// Size of a descriptor.
    var dimensions: Int {
        switch body {
        case .descriptor(let network): network.dimensions
        case .delg: model.delgConfiguration?.dimensions ?? 0
        }
    }

    /// `[N, 3, H, W]` to `[N, D]` before the last normalisation: what losses see.
    func embeddings(_ images: TorchTensor) throws -> TorchTensor {
        switch body {
        case .descriptor(let network): try network.head.embedding(network.pooling(network.backbone.features(images)))
        case .delg(let network): try network.trainingOutput(images).embedding
        }
    }

    /// Both halves of DELG. Throws `TrainingError` for other networks.
    func delgOutput(_ images: TorchTensor) throws -> DELG<TorchTensor>.TrainingOutput {
        guard case .delg(let network) = body else {
            throw TrainingError(.invalidArgument, "\(model.name) has no local half")
        }
        return try network.trainingOutput(
            images, stopsAttentionGradient: stopsAttention, stopsReconstructionGradient: stopsReconstruction)
    }

    /// Says which gradients of the local half stop at the shallow map.
    func setStops(_ losses: DELGLosses) {
        stopsAttention = losses.stopsAttentionGradient
        stopsReconstruction = losses.stopsReconstructionGradient
    }

    /// Channels of DELG's shallow map; `nil` for other networks.
    var shallowChannels: Int? {
        parameters.tensor(named: "local.attention.conv1.weight")?.shape[1]
    }

    /// `[N, 3, H, W]` to `[N, D]`, each row of length 1, as the served model gives them; no gradient is remembered.
    func descriptors(_ images: TorchTensor) throws -> TorchTensor {
        let wasTraining = parameters.phase.isTraining
        parameters.phase.isTraining = false
        defer { parameters.phase.isTraining = wasTraining }
        return try Torch.withoutGradients {
            switch body {
            case .descriptor(let network): try network(images)
            case .delg(let network): try network(images).global
            }
        }
    }
}

extension RecipeModel {
    /// The sizes of DELG; `nil` for a network of global descriptors alone.
    var delgConfiguration: DELGConfiguration? {
        guard let delg else { return nil }
        var configuration = DELGConfiguration()
        configuration.architecture = backbone
        configuration.pooling = pooling
        configuration.dimensions = dimensions ?? configuration.dimensions
        configuration.localDimensions = delg.localDimensions
        configuration.attentionChannels = delg.attentionChannels
        return configuration
    }
}
