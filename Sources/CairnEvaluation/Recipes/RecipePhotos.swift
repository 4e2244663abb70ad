import CairnDatasets
import CairnMetrics
import CairnRecipes
import CairnRecognition
import Foundation

/// The photos that a recipe runs on: what is searched, with what, and what is known of them.
struct RecipePhotos: Sendable {
    /// A photo with a label.
    struct Labelled: Sendable, Codable, Hashable {
        /// Where it is.
        var path: String
        /// What it shows.
        var label: String
    }

    /// What a photo shows.
    enum Truth: Sendable, Hashable {
        /// This.
        case landmark(String)
        /// No landmark.
        case nonLandmark
    }

    /// The layout that was found.
    var layout: BenchmarkLayout
    /// The gallery by row, the queries, and what is right.
    var benchmark: RetrievalBenchmark
    /// What gallery rows show; `nil` where that is not known.
    var gallery: [Truth?]
    /// What queries show; `nil` where that is not known.
    var queries: [Truth?]
    /// What labels are cleaned on and whitenings learned on, where a recipe does so on its training photos.
    var training: [Labelled]
    /// What a reader should know of this choice.
    var notes: [String] = []

    /// Whether each query is a gallery row, left out of its own ranking.
    var leavesOneOut: Bool { benchmark.queries.allSatisfy { $0.galleryRow != nil } }

    /// Photos of the gallery that show no landmark.
    var nonLandmarkCount: Int { gallery.count { $0 == .nonLandmark } }

    /// Different labels of the gallery.
    var classCount: Int { Set(gallery.compactMap { $0?.label }).count }

    /// Files with what identifies their content as far as a listing shows it: path, size and time of change.
    func add(to key: inout RecipeRunKey) throws {
        key.add(text: benchmark.name)
        for (image, truth) in zip(benchmark.gallery, gallery) { add(image.path ?? "", truth, to: &key) }
        for (query, truth) in zip(benchmark.queries, queries) {
            add(query.image.path ?? "", truth, to: &key)
            key.add(text: query.region.map { "\($0)" } ?? "")
        }
        for setting in benchmark.settings {
            key.add(text: setting.name ?? "")
            for judgment in setting.judgments {
                key.add(text: judgment.map { "\($0.positives) \($0.junk)" } ?? "")
            }
        }
        for photo in training { add(photo.path, .landmark(photo.label), to: &key) }
    }

    private func add(_ path: String, _ truth: Truth?, to key: inout RecipeRunKey) {
        key.add(text: "\(FileStamp.text(of: path))\t\(truth.map { "\($0)" } ?? "")")
    }
}

extension RecipePhotos.Truth {
    /// The landmark's name; `nil` for none.
    var label: String? {
        switch self {
        case .landmark(let name): name
        case .nonLandmark: nil
        }
    }

    /// The same for recognition.
    var recognized: LabelledEvidence.Truth {
        switch self {
        case .landmark(let name): .landmark(name)
        case .nonLandmark: .nonLandmark
        }
    }
}
