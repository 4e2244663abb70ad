import CairnRecipes
import Testing

/// A slip in the sample: what is written instead of what, where the error must point, and what it must say.
struct Mistake: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    /// Text whose line, after the change, the error names.
    let place: String
    let says: String

    init(_ old: String, _ new: String, at place: String, _ says: String) {
        (self.old, self.new, self.place, self.says) = (old, new, place, says)
    }

    var testDescription: String { "\(new.prefix(40)) → \(says.prefix(40))" }
}

private let mistakes: [Mistake] = [
    // Names and versions.
    Mistake("name: sample", "name: My Recipe", at: "name: My", "lower-case letters"),
    Mistake("name: sample", "name: sample\nformat: 9", at: "format: 9", "format 9"),
    Mistake("title: \"A sample\"", "titel: x", at: "titel", "did you mean “title”?"),
    Mistake("  - title: \"Nobody 2020: Nothing\"", "  []", at: "  []", "“documents” is empty"),
    // Data.
    Mistake("layout: folders", "layout: folder", at: "layout: folder", "did you mean “folders”?"),
    Mistake("  test: {}\n", "", at: "data:", "needs photos of “test”"),
    Mistake("validation: {share: 0.2}", "validation: {share: 2}", at: "share: 2", "above 0 and at most 1"),
    Mistake(
        "validation: {share: 0.2}", "validation: {share: 0.2, heldOutOf: validation}", at: "heldOutOf", "out of itself"),
    Mistake(
        "validation: {share: 0.2}", "validation: {heldOutOf: train}", at: "heldOutOf", "means nothing without “share”"),
    Mistake(
        "layout: folders\n  train: {}", "layout: gldv2\n  train: {subset: trian}", at: "trian", "no subset “trian”"),
    Mistake("train: {}", "train: {labelled: false}", at: "validation", "data.train has none"),
    // Cleaning.
    Mistake("    method: clusters", "    method: clusterss", at: "clusterss", "did you mean “clusters”?"),
    Mistake("    eps: 0.3", "    neighbors: 3", at: "neighbors: 3", "“clusters” has no setting “neighbors”"),
    Mistake("    eps: 0.3", "    eps: 0.6", at: "    method: clusters", "below “eps” 0.6"),
    Mistake("    eps: 0.3", "    from: nowhere", at: "from: nowhere", "nothing called “nowhere” before this step"),
    Mistake("    afterStage: first", "    afterStage: third", at: "afterStage: third", "no stage “third”"),
    Mistake("    afterStage: first", "    afterStage: second", at: "afterStage: second", "which is only made after"),
    Mistake("    eps: 0.3", "    model: c", at: "model: c", "there is no model “c”; there are a, b"),
    // Models.
    Mistake("backbone: resnet18", "backbone: resnet81", at: "resnet81", "did you mean “resnet18”?"),
    Mistake("head: fc\n", "head: none\n", at: "dimensions: 64", "have the 512 dimensions of resnet18, not 64"),
    Mistake(
        "kind: gem, exponent: 3", "kind: mac, exponent: 3", at: "kind: mac", "the pooling mac has no setting “exponent”"
    ),
    Mistake("kind: gem", "kind: gap", at: "kind: gap", "the pooling gap has no setting “exponent”"),
    Mistake("exponent: 3", "exponent: 0", at: "exponent: 0", "above 0"),
    Mistake("backbone: resnet50", "backbone: efficientnet_b0", at: "efficientnet_b0", "shows its second-last stage"),
    Mistake("head: whitening", "head: fc", at: "head: fc\n    dimensions: 128", "the global head of DELG"),
    Mistake("backbone: resnet18", "backbone: swin_tiny_patch4_window7_224\n    #", at: "input:", ""),
    Mistake("size: 224", "size: 7", at: "size: 7", "from 16 to 8192"),
    Mistake("scales: [0.5, 1]", "scales: []", at: "scales: []", "1 to 8 scales"),
    Mistake("scales: [0.5, 1]", "scales: [0.5, 9]", at: "scales: [0.5, 9]", "at most 4"),
    Mistake("- name: b", "- name: a", at: "- name: a\n    backbone: resnet50", "two models called “a”"),
    // Training.
    Mistake(
        "  stages:\n    - name: first", "  validation: {figure: GAP}\n  stages:\n    - name: first", at: "figure: GAP",
        "no figure of retrieval"),
    Mistake("losses: [softmax]", "losses: []", at: "losses: []", "list one, or set “globalWeight”"),
    Mistake("kind: arcFace", "kind: arcface", at: "kind: arcface", "did you mean “arcFace”?"),
    Mistake("margin: 0.3", "subcenters: 3", at: "subcenters: 3", "the loss arcFace has no setting “subcenters”"),
    Mistake("kind: arcFace, margin: 0.3", "kind: subcenterArcFace, subcenters: 0", at: "subcenters: 0", "from 1 to 64"),
    Mistake("losses: [softmax]", "losses: [contrastive]", at: "losses: [contrastive]", "takes mined photos"),
    Mistake(
        "losses: [softmax]", "losses: [batchHardTriplet]", at: "losses: [batchHardTriplet]", "several photos of a class"
    ),
    Mistake(
        "      epochs: 2", "      epochs: 2\n      mining: {}", at: "mining: {}", "no loss of this stage takes mined"),
    Mistake("      epochs: 2", "      epochs: 2\n      sampler: tuples", at: "sampler: tuples", "no tuples to sample"),
    Mistake(
        "      epochs: 2", "      epochs: 2\n      sampler: {kind: classesByPhotos, classes: 3, photos: 4}",
        at: "classesByPhotos", "a batch of 12, not 64"),
    Mistake(
        "      epochs: 2", "      epochs: 2\n      delg: {}", at: "      delg: {}\n      source", "a is no DELG model"),
    Mistake(
        "      epochs: 2", "      epochs: 2\n      start: previous", at: "start: previous", "is the first stage of a"),
    Mistake(
        "      epochs: 2", "      epochs: 2\n      models: [a]\n      frozen: [pooling]", at: "frozen: [pooling]",
        "which every stage freezes"),
    Mistake(
        "      epochs: 2", "      epochs: 2\n      frozen: [backbone, head, classifier]", at: "frozen:",
        "nothing is left"),
    Mistake("      sizes: [64]", "      sizes: [64, 96]", at: "sizes: [64, 96]", "for how many “epochs”"),
    Mistake(
        "      sizes: [64]", "      sizes: [{size: 64, epochs: 5}]", at: "      epochs: 2", "those of “sizes” are 5"),
    Mistake("fromEpoch: 2", "fromEpoch: 7", at: "fromEpoch: 7", "the stage has 3"),
    Mistake("fromEpoch: 2", "fromEpoch: 1", at: "fromEpoch: 1", "no later than the phase before"),
    Mistake("steps: [cutout]", "steps: [cutuot]", at: "cutuot", "did you mean “cutout”?"),
    Mistake(
        "      epochs: 2", "      epochs: 2\n      schedule: {kind: steps, milestones: [5]}", at: "milestones: [5]",
        "not within the stage’s 2"),
    Mistake("data: tight", "data: loose", at: "data: loose", "nothing called “loose” to learn from"),
    Mistake("models: [b]", "models: [c]", at: "models: [c]", "no model “c”"),
    Mistake(
        "      epochs: 2", "      epochs: 2\n      optimizer: {kind: adamw, momentum: 0.9}", at: "momentum",
        "the optimizer adamw has no setting “momentum”"),
    Mistake(
        "      epochs: 2", "      epochs: 2\n      sampler: {groupsByAspect: true}", at: "groupsByAspect",
        "and then made squares"),
    // Descriptor.
    Mistake("dimensions: 100", "dimensions: 500", at: "dimensions: 500", "of 192 dimensions 500 cannot be kept"),
    Mistake("ensemble: [a, ", "ensemble: [a, a, ", at: "ensemble:", "in the ensemble twice"),
    Mistake("kind: pca", "kind: pca, pairs: 3", at: "pairs: 3", "the whitening pca has no setting “pairs”"),
    // Local features, search, re-ranking.
    Mistake("    delg: {}\n    source", "    source", at: "      delg: {}", "b is no DELG model"),
    Mistake(
        "features: delg", "features: superpoint\n  matching: loftr", at: "matching: loftr",
        "does not match the features"),
    Mistake("features: delg", "features: delg\n  model: a", at: "  model: a", "“a” is no DELG model"),
    Mistake("local: voting", "local: voting\n  probes: 1000", at: "probes: 1000", "1000 of 512 centres"),
    Mistake("local: voting", "local: none\n  probes: 2", at: "probes: 2", "without local descriptors has no setting"),
    Mistake("alphaqe:n=5", "alfaqe:n=5", at: "alfaqe", "no re-ranking method “alfaqe”"),
    Mistake("alphaqe:n=5,alpha=3", "discriminative", at: "alphaqe", ""),
    Mistake("verify:n=50", "verify:n=500", at: "verify:n=500", "the search gives 100"),
    Mistake("verify:n=50", "regionaldiffusion", at: "regionaldiffusion", "several descriptors a photo"),
    Mistake("local: voting", "local: none\n  depth: 100\n  #", at: "guidedqe", ""),
    // Recognition and figures.
    Mistake("preset: suppressed", "preset: supressed", at: "supressed", "one of nearest, softVoting"),
    Mistake("preset: suppressed", "settings: {vots: 3}", at: "vots", "no setting “vots”"),
    Mistake("preset: suppressed", "settings: {voteCount: many}", at: "voteCount", "cannot be “many”"),
    Mistake("preset: suppressed", "boosting: {rounds: 5}", at: "boosting", "nothing is boosted"),
    Mistake("preset: suppressed", "candidates: 2", at: "recognition:", "cannot vote among 2"),
    Mistake("  nonLandmarks: {labelled: false}\n", "", at: "recognition:", "needs photos of “nonLandmarks”"),
    Mistake("protocol: gldv2-retrieval", "protocol: roxford5k", at: "roxford5k", "does not judge the layout folders"),
    Mistake("[\"mAP@100\"]", "[\"mAP@all\"]", at: "mAP@all", "a figure: mAP"),
    Mistake("[\"mAP@100\"]", "[GAP]", at: "[GAP]", "does not give GAP"),
].filter { !$0.says.isEmpty }

struct RecipeMistakeTests {
    @Test("the sample itself is right")
    func sample() throws {
        let recipe = try Sample.recipe("", "")
        #expect(recipe.models.count == 2)
        #expect(recipe.training?.stages(of: "a").count == 1)
        #expect(recipe.training?.stages(of: "b").count == 2)
    }

    @Test("there are at least forty kinds of mistakes here")
    func count() { #expect(mistakes.count >= 40) }

    @Test("a mistake is one sentence with its line", arguments: mistakes)
    func mistake(mistake: Mistake) throws {
        let changed = Sample.text.replacing(mistake.old, with: mistake.new, maxReplacements: 1)
        try #require(changed != Sample.text)
        let document = try YAMLDocument(text: changed, name: "sample.yaml")
        var found: RecipeError?
        do { _ = try Recipe(document: document) } catch { found = error as? RecipeError }
        let error = try #require(found)
        #expect(error.message.contains(mistake.says), "\(error.message)")
        #expect(!error.message.contains("\n"))
        let place = try #require(changed.range(of: mistake.place))
        let line = 1 + changed[..<place.lowerBound].filter { $0 == "\n" }.count
        #expect(abs((error.mark?.line ?? 0) - line) <= 1, "\(error.message), and not line \(line)")
    }

    @Test("methods that need labels, a local search, photos or sizes that divide ask for them")
    func needs() throws {
        func found(_ overrides: [String]) -> String {
            refusal {
                _ = try Recipe(document: YAMLDocument(text: Sample.text, name: "sample.yaml"), overrides: overrides)
            }
        }
        let labels = found(["data.index.labelled=false", "reranking.steps.0.method=discriminative"])
        #expect(labels.contains("needs labels, and data.index has none"), "\(labels)")
        let local = found(["search.local=none", "reranking.steps.0.method=guidedqe"])
        #expect(local.contains("set search.local to voting or asmk"), "\(local)")
        let photos = found(["local=null", "search.local=none"])
        #expect(photos.contains("verify compares photos by local features"), "\(photos)")
        let swin = found([
            "models.0.backbone=swin_tiny_patch4_window7_224", "models.0.input.size=225",
        ])
        #expect(swin.contains("takes sides that 32 divides, not 225; take 224"), "\(swin)")
        let norm = found([
            "models.0.backbone=nfnet_l0", "models.1.backbone=resnet50", "training.stages.0.models=[a]",
            "training.stages.0.frozen=[batchNorm]",
        ])
        #expect(norm.contains("no batch normalisation to freeze"), "\(norm)")
        let noModels = found([
            "models=[]", "descriptor=null", "training=null", "cleaning=[]", "local.features=rootsift",
        ])
        #expect(noModels.contains("alphaqe works on global descriptors"), "\(noModels)")
        let training = found(["data.train=null"])
        #expect(training.contains("“train”"), "\(training)")
        #expect(found(["models.*.dimensions=null"]).isEmpty)
    }
}
