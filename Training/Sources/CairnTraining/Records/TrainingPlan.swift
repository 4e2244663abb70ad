import CairnRecipes

/// What a run has to do, part by part, for saying when it will end.
public struct TrainingPlan: Codable, Sendable, Hashable {
    /// Epochs of equal cost: a stage's at one size.
    public struct Part: Codable, Sendable, Hashable {
        /// The stage's number, from 0.
        public var stage: Int
        /// The stage's name.
        public var name: String
        /// Pixels of the photos' side.
        public var size: Int
        /// Epochs at this size.
        public var epochs: Int
        /// Steps of an epoch.
        public var stepsPerEpoch: Int
        /// Photos of a step, over all processes.
        public var batchSize: Int

        /// Makes a part.
        public init(stage: Int, name: String, size: Int, epochs: Int, stepsPerEpoch: Int, batchSize: Int) {
            self.stage = stage
            self.name = name
            self.size = size
            self.epochs = epochs
            self.stepsPerEpoch = stepsPerEpoch
            self.batchSize = batchSize
        }

        /// What a step costs, in pixels.
        var workPerStep: Double { Double(batchSize) * Double(size) * Double(size) }
    }

    /// The parts, in the order in which they are done.
    public var parts: [Part]

    /// Makes a plan of parts.
    public init(parts: [Part]) { self.parts = parts }

    /// Makes the plan of a recipe's stages.
    ///
    /// - Parameters:
    ///   - stages: The stages that the model goes through.
    ///   - stepsPerEpoch: Steps of an epoch of a stage at a size; an estimate for stages whose photos are not known yet.
    public init(stages: [TrainingStage], stepsPerEpoch: (TrainingStage, ImageSizeStep) -> Int) {
        parts = stages.enumerated().flatMap { index, stage in
            stage.sizes.map { size in
                Part(
                    stage: index, name: stage.name, size: size.size, epochs: size.epochs,
                    stepsPerEpoch: stepsPerEpoch(stage, size), batchSize: size.batchSize ?? stage.batchSize)
            }
        }
    }

    /// Epochs in all.
    public var epochs: Int { parts.reduce(0) { $0 + $1.epochs } }

    /// Steps in all.
    public var steps: Int { parts.reduce(0) { $0 + $1.epochs * $1.stepsPerEpoch } }

    /// Epochs before a stage.
    func epochs(beforeStage stage: Int) -> Int { parts.reduce(0) { $0 + ($1.stage < stage ? $1.epochs : 0) } }

    /// The part that an epoch of a stage belongs to, and which of its epochs that is, from 0; `nil` beyond the plan.
    func place(stage: Int, epoch: Int) -> (part: Int, epoch: Int)? {
        var before = 0
        for (index, part) in parts.enumerated() where part.stage == stage {
            if epoch <= before + part.epochs { return (index, epoch - before - 1) }
            before += part.epochs
        }
        return nil
    }
}
