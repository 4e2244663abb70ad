import CairnModels

/// Puts the sections of a recipe into words.
struct RecipeTeller {
    let recipe: Recipe

    func steps() -> [RecipeText.Step] {
        var steps = [data()] + recipe.cleaning.map(cleaning) + recipe.models.map(model)
        if let training = recipe.training {
            steps += training.stages.map { TrainingTeller(stage: $0, recipe: recipe).step() }
            if let validation = training.validation {
                steps.append(
                    .init(
                        title: "Validation while training",
                        lines: [
                            "\(validation.figure) on \(validation.part.rawValue), every \(plural(validation.every, "epoch"))"
                        ],
                        source: training.source))
            }
        }
        if let descriptor = recipe.descriptor { steps.append(self.descriptor(descriptor)) }
        if let local = recipe.local { steps.append(self.local(local)) }
        steps.append(search())
        for step in recipe.reranking?.steps ?? [] {
            steps.append(.init(title: "Re-ranking: \(step.method)", lines: summaries(step.method), source: step.source))
        }
        if let recognition = recipe.recognition { steps.append(self.recognition(recognition)) }
        steps.append(metrics())
        return steps
    }

    private func data() -> RecipeText.Step {
        var lines = ["laid out as \(recipe.data.layout.rawValue)"]
        for role in RecipeData.Part.allCases {
            guard let part = recipe.data[role] else { continue }
            var words: [String] = []
            if let layout = part.layout { words.append("laid out as \(layout.rawValue)") }
            if let share = part.share, let source = part.heldOutOf {
                words.append("\(percent(share)) of the classes of \(source.rawValue), held out")
            } else {
                words.append(part.subset ?? role.rawValue)
            }
            if let list = part.list { words.append("those of \(list)") }
            if let limit = part.limit { words.append("at most \(plural(limit, "photo"))") }
            if part.minimumClassSize > 1 { words.append("classes of \(part.minimumClassSize) photos or more") }
            if let count = counts(part.imageCount, part.classCount) { words.append(count) }
            if !part.labelled { words.append("without labels") }
            lines.append("\(role.rawValue): \(words.joined(separator: ", "))")
        }
        return .init(title: "Photos", lines: lines, source: recipe.data.source)
    }

    private func cleaning(_ step: CleaningStep) -> RecipeText.Step {
        var lines: [String] = []
        switch step.method {
        case .clusters:
            lines.append(
                "DBSCAN in each class of \(step.from): distance \(text(step.eps)), \(step.minSamples ?? 0) photos make a core"
            )
            lines.append("noise again: distance \(text(step.tailEps)), \(step.tailMinSamples ?? 0) photos make a core")
        case .verifiedNeighbors:
            lines.append(
                "photos of \(step.from) stay when \(step.minimumVerified ?? 0) of \(step.neighbors ?? 0) neighbours share \(step.minimumInliers ?? 0) inliers"
            )
        case .list: lines.append("photos that \(step.file ?? "") lists")
        }
        if step.method != .list {
            let model = step.model ?? recipe.models.first?.name ?? ""
            lines.append(
                "descriptors of \(model)" + (step.afterStage.map { " after the stage \($0)" } ?? " as it begins"))
        }
        if let count = counts(step.imageCount, step.classCount) { lines.append("leaves \(count)") }
        return .init(title: "Cleaning “\(step.name)”", lines: lines, source: step.source)
    }

    private func model(_ model: RecipeModel) -> RecipeText.Step {
        var pooling = model.pooling.kind.rawValue
        if [.generalizedMean, .regionalGeneralizedMean].contains(model.pooling.kind) {
            pooling +=
                " with p = \(text(Double(model.pooling.exponent)))\(model.pooling.learnsExponent ? ", learned" : "")"
        }
        var lines = ["\(model.backbone), \(pooling), head \(model.head.kind.rawValue)"]
        lines.append(
            model.dimensions.map { "\(plural($0, "dimension"))" } ?? "as many dimensions as the backbone has channels")
        lines.append(
            "photos: \(fit(model.input.fit)) \(model.input.size) px, numbers as \(model.input.normalization.rawValue)")
        if model.scales != [1] {
            lines.append(
                "scales \(model.scales.map { text($0) }.joined(separator: ", ")), by \(model.scaleAggregation.rawValue)"
            )
        }
        if let delg = model.delg {
            lines.append(
                "local half: \(delg.localDimensions) dimensions, attention of \(delg.attentionChannels) channels")
        }
        if let whitening = model.whitening { lines.append(self.whitening(whitening)) }
        if let weights = model.weights { lines.append("weights: \(weights)") }
        return .init(title: "Model “\(model.name)”", lines: lines, source: model.source)
    }

    private func fit(_ fit: RecipeModelInput.Fit) -> String {
        switch fit {
        case .longSide: "long side"
        case .shortSide: "short side"
        case .square: "squares of"
        }
    }

    private func whitening(_ whitening: RecipeWhitening) -> String {
        let kept = whitening.dimensions.map { " to \(plural($0, "dimension"))" } ?? ""
        return "whitening \(whitening.kind.rawValue)\(kept), learned on \(whitening.learnedOn.rawValue)"
    }

    private func descriptor(_ descriptor: RecipeDescriptor) -> RecipeText.Step {
        let members =
            descriptor.ensemble.isEmpty
            ? recipe.models.map(\.name)
            : descriptor.ensemble.map { $0.weight == 1 ? $0.model : "\(text($0.weight)) × \($0.model)" }
        var lines = [members.joined(separator: " + ") + (members.count > 1 ? ", one behind the other" : "")]
        if let whitening = descriptor.whitening { lines.append(self.whitening(whitening)) }
        return .init(title: "Descriptor", lines: lines, source: descriptor.source)
    }

    private func local(_ local: RecipeLocal) -> RecipeText.Step {
        var lines: [String] = []
        if local.features != .none {
            lines.append(
                "\(local.features.rawValue)\(local.model.map { " of \($0)" } ?? ""), at most \(local.count), long side \(local.longSide) px"
            )
            if local.scales != [1] { lines.append("scales \(local.scales.map { text($0) }.joined(separator: ", "))") }
        }
        var matching = "matched by \(local.matching.rawValue)"
        if local.matching == .nearest {
            matching += local.ratio < 1 ? ", ratio \(text(local.ratio))" : ", no ratio test"
            matching += local.mutual ? ", mutually" : ""
        }
        lines.append(matching)
        lines.append(
            "RANSAC: \(local.geometry.rawValue), \(text(local.tolerance)) px, at most \(local.iterations) samples")
        return .init(title: "Local features", lines: lines, source: local.source)
    }

    private func search() -> RecipeText.Step {
        let search = recipe.search
        var lines = recipe.models.isEmpty ? [] : ["global descriptors: \(search.global.rawValue)"]
        if search.local != .none {
            lines.append(
                "local descriptors: \(search.local.rawValue), \(search.centers) centres, \(search.probes) compared")
        }
        lines.append("the first \(search.depth)")
        return .init(title: "Search", lines: lines, source: search.source)
    }

    private func summaries(_ method: String) -> [String] {
        guard let pipeline = try? RecipeReranking(steps: [.init(method: method, source: "")]).pipeline() else {
            return []
        }
        return pipeline.methods.map { type(of: $0).summary }
    }

    private func recognition(_ recognition: RecipeRecognition) -> RecipeText.Step {
        let settings = recognition.configuration
        var lines = ["\(recognition.candidates) candidates of \(recognition.gallery.rawValue)"]
        lines.append(
            "vote: \(settings.vote.rawValue), power \(text(settings.votePower)), \(settings.voteCount) of a label")
        if settings.normalization != .none {
            lines.append(
                "similarities: \(settings.normalization.rawValue) quantiles of \(recognition.normalizedOn.rawValue)")
        }
        if settings.suppression != .none {
            lines.append("non-landmarks: \(settings.suppression.rawValue), the nearest \(settings.suppressionCount)")
        }
        if settings.geometry != .none {
            lines.append("inliers: \(settings.geometry.rawValue), at most \(settings.inlierCap)")
        }
        if settings.boosted, let boosting = recognition.boosting {
            lines.append(
                "boosted trees decide: \(boosting.rounds) rounds of \(boosting.leaves) leaves, fitted on \(recognition.fittedOn.rawValue)"
            )
        }
        return .init(title: "Recognition", lines: lines, source: recognition.source)
    }

    private func metrics() -> RecipeText.Step {
        let metrics = recipe.metrics
        let figures = metrics.figures.isEmpty ? "its own figures" : metrics.figures.joined(separator: ", ")
        var lines = ["\(metrics.scoring.rawValue): \(figures)"]
        for reported in metrics.reported {
            lines.append("reported: \(reported.figure) \(text(reported.value)), \(reported.on)")
        }
        return .init(title: "Figures", lines: lines, source: metrics.source)
    }

    private func counts(_ images: Int?, _ classes: Int?) -> String? {
        let words = [images.map { plural($0, "photo") }, classes.map { plural($0, "class", "classes") }].compactMap(
            \.self)
        return words.isEmpty ? nil : words.joined(separator: " of ")
    }
}

/// A number in few letters.
func text(_ value: Double?) -> String {
    guard let value else { return "none" }
    if let whole = Int(exactly: value) { return "\(whole)" }
    let rounded = (value * 1e6).rounded() / 1e6
    return rounded == 0 ? "\(value)" : "\(rounded)"
}

/// A share of one as “20 %”.
func percent(_ share: Double) -> String { "\(text(share * 100)) %" }

/// A count with its noun, thousands apart: “4,132,914 photos”.
func plural(_ count: Int, _ noun: String, _ many: String? = nil) -> String {
    var digits = String(abs(count))
    var groups: [String] = []
    while digits.count > 3 {
        groups.insert(String(digits.suffix(3)), at: 0)
        digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return "\(groups.joined(separator: ",")) \(count == 1 ? noun : many ?? noun + "s")"
}
