import CairnImaging

extension SheetImage {
    /// A thumbnail of the photo in a file.
    public init(photo path: String) throws { self = try SheetPhoto(path: path, limit: Self.thumbnailLimit).image }
}
