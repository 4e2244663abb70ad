import CairnAlgebra
import CairnCleaning
import CairnDatasets
import CairnRecipes
import Foundation

/// Runs one cleaning step of a recipe on labelled photos.
struct LabelCleaner {
    let step: CleaningStep
    /// The folder of photos, for published lists.
    let data: URL

    /// The photos that are kept, with their new labels, in their order.
    ///
    /// - Parameter describe: Descriptors of photos, by row, of length 1; rows of zeros are photos that cannot be read, and are dropped.
    func clean(
        _ photos: [LabelledPhoto], describe: ([String]) throws -> DescriptorMatrix
    ) async throws -> [LabelledPhoto] {
        if step.method == .list { return try listed(photos) }
        let all = try describe(photos.map(\.path))
        let readable = photos.indices.filter { row in all[row].contains { $0 != 0 } }
        let descriptors = try all.rows(at: readable)
        let known = readable.map { photos[$0] }
        let labels = try await newLabels(of: known, descriptors)
        return zip(known, labels).compactMap { photo, label in
            label.map { LabelledPhoto(path: photo.path, label: $0) }
        }
    }

    private func newLabels(of photos: [LabelledPhoto], _ descriptors: DescriptorMatrix) async throws -> [String?] {
        let labels = photos.map { Optional($0.label) }
        guard step.method == .verifiedNeighbors else {
            var settings = ClassCleaning.standard
            settings.eps = step.eps ?? settings.eps
            settings.minSamples = step.minSamples ?? settings.minSamples
            settings.tailEps = step.tailEps
            settings.tailMinSamples = step.tailMinSamples ?? settings.tailMinSamples
            settings.minimumClassSize = step.minimumClassSize ?? settings.minimumClassSize
            return try settings.clean(descriptors, labels: labels).verdicts.map(\.newClass)
        }
        var settings = VerifiedNeighborCleaning.glret2019
        settings.neighbors = step.neighbors ?? settings.neighbors
        settings.minimumInliers = step.minimumInliers ?? settings.minimumInliers
        settings.minimumVerified = step.minimumVerified ?? settings.minimumVerified
        settings.minimumClassSize = step.minimumClassSize ?? settings.minimumClassSize
        let cleaned = try await settings.clean(
            descriptors, labels: labels, verification: PhotoPairVerification(paths: photos.map(\.path)))
        return cleaned.verdicts.map { $0.outcome == .kept ? $0.label : nil }
    }

    /// The photos that a published list of Google Landmarks has, with its labels.
    private func listed(_ photos: [LabelledPhoto]) throws -> [LabelledPhoto] {
        let name = step.file ?? ""
        let files = GoogleLandmarks(root: data)
        guard let file = files.file(name) else {
            throw TrainingError(
                .notFound, "cleaning “\(step.name)” needs the list \(name), which is not in \(data.path); put it there")
        }
        let list = try LandmarkLabels(contentsOf: file)
        let labels = Dictionary(
            zip(list.images, list.landmarks).map { (files.path(of: $0, in: .train), "\($1)") },
            uniquingKeysWith: { first, _ in first })
        return photos.compactMap { photo in labels[photo.path].map { LabelledPhoto(path: photo.path, label: $0) } }
    }
}
