import CairnTrainingData

/// Where a run stands: everything beside tensors that going on needs.
struct TrainingPosition: Codable, Sendable, Equatable {
    /// The stage, from 0.
    var stage = 0
    /// The epoch within the stage, from 0.
    var epoch = 0
    /// The epoch's batch that comes next.
    var batch = 0
    /// Changes of the weights since the run began.
    var globalStep = 0
    /// Photos seen since the run began, over all processes.
    var photos = 0
    /// Seconds of training since the run began, without pauses.
    var seconds = 0.0
    /// What the epoch has added up so far.
    var sums = EpochSums()
    /// What mining found last; empty for samplers of photos.
    var tuples: [TrainingTuple] = []
    /// The best epoch so far.
    var best: Best?
    /// Classes that the classifier knows, so that the next stage can tell whether it may keep it.
    var classes: [String] = []
    /// A digest of the photos and labels that training was given, so that a run never goes on with others.
    var photosDigest = ""

    /// Moves on to the next epoch of the stage.
    mutating func beginEpoch() {
        epoch += 1
        batch = 0
        sums = EpochSums()
    }

    /// Moves on to the next stage, which needs to know the classes of this one.
    mutating func beginStage(after classes: [String]) {
        stage += 1
        epoch = 0
        batch = 0
        tuples = []
        self.classes = classes
    }

    /// An epoch with its figure.
    struct Best: Codable, Sendable, Equatable {
        /// The stage, from 0.
        var stage: Int
        /// The epoch within the stage, from 1.
        var epoch: Int
        /// The figure's value.
        var value: Double
    }
}

/// Sums over the steps of an epoch.
struct EpochSums: Codable, Sendable, Equatable {
    /// Steps added.
    var steps = 0
    /// Photos added.
    var photos = 0
    /// The sum of losses.
    var loss = 0.0
    /// The sums of the parts, by name.
    var losses: [String: Double] = [:]
    /// Photos whose class was right.
    var right = 0
    /// Photos that were classified.
    var classified = 0
    /// Seconds of steps, waiting for data included.
    var seconds = 0.0
    /// Seconds of mining, before the first step.
    var miningSeconds = 0.0
    /// The learning rate of the last step.
    var learningRate = 0.0

    /// The mean of the steps' losses.
    var meanLoss: Double { loss / Double(max(steps, 1)) }
    /// The means of the parts.
    var meanLosses: [String: Double] { losses.mapValues { $0 / Double(max(steps, 1)) } }
    /// The share of right photos; `nil` where none was classified.
    var accuracy: Double? { classified > 0 ? Double(right) / Double(classified) : nil }
}
