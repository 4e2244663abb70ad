import Cairn
import CairnFeatures
import CairnModelLibrary

extension ExtractorSet {
    /// What names stand for: `rootsift` is Cairn's own, the others are a library's.
    ///
    /// - Parameters:
    ///   - names: At least one; at most one of a model that finds keypoints.
    ///   - library: The folder of models.
    ///   - configuration: How RootSIFT works, and how local features are indexed.
    ///   - runtime: Runs networks; asked for only where there are some.
    /// - Throws: `EvaluationError` for two models of keypoints and for a matcher; `ModelLibraryError` for a name that is unknown.
    public init(
        named names: [String], in library: ModelLibrary, configuration: LocalFeatureConfiguration,
        runtime: () throws -> ModelRuntime
    ) throws {
        let needsRuntime = names.contains { $0 != RootSIFTExtractor.name }
        let runtime = needsRuntime ? try runtime() : nil
        var locals: [any LocalFeatureExtractor] = []
        var globals: [any GlobalDescriptorExtractor] = []
        for name in names {
            guard name != RootSIFTExtractor.name, let runtime else {
                locals.append(RootSIFTExtractor(configuration: configuration.sift))
                continue
            }
            switch try library.record(named: name).kind {
            case .local: locals.append(try library.localModel(named: name, runtime: runtime))
            case .global, .ensemble: globals.append(try library.globalModel(named: name, runtime: runtime))
            case .matcher:
                throw EvaluationError(
                    .invalidArgument, "\(name) matches photos in pairs and describes none; it is for cairn match")
            }
        }
        guard locals.count <= 1 else {
            throw EvaluationError(
                .invalidArgument,
                "\(locals.map(\.name).joined(separator: " and ")) both find keypoints; a collection has one such model")
        }
        try self.init(local: locals.first, globals: globals, index: configuration.index)
    }
}
