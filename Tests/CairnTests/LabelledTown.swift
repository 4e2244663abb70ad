import CairnAlgebra
import CairnCore
import CairnFeatures
import CairnImaging
import Foundation

@testable import Cairn

/// The rendered town with RootSIFT, a global descriptor and labels: landmarks by their folders, `_distractor` for none.
///
/// It is indexed once a process; tests that change something work on a copy of the collection, which knows the same photos.
enum LabelledTown {
    static let histogram = ColorHistogram()
    static let local = RootSIFTExtractor(configuration: .fast)

    private static let made = Task { try await make() }
    private static let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("cairn-town-\(UUID().uuidString)")

    /// The collection, for tests that only read.
    static func gallery() async throws -> Gallery { try await made.value }

    /// Runs a test on a copy of the collection, in a folder of its own.
    static func withCopy<Result>(_ body: (Gallery, URL) async throws -> Result) async throws -> Result {
        let original = try await gallery().collection.path
        return try await TownGallery.withFolder { folder in
            let copy = folder.appendingPathComponent("collection").path
            try FileManager.default.copyItem(atPath: original, toPath: copy)
            return try await body(try Gallery.open(at: copy, provider: FakeProvider()), folder)
        }
    }

    /// The photos' folder.
    static var photos: URL { folder.appendingPathComponent("photos") }

    /// A photo of the town by its landmark's number and its own.
    static func photo(_ landmark: Int, _ view: Int) -> String {
        photos.appendingPathComponent("\(name(landmark))/view0\(view).jpg").path
    }

    /// A landmark's folder, which is its label too.
    static func name(_ landmark: Int) -> String {
        (TownGallery.town?.label(of: landmark) ?? "").replacingOccurrences(of: " ", with: "_")
    }

    private static func make() async throws -> Gallery {
        atexit { try? FileManager.default.removeItem(at: LabelledTown.folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let extractors = try ExtractorSet(local: local, globals: [histogram])
        let gallery = try await TownGallery.make(in: folder, extractors: extractors).gallery
        var changes = LabelChanges(source: .folder)
        try gallery.collection.snapshot().forEachImage { image in
            let folder = URL(fileURLWithPath: image.paths[0]).deletingLastPathComponent().lastPathComponent
            try changes.set(ImageLabel(validating: folder), for: image.id)
        }
        _ = try await gallery.collection.apply(changes)
        return gallery
    }
}

extension Gallery {
    /// All images by number.
    func images() throws -> [CollectionImage] {
        var images: [CollectionImage] = []
        try collection.snapshot().forEachImage { images.append($0) }
        return images.sorted { $0.id < $1.id }
    }

    /// An image's number.
    func id(_ path: String) throws -> ImageID {
        guard let id = try collection.snapshot().imageID(atPath: path) else {
            throw CollectionError(.notFound, "\(path) is not in the collection")
        }
        return id
    }
}
