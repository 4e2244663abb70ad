import CairnCore

/// The photos of a stage, numbered, with their classes.
public struct TrainingPhotoSet: Sendable {
    /// The photos; a photo's number is its place here.
    public private(set) var photos: [TrainingPhoto]
    /// The names of the classes, by number.
    public let classNames: [String]
    /// The photos of each class, by number, ascending. A class may have none.
    public let rowsByClass: [[Int]]

    /// Makes a set.
    ///
    /// - Throws: `TrainingDataError` when there is no photo, a class number has no name, or a weight is negative or not a number.
    public init(photos: [TrainingPhoto], classNames: [String]) throws {
        guard !photos.isEmpty else {
            throw TrainingDataError(.invalidInput, "there is no photo to learn from; name data that has some")
        }
        var rows = [[Int]](repeating: [], count: classNames.count)
        for (row, photo) in photos.enumerated() {
            guard rows.indices.contains(photo.label) else {
                throw TrainingDataError(
                    .invalidInput,
                    "\(photo.path): class \(photo.label) of \(classNames.count); classes are numbered from 0")
            }
            guard photo.weight >= 0, photo.weight.isFinite else {
                throw TrainingDataError(
                    .invalidInput, "\(photo.path): a weight of \(photo.weight); weights are 0 or more")
            }
            rows[photo.label].append(row)
        }
        self.photos = photos
        self.classNames = classNames
        rowsByClass = rows
    }

    /// The number of photos.
    public var count: Int { photos.count }

    /// A photo by its number.
    public subscript(row: Int) -> TrainingPhoto { photos[row] }

    /// Width by height; 1 where it is not known.
    func aspect(of row: Int) -> Double {
        photos[row].size.map { Double($0.width) / Double(max(1, $0.height)) } ?? 1
    }

    /// Puts in sizes that were found out.
    mutating func setSizes(_ sizes: [ImageSize?]) {
        for (row, size) in sizes.enumerated() where size != nil { photos[row].size = size }
    }
}
