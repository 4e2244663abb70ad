import CairnDatasets
import CairnImaging
import Foundation

@testable import Cairn

/// A small rendered town, written once for all tests that search it.
enum TownGallery {
    static let landmarks = 6
    static let views = 4

    static let town: SampleTown? = try? SampleTown(
        seed: 11, landmarks: landmarks, viewsPerLandmark: views, lookAlikes: 3, distractors: 6, longSide: 400,
        difficulty: .easy)

    /// Writes the photos into a folder and indexes them into a collection beside it.
    static func make(
        in folder: URL, configuration: LocalFeatureConfiguration = .standard
    ) async throws -> (photos: URL, gallery: Gallery) {
        try await make(in: folder, extractors: ExtractorSet(rootSIFT: configuration))
    }

    /// The same with extractors of all sorts.
    static func make(in folder: URL, extractors: ExtractorSet) async throws -> (photos: URL, gallery: Gallery) {
        guard let town else { throw CollectionError(.failure, "the town cannot be made") }
        let photos = folder.appendingPathComponent("photos")
        try await SampleTownWriter(town: town) { try $0.encodeJPEG(quality: 90) }.write(to: photos)
        let gallery = try Gallery.openOrCreate(
            at: folder.appendingPathComponent("collection").path, extractors: extractors)
        _ = try await gallery.index([photos.path])
        return (photos, gallery)
    }

    /// A view that is not among the photos, as a file in `folder`, and the name of its landmark's folder.
    static func query(_ landmark: Int, in folder: URL) throws -> (path: String, name: String) {
        guard let town else { throw CollectionError(.failure, "the town cannot be made") }
        let view = town.view(landmark: landmark, index: views)
        let file = folder.appendingPathComponent("query\(landmark).jpg")
        try view.image.encodeJPEG(quality: 90).write(to: file)
        return (file.path, (view.label ?? "").replacingOccurrences(of: " ", with: "_"))
    }

    /// Runs a test in a folder of its own.
    static func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }
}
