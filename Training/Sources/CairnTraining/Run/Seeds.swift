import CairnTrainingData

/// Where the random numbers of each part of a run come from: all from one seed, and never from how the run got there.
struct Seeds {
    /// The recipe's seed.
    let root: UInt64

    /// For the weights of a model.
    func weights(of model: String) -> UInt64 { derived(1, model) }

    /// For the weights of a stage's classes.
    func classifier(of model: String, stage: Int) -> UInt64 { derived(2 + UInt64(stage) << 8, model) }

    /// For the order and changes of a stage's photos.
    func photos(of model: String, stage: Int) -> UInt64 { derived(3 + UInt64(stage) << 8, model) }

    /// For what layers drop in a batch of an epoch.
    func dropout(of model: String, stage: Int, epoch: Int, batch: Int, rank: Int) -> UInt64 {
        var random = TrainingRandom(seed: derived(4, model), .photo, stage, epoch, batch, rank)
        return random.next()
    }

    private func derived(_ purpose: UInt64, _ name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        var random = TrainingRandom(seed: root &+ purpose, .order, Int(truncatingIfNeeded: hash))
        return random.next()
    }
}
