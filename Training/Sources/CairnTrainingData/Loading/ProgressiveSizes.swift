import CairnRecipes

/// The sizes of photos over a stage's epochs, one after the other: 448, 512 and 640 pixels for eight epochs each, say.
public struct ProgressiveSizes: Sendable, Hashable {
    /// The sizes, each with its epochs.
    public let steps: [ImageSizeStep]

    /// Those of a stage. Traps where there is none, or one without epochs; a stage that was read from a recipe has no such.
    public init(_ stage: TrainingStage) {
        precondition(
            !stage.sizes.isEmpty && stage.sizes.allSatisfy { $0.epochs > 0 },
            "a stage's sizes with epochs \(stage.sizes.map(\.epochs))")
        steps = stage.sizes
    }

    /// Epochs of all sizes together.
    public var epochs: Int { steps.reduce(0) { $0 + $1.epochs } }

    /// An epoch's size, from epoch 1. Traps beyond the last.
    public func size(inEpoch epoch: Int) -> ImageSizeStep {
        precondition((1...epochs).contains(epoch), "epoch \(epoch) of \(epochs)")
        var last = 0
        for step in steps {
            last += step.epochs
            if epoch <= last { return step }
        }
        return steps[steps.count - 1]
    }
}
