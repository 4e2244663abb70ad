import CairnRecipes

extension TrainingStage {
    /// What is done to photos in an epoch of the stage, from 1: the steps of the last phase that has begun.
    public func augmentation(inEpoch epoch: Int) -> [Augmentation] {
        let begun = augmentation.filter { $0.fromEpoch <= epoch }
        // The later of two that begin together was written to take the other's place.
        return begun.enumerated().max { ($0.element.fromEpoch, $0.offset) < ($1.element.fromEpoch, $1.offset) }?
            .element.steps ?? []
    }
}
