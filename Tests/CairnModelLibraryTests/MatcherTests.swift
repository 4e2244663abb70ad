import CairnCore
import CairnFeatures
import CairnModelLibrary
import CairnModels
import CairnNN
import Testing

@Suite struct MatcherTests {
    private func lightGlue(_ configuration: LightGlueConfiguration, _ models: SampleModels) throws -> (String, Int) {
        let source = ShapeParameters()
        _ = try LightGlue(Parameters(source), configuration: configuration)
        let count = source.specs.filter { $0.role != .buffer }.reduce(0) { $0 + $1.shape.elementCount }
        return (try models.checkpoint("lightglue", source.specs), count)
    }

    @Test("A matcher is told by its names, runs, and is refused where descriptors are wanted")
    func lighterGlue() throws {
        let models = try SampleModels()
        let (file, count) = try lightGlue(.xfeat, models)
        let record = try models.add(file, "lighter")
        #expect(record.kind == .matcher && record.architecture == "lightglue-xfeat" && record.dimensions == 64)
        #expect(record.parameterCount == count)
        let runtime = try SampleModels.runtime.get()
        let matcher = try models.library.matcher(named: "lighter", runtime: runtime)
        #expect(matcher.needsKeypoints)
        let extractor = DELGTests.extractor(DELGTests.Attention())
        let image = DELGTests.image(64, 64)
        let verifier = try PairVerifier(configuration: .learned)
        let comparison = try matcher.compare(image, image, extractor: extractor, verifier: verifier)
        // Every size that has 32 pixels at least gives its cells.
        #expect(comparison.keypoints[0] > 0 && comparison.keypoints[0] == comparison.keypoints[1])
        let missing = #expect(throws: ModelLibraryError.self) {
            try matcher.compare(image, image, extractor: nil, verifier: verifier)
        }
        #expect(missing?.message.contains("none was named") == true)
        _ = try models.add(models.meanColour(), "mean")
        let errors = [
            #expect(throws: ModelLibraryError.self) { try models.model("lighter") },
            #expect(throws: ModelLibraryError.self) {
                _ = try models.library.localModel(named: "lighter", runtime: runtime)
            },
            #expect(throws: ModelLibraryError.self) {
                _ = try models.library.addEnsemble("both", of: [("mean", 1), ("lighter", 1)])
            },
        ]
        #expect(errors.allSatisfy { $0?.message.contains("lighter matches photos in pairs") == true })
        let noMatcher = #expect(throws: ModelLibraryError.self) {
            try models.library.matcher(named: "mean", runtime: runtime)
        }
        #expect(noMatcher?.message.contains("mean describes whole photos") == true)
    }

    @Test("A checkpoint that could be two matchers' is not guessed at")
    func ambiguous() throws {
        let models = try SampleModels()
        let (file, _) = try lightGlue(.aliked, models)
        let error = #expect(throws: ModelLibraryError.self) { try models.add(file, "x") }
        #expect(error?.message.contains("lightglue-aliked or lightglue-disk") == true)
    }

    @Test("How similar matches must be belongs to the kind of model")
    func floors() {
        let floors = [KeypointConfiguration.superPoint, .xfeat, .aliked, .delg].map(\.minimumCosine)
        #expect(floors == [0.755, 0.82, 0.75, 0.595])
    }
}
