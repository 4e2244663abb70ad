import CairnModels
import CairnNN
import CairnRecipes
import CairnTorch

/// The losses of DELG: the stage's own on global descriptors, and both of the local half.
///
/// Cao, Araujo and Sim 2020, *Unifying Deep Local and Global Features for Image Search*, sections 3.3 and 3.4:
/// `λ_g L_g + λ_a L_a + λ_r L_r` with weights 1 : 1 : 10, where
/// - `L_a` is the cross-entropy of a linear classifier over reconstructions pooled under attention;
/// - `L_r` is the mean over all elements of `(S' - S)²`, the reconstruction's squared error.
///
/// Gradients, as in the authors' public code: those of both local losses stop at the shallow map `S`, input and target alike; that
/// of `L_a` reaches the attention and, through what it pools, both layers of the autoencoder. Where they shall not stop,
/// `DELG.trainingOutput` is told so.
///
/// Photo weights and second labels count in the classifying losses alone: the reconstruction knows no classes. Parameters below the
/// context's place: those of the global losses, and `attention.weight` `[C, channels of S]` and `attention.bias` `[C]`.
public struct DELGObjective {
    private let settings: DELGLosses
    private let global: any Loss
    private let attention: SoftmaxLoss

    /// Makes the local classifier beside the global losses.
    ///
    /// - Parameters:
    ///   - settings: The weights.
    ///   - global: The stage's own losses, such as a `WeightedLossSum` of the same context.
    ///   - context: What the global losses were made with.
    ///   - shallowChannels: Channels of the shallow map.
    public init(_ settings: DELGLosses, global: any Loss, _ context: LossContext, shallowChannels: Int) throws {
        self.settings = settings
        self.global = global
        var local = context.at(context.parameters["attention"])
        local.dimensions = shallowChannels
        attention = try SoftmaxLoss(TrainingLoss(standard: .softmax), local, named: "attention")
    }

    /// The loss of a batch whose `embeddings` are the output's `embedding`.
    ///
    /// Parts are the global losses' own, `attention` and `reconstruction`; logits are the global ones.
    public func callAsFunction(
        _ output: DELG<TorchTensor>.TrainingOutput, _ input: LossInput
    ) throws -> LossValue {
        var local = input
        local.embeddings = output.pooledReconstruction
        let attention = try attention(local)
        let reconstruction = try error(output.reconstruction, of: output.shallow)
        var value = try global(input)
        value.total =
            try value.total.scaled(by: settings.globalWeight) + attention.total.scaled(by: settings.attentionWeight)
            + reconstruction.scaled(by: settings.reconstructionWeight)
        value.parts += attention.parts + [LossPart("reconstruction", reconstruction.detached())]
        return value
    }

    /// The mean square over all elements, in 32 bits.
    private func error(_ reconstruction: TorchTensor, of shallow: TorchTensor) throws -> TorchTensor {
        func precise(_ map: TorchTensor) throws -> TorchTensor {
            map.elementType == .bfloat16 ? try map.converted(to: .float32) : map
        }
        let mean = 1
        return try LossOperator.meanSquare(precise(reconstruction), precise(shallow), mean)
    }
}
