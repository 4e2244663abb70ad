import ArgumentParser
import Cairn
import CairnFeatures
import CairnInference
import CairnModelLibrary

/// Which models describe photos, and how they are run.
struct ModelOptions: ParsableArguments {
    @Option(
        name: .customLong("model"),
        help: ArgumentHelp(
            "A model that describes photos; again for several.",
            discussion:
                "rootsift is Cairn's own, and the default; others are added with cairn models add. At most one that "
                + "finds keypoints, any number of global ones.",
            valueName: "name"))
    var models: [String] = []

    @OptionGroup var runtime: RuntimeOptions

    /// What the names stand for; `nil` when there are none.
    func extractors(_ configuration: LocalFeatureConfiguration, goal: InferenceConfiguration.Goal) throws
        -> ExtractorSet?
    {
        guard !models.isEmpty else { return nil }
        let library = ModelLibrary.standard
        let others = models.filter { $0 != RootSIFTExtractor.name }
        let runtime = others.isEmpty ? nil : try self.runtime.runtime(goal)
        var locals: [any LocalFeatureExtractor] = []
        var globals: [any GlobalDescriptorExtractor] = []
        for name in models {
            guard name != RootSIFTExtractor.name, let runtime else {
                locals.append(RootSIFTExtractor(configuration: configuration.sift))
                continue
            }
            switch try library.record(named: name).kind {
            case .local: locals.append(try library.localModel(named: name, runtime: runtime))
            case .global, .ensemble: globals.append(try library.globalModel(named: name, runtime: runtime))
            case .matcher:
                throw CommandError(
                    kind: .invalidArgument,
                    message: "\(name) matches photos in pairs and describes none; it is for cairn match")
            }
        }
        guard locals.count <= 1 else {
            throw CommandError(
                kind: .invalidArgument,
                message:
                    "\(locals.map(\.name).joined(separator: " and ")) both find keypoints; a collection has one such model"
            )
        }
        return try ExtractorSet(local: locals.first, globals: globals, index: configuration.index)
    }
}

extension ModelLibrary {
    /// Throws where a new model may not have a name because it is that of Cairn's own extractor.
    static func requireFree(name: String) throws {
        guard name == RootSIFTExtractor.name else { return }
        throw CommandError(
            kind: .invalidArgument, message: "\(name) is Cairn's own and always there; choose another name")
    }
}

extension RuntimeOptions {
    /// Makes the models again that a collection was made with.
    func provider(_ goal: InferenceConfiguration.Goal) -> LibraryExtractors {
        LibraryExtractors(library: .standard) { [self] in try runtime(goal) }
    }
}
