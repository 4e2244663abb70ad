import CairnRecipes
import CairnTrainingData

/// The photos of a stage with numbered classes, and what the classifier starts from.
struct StagePhotos {
    /// The photos with their classes and weights.
    let all: TrainingPhotoSet

    /// Numbers the classes by name.
    ///
    /// - Parameters:
    ///   - photos: What is learned from, with the labels of the stage's data.
    ///   - outside: Photos that count less, and how much: those that a cleaning step left out.
    ///   - kept: Paths that the cleaning step of `outside` kept.
    init(_ photos: [LabelledPhoto], outside: OutsideWeight? = nil, kept: Set<String> = []) throws {
        let names = Set(photos.map(\.label)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
        let weight = Float(outside?.weight ?? 1)
        all = try TrainingPhotoSet(
            photos: photos.map { photo in
                let counts = outside == nil || kept.contains(photo.path)
                return TrainingPhoto(
                    path: photo.path, label: numbers[photo.label] ?? 0, weight: counts ? 1 : weight)
            }, classNames: names)
    }

    /// Photos of each class, by its number.
    var classCounts: [Int] { all.rowsByClass.map(\.count) }
}
