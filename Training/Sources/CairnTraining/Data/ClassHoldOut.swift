import CairnTrainingData

/// Classes held out from training, so that what is measured on them is how well landmarks are told that were never seen.
struct ClassHoldOut {
    /// The share of classes with two photos or more, above 0; one class at least is held out.
    let share: Double
    /// Chooses which.
    let seed: Int

    /// Photos of the classes held out, and the rest; both in their order.
    func split(_ photos: [LabelledPhoto]) -> (held: [LabelledPhoto], rest: [LabelledPhoto]) {
        var labels = photos.sizesByLabel.filter { $0.value > 1 }.keys.sorted()
        var random = TrainingRandom(seed: UInt64(seed), .holdOut)
        random.shuffle(&labels)
        let count = max(1, Int((share * Double(labels.count)).rounded()))
        let held = Set(labels.prefix(count))
        return (photos.filter { held.contains($0.label) }, photos.filter { !held.contains($0.label) })
    }
}
