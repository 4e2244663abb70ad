import CairnRecipes

/// The sizes of photos over a stage's epochs, one after the other: 448, 512 and 640 pixels for eight epochs each, say.
public struct ProgressiveSizes: Sendable, Hashable {
    /// The sizes, each with its epochs.
    public let steps: [ImageSizeStep]
    /// The first epoch of each, from 0, and the end of the last.
    private let bounds: [Int]
    private let batchSize: Int

    /// Those of a stage. Traps where there is none, or one without epochs; a stage that was read from a recipe has no such.
    public init(_ stage: TrainingStage) {
        precondition(
            !stage.sizes.isEmpty && stage.sizes.allSatisfy { $0.epochs > 0 },
            "a stage's sizes with epochs \(stage.sizes.map(\.epochs))")
        steps = stage.sizes
        bounds = stage.sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.epochs) }
        batchSize = stage.batchSize
    }

    /// Epochs of all sizes together.
    public var epochs: Int { bounds[steps.count] }

    /// The place among `steps` of an epoch's size, from 0. Traps beyond the last epoch.
    public func place(ofEpoch epoch: Int) -> Int {
        precondition((0..<epochs).contains(epoch), "epoch \(epoch) of \(epochs)")
        return steps.indices.last { bounds[$0] <= epoch } ?? 0
    }

    /// An epoch's size.
    public func size(ofEpoch epoch: Int) -> ImageSizeStep { steps[place(ofEpoch: epoch)] }

    /// Photos, or tuples, of an epoch's batches over all processes: the size's own, or the stage's.
    public func batchSize(ofEpoch epoch: Int) -> Int { size(ofEpoch: epoch).batchSize ?? batchSize }

    /// The epochs, from 0, of the size at a place.
    public func epochs(ofPlace place: Int) -> Range<Int> { bounds[place]..<bounds[place + 1] }

    /// A size begins with this epoch: loaders and shapes are to be made anew. The first epoch is such a one.
    public func beginsSize(atEpoch epoch: Int) -> Bool { bounds[place(ofEpoch: epoch)] == epoch }
}
