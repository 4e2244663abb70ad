import ArgumentParser
import Cairn
import CairnEvaluation
import CairnFeatures
import CairnInference
import CairnModelLibrary
import CairnTerminal

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
        return try ExtractorSet(named: models, in: .standard, configuration: configuration) {
            try runtime.runtime(goal)
        }
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
