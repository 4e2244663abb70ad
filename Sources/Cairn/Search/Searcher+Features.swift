import CairnCore
import CairnFeatures

extension Searcher {
    /// What the search compares of a photo, or of a part of it.
    ///
    /// - Throws: `ImagingError` when it is not a usable image; `CollectionError` when the region is outside of it.
    public func queryFeatures(contentsOf path: String, region: PixelRegion? = nil) throws -> QueryFeatures {
        var kinds: Set<FeatureKind> = []
        if strategy.usesLocal || comparesFeatures { kinds.insert(.local) }
        if strategy.usesGlobal { kinds.insert(.global) }
        return try analyzer.features(contentsOf: path, region: region, kinds: kinds)
    }

    /// The same of an image in the collection, without reading its photo again; `nil` when it was deleted meanwhile.
    public func storedFeatures(of id: ImageID) throws -> QueryFeatures? {
        guard let image = try snapshot.image(id) else { return nil }
        var features = QueryFeatures(local: nil)
        if strategy.usesLocal || comparesFeatures {
            guard let record = try snapshot.record(of: image) else { return nil }
            features.local = try record.withUnsafeBytes { try LocalFeatures(record: $0) }
        }
        if let global {
            guard let descriptor = global.descriptor(of: id) else { return nil }
            features.globalDescriptor = descriptor
        }
        return features
    }
}
