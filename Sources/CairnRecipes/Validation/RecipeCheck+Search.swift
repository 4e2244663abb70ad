import CairnRerank

extension RecipeCheck {
    func checkLocal() throws {
        if let local = recipe.local {
            if let name = local.model, try model(name, at: "local.model").delg == nil {
                throw error(
                    "local.model", "“\(name)” is no DELG model, and has no local features; add “delg: {}” to it")
            }
            guard local.features != .delg || recipe.models.contains(where: { $0.delg != nil }) else {
                throw error("local.features", "no model of the recipe is a DELG model; add “delg: {}” to one")
            }
        }
        guard recipe.search.local != .none else { return }
        guard let local = recipe.local else {
            throw error("search.local", "local descriptors are to be searched, and there is no section “local”; add it")
        }
        guard local.features != .none else {
            throw error(
                "search.local",
                "\(local.matching.rawValue) has no local descriptors that could be searched; choose none")
        }
    }

    func checkReranking() throws {
        guard let reranking = recipe.reranking else { return }
        for (index, step) in reranking.steps.enumerated() {
            let path = "reranking.steps.\(index).method"
            let pipeline: RerankingPipeline
            do { pipeline = try RerankingSpecification.parse(step.method) } catch let problem as RerankError {
                throw error(path, problem.message)
            }
            for method in pipeline.methods { try check(method, reranking, at: path) }
        }
        if let part = reranking.labels {
            try requirePart(part, labelled: true, for: "re-ranking by labels", at: "reranking.labels")
        }
    }

    private func check(_ method: any RerankingMethod, _ reranking: RecipeReranking, at path: String) throws {
        let name = type(of: method).name
        if type(of: method).needsPhotos {
            guard recipe.local != nil else {
                throw error(path, "\(name) compares photos by local features, and there is no section “local”; add it")
            }
        }
        if !(method is GeometricReranking || method is LearnedMatchReranking) {
            guard !recipe.models.isEmpty else {
                throw error(path, "\(name) works on global descriptors, and there is no model; add one to “models”")
            }
        }
        switch method {
        case is GuidedQueryExpansion where recipe.search.local == .none:
            throw error(path, "\(name) needs photos that local descriptors propose; set search.local to voting or asmk")
        case is DiscriminativeReranking where reranking.labels == nil && recipe.data.index?.labelled != true:
            throw error(path, "\(name) needs labels, and data.index has none; say in “labels” which part has them")
        case is RegionalDiffusion:
            throw error(
                path, "\(name) needs several descriptors a photo, and a recipe’s models give one; use diffusion")
        case let method as GeometricReranking where method.n > recipe.search.depth:
            throw error(
                path,
                "\(name) compares the first \(method.n), and the search gives \(recipe.search.depth); raise search.depth"
            )
        case let method as LearnedMatchReranking where method.n > recipe.search.depth:
            throw error(
                path,
                "\(name) compares the first \(method.n), and the search gives \(recipe.search.depth); raise search.depth"
            )
        case let method as GalleryWhitening where method.dimensions > (try finalDimensions()):
            throw error(
                path, "of \(try finalDimensions()) dimensions \(method.dimensions) cannot be kept; keep at most as many"
            )
        default: break
        }
    }

    func checkRecognition() throws {
        guard let recognition = recipe.recognition else { return }
        let configuration = recognition.configuration
        try requirePart(recognition.gallery, labelled: true, for: "recognition", at: "recognition")
        if configuration.suppression != .none || configuration.boosted {
            let purpose = configuration.boosted ? "the boosted re-ranker" : "non-landmark suppression"
            try requirePart(.nonLandmarks, for: purpose, at: "recognition")
        }
        if configuration.normalization != .none {
            try requirePart(recognition.normalizedOn, for: "quantile normalisation", at: "recognition")
        }
        if configuration.boosted {
            try requirePart(recognition.fittedOn, labelled: true, for: "the boosted re-ranker", at: "recognition")
        }
        guard configuration.geometry == .none || recipe.local != nil else {
            throw error(
                "recognition",
                "inliers are to strengthen candidates, and there is no section “local”; add it, or set geometry to none"
            )
        }
        guard configuration.vote == .nearest || configuration.voteCount <= recognition.candidates else {
            throw error(
                "recognition",
                "\(configuration.voteCount) candidates of a label cannot vote among \(recognition.candidates); raise “candidates”"
            )
        }
    }

    func checkMetrics() throws {
        let metrics = recipe.metrics
        let recognizes = metrics.scoring == .gldv2Recognition
        guard !recognizes || recipe.recognition != nil else {
            throw error(
                "metrics.protocol",
                "\(metrics.scoring.rawValue) judges labels, and there is no section “recognition”; add it")
        }
        for (index, figure) in metrics.figures.enumerated() {
            guard (figure == "GAP") == recognizes else {
                throw error("metrics.figures.\(index)", "\(metrics.scoring.rawValue) does not give \(figure)")
            }
        }
        let layouts: [RecipeData.Layout] =
            switch metrics.scoring {
            case .gldv2Retrieval, .gldv2Recognition: [.gldv2, .folders, .csv]
            case .digix: [.digix, .folders, .csv]
            case .roxford5k, .rparis6k: [.revisited]
            case .oxford5k, .paris6k: [.oxford]
            case .ukbench: [.ukbench]
            case .holidays: [.holidays]
            case .standard: [.folders, .csv, .gldv2, .digix]
            }
        let layout = recipe.data.layout(of: .test)
        guard layouts.contains(layout) else {
            throw error(
                "metrics.protocol",
                "\(metrics.scoring.rawValue) does not judge the layout \(layout.rawValue); it takes "
                    + layouts.map(\.rawValue).joined(separator: ", "))
        }
    }
}
