import CairnNN
import CairnRecipes
import CairnTorch
import CairnTrainingData

/// From a batch of photos to the loss of a stage: network, losses of the global descriptor and, for DELG, those of its local half.
final class StageObjective {
    /// What losses learn and remember, below `classifier`.
    let parameters: TorchParameters
    private let network: TrainableNetwork
    private let normalization: PixelNormalization
    private let device: TorchDevice
    private let usesBFloat16: Bool
    private let processes: TrainingProcesses
    private let isNormalizationFrozen: Bool
    private let global: WeightedLossSum
    private let delg: DELGObjective?

    /// Makes a stage's losses. Their weights start from the seed.
    ///
    /// - Parameters:
    ///   - classCounts: Photos of each class.
    ///   - processes: Those that share a batch.
    init(
        stage: TrainingStage, network: TrainableNetwork, classCounts: [Int], seed: UInt64, device: TorchDevice,
        processes: TrainingProcesses
    ) throws {
        self.network = network
        self.device = device
        self.processes = processes
        usesBFloat16 = stage.precision == .bf16
        isNormalizationFrozen = stage.frozen.contains(.batchNorm)
        normalization = PixelNormalization(network.model.input.normalization)
        parameters = TorchParameters(seed: seed, device: device)
        let context = LossContext(
            parameters: Parameters(parameters)["classifier"], classCounts: classCounts,
            dimensions: network.dimensions, classifier: stage.classifier)
        let global = try WeightedLossSum(stage.losses, context)
        self.global = global
        delg = try stage.delg.map { settings in
            guard let channels = network.shallowChannels else {
                throw TrainingError(.invalidArgument, "\(network.model.name) has no local half that “delg” could train")
            }
            return try DELGObjective(settings, global: global, context, shallowChannels: channels)
        }
        if let settings = stage.delg { network.setStops(settings) }
    }

    /// Training or not, for network and losses.
    func setTraining(_ isTraining: Bool) {
        network.parameters.phase.isTraining = isTraining
        parameters.phase.isTraining = isTraining
    }

    /// Throws where processes would have different numbers of messages between them: photos of sizes of their own go through the
    /// network one by one, and normalisation by the batch of all processes waits for as many of the others.
    private func checkMessages(_ stream: BatchStream) throws {
        guard processes.count > 1, stream.images.count > 1, !isNormalizationFrozen else { return }
        throw TrainingError(
            .unsupported,
            "photos of sizes of their own are shared by several processes only where batch normalisation is frozen; add “frozen: [batchNorm]”, or set the shape of “sizes” to square or aspectGroups"
        )
    }

    /// The loss of photos that belong together. The network computes in bfloat16 where the stage says so, the losses never.
    func callAsFunction(_ stream: BatchStream, of batch: TrainingBatch) throws -> LossValue {
        try checkMessages(stream)
        let input = input(of: stream, batch)
        guard let delg else {
            let parts = try stream.images.map { block in try forward(block) { try network.embeddings($0) } }
            return try global(input(try parts[0].concatenated(with: Array(parts.dropFirst()), axis: 0)))
        }
        guard stream.images.count == 1 else {
            throw TrainingError(
                .unsupported, "DELG learns from batches of one size; set the shape of “sizes” to square or aspectGroups"
            )
        }
        let output = try forward(stream.images[0]) { try network.delgOutput($0) }
        return try delg(output, input(output.embedding))
    }

    private func forward<R>(_ block: ImageBlock, _ body: (TorchTensor) throws -> R) throws -> R {
        let images = try normalization.tensor(block, on: device)
        return try processes.synchronizingNormalization {
            try Torch.withAutocast(usesBFloat16, on: device) { try body(images) }
        }
    }

    private func input(of stream: BatchStream, _ batch: TrainingBatch) -> (TorchTensor) -> LossInput {
        { [processes = processes.losses] embeddings in
            LossInput(
                embeddings: embeddings, labels: stream.first,
                weights: batch.weights.allSatisfy { $0 == 1 } ? nil : batch.weights,
                secondLabels: stream.isMixed ? stream.second : nil, shares: stream.isMixed ? stream.share : nil,
                tuples: batch.tuples, processes: processes)
        }
    }
}
