import CairnCore
import CairnImaging

/// Changes of labels and places that are made together, or not at all.
///
/// ```swift
/// var changes = LabelChanges(source: .hand)
/// try changes.set(.landmark("Notre-Dame"), for: image)
/// try await collection.apply(changes)
/// ```
public struct LabelChanges: Sendable, Equatable {
    /// What is to be told of a landmark; `nil` leaves it as it is.
    struct Details: Sendable, Equatable {
        var title: String?
        var note: String?
        var place: GPSPosition?
    }

    /// Where they come from.
    public let source: LabelSource

    /// Images' labels; `nil` takes one away.
    public private(set) var labels: [ImageID: ImageLabel?] = [:]

    /// Images' places; `nil` takes one away, so that the photo's own counts again.
    public private(set) var places: [ImageID: GPSPosition?] = [:]

    /// What becomes known of landmarks, by their names.
    private(set) var details: [String: Details] = [:]

    /// Whether all labels are taken away first.
    public var clearsAllLabels = false

    /// Whether all given places are taken away first, those of landmarks with them.
    public var clearsAllPlaces = false

    /// No changes yet.
    public init(source: LabelSource) { self.source = source }

    /// Whether there is nothing to do.
    public var isEmpty: Bool {
        labels.isEmpty && places.isEmpty && details.isEmpty && !clearsAllLabels && !clearsAllPlaces
    }

    /// Gives an image a label, in place of what was to become of it before; `nil` takes it away.
    ///
    /// Throws `CollectionError` for a name that cannot be one; see `ImageLabel.name(validating:)`.
    public mutating func set(_ label: ImageLabel?, for image: ImageID) throws {
        if case .landmark(let name) = label {
            labels[image] = .some(.landmark(try Self.landmarkName(name)))
        } else {
            labels[image] = .some(label)
        }
    }

    /// Gives an image a place; `nil` takes it away.
    public mutating func set(place: GPSPosition?, for image: ImageID) { places[image] = .some(place) }

    /// Tells more of a landmark, which some image must have when the changes are made. What is `nil` stays as it is.
    ///
    /// Throws `CollectionError` for a name, title or note that cannot be one.
    public mutating func describe(
        landmark name: String, title: String? = nil, note: String? = nil, place: GPSPosition? = nil
    ) throws {
        let name = try Self.landmarkName(name)
        let title = try title.map(ImageLabel.name(validating:))
        let note = try note.map(ImageLabel.name(validating:))
        var known = details[name] ?? Details()
        known.title = title ?? known.title
        known.note = note ?? known.note
        known.place = place ?? known.place
        details[name] = known
    }

    private static func landmarkName(_ text: String) throws -> String {
        let name = try ImageLabel.name(validating: text)
        guard name != ImageLabel.nonLandmarkName else {
            throw CollectionError(.invalidInput, "“\(name)” stands for images that show none of the landmarks")
        }
        return name
    }
}

/// What changes of labels did.
public struct LabelReport: Sendable, Codable, Equatable {
    /// Images that got a landmark, or another one.
    public var labelled = 0
    /// Images that became non-landmarks.
    public var nonLandmarks = 0
    /// Images that had the label already.
    public var unchanged = 0
    /// Images that lost theirs.
    public var cleared = 0
    /// Images that got a place, or another one.
    public var places = 0
    /// Images whose given place was taken away.
    public var clearedPlaces = 0
    /// Landmarks of which a title, note or place became known.
    public var landmarks = 0
}
