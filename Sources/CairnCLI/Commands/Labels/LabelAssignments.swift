import Cairn
import CairnCore
import CairnImaging
import CairnTerminal

/// What is said of images, from many lines or files, until it is known that they agree.
struct LabelAssignments {
    private var labels: [ImageID: (value: ImageLabel, origin: String)] = [:]
    private var places: [ImageID: (value: GPSPosition, origin: String)] = [:]
    private var disputed: Set<ImageID> = []
    private let skipsConflicts: Bool

    init(_ options: LabelConflictOptions) { skipsConflicts = options.skipConflicts }

    /// Images of which two things are said.
    var conflicts: Int { disputed.count }

    /// Takes what `origin`, such as a line, says of an image.
    ///
    /// Throws `CommandError` when something else was said of it, unless such images are to be left aside.
    mutating func add(
        _ label: ImageLabel?, place: GPSPosition? = nil, for image: ImageID, from origin: String
    ) throws {
        if let label {
            let text = { (label: ImageLabel) in label.landmarkName ?? ImageLabel.nonLandmarkName }
            if try !agrees(label, with: labels[image], origin, text) { disputed.insert(image) }
            labels[image] = labels[image] ?? (label, origin)
        }
        if let place {
            let text = { (place: GPSPosition) in "\(place.latitude), \(place.longitude)" }
            if try !agrees(place, with: places[image], origin, text) { disputed.insert(image) }
            places[image] = places[image] ?? (place, origin)
        }
    }

    /// All of it that is not disputed.
    func changes(source: LabelSource) throws -> LabelChanges {
        var changes = LabelChanges(source: source)
        for (image, label) in labels where !disputed.contains(image) { try changes.set(label.value, for: image) }
        for (image, place) in places where !disputed.contains(image) { changes.set(place: place.value, for: image) }
        return changes
    }

    private func agrees<Value: Equatable>(
        _ value: Value, with earlier: (value: Value, origin: String)?, _ origin: String, _ text: (Value) -> String
    ) throws -> Bool {
        guard let earlier, earlier.value != value else { return true }
        guard skipsConflicts else {
            throw CommandError(
                kind: .invalidInput,
                message: "\(origin): “\(text(value))” contradicts \(earlier.origin), which says "
                    + "“\(text(earlier.value))” of the same image; make them agree, or leave such images aside "
                    + "with --skip-conflicts; nothing was changed")
        }
        return false
    }
}
