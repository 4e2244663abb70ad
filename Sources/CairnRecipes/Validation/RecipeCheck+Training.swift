import CairnModels

extension RecipeCheck {
    func checkTraining() throws {
        guard let training = recipe.training else { return }
        try requirePart(.train, for: "training", at: "training")
        guard !recipe.models.isEmpty else { throw error("training", "there is no model to train; list it in “models”") }
        try requireUnique(training.stages.map(\.name), of: "stages", at: "training.stages")
        if let validation = training.validation {
            try requirePart(validation.part, labelled: true, for: "validation", at: "training.validation")
            try checkFigure(validation.figure)
        }
        for (index, stage) in training.stages.enumerated() {
            let path = "training.stages.\(index)"
            for (place, name) in stage.models.enumerated() { _ = try model(name, at: "\(path).models.\(place)") }
            let data = ["train"] + recipe.cleaning.map(\.name)
            guard data.contains(stage.data) else {
                throw error(
                    "\(path).data", "there is nothing called “\(stage.data)” to learn from; there is \(list(data))")
            }
            if let name = stage.outside?.cleaning, !recipe.cleaning.contains(where: { $0.name == name }) {
                throw error(
                    "\(path).outside.cleaning",
                    "there is no cleaning step “\(name)”; there are \(list(recipe.cleaning.map(\.name)))")
            }
            let models = stage.models.isEmpty ? recipe.models : recipe.models.filter { stage.models.contains($0.name) }
            try checkStart(of: stage, index, models, path)
            try checkLosses(of: stage, path)
            try checkTuples(of: stage, path)
            try checkDELG(of: stage, models, path)
            try checkFrozen(of: stage, models, path)
            try checkSizes(of: stage, models, path)
            try checkEpochs(of: stage, path)
        }
    }

    /// Training is judged by retrieval: each photo of a class is searched for among the others.
    private func checkFigure(_ figure: String) throws {
        let parts = figure.split(separator: "@", omittingEmptySubsequences: false)
        let isDepth = parts.count == 2 && Int(parts[1]).map { $0 > 0 } == true
        guard figure == "mAP" || isDepth && ["mAP", "mP", "P", "Acc", "recall"].contains(parts[0]) else {
            throw error(
                "training.validation.figure",
                "“\(figure)” is no figure of retrieval; take mAP, mAP@k, P@k or recall@k with a number k")
        }
    }

    private func checkStart(of stage: TrainingStage, _ index: Int, _ models: [RecipeModel], _ path: String) throws {
        guard stage.start == .previous, let training = recipe.training else { return }
        for model in models where training.stages(of: model.name).first?.name == stage.name {
            throw error(
                "\(path).start", "“\(stage.name)” is the first stage of \(model.name): no stage before it has weights")
        }
    }

    private func checkLosses(of stage: TrainingStage, _ path: String) throws {
        let classifies = stage.losses.contains { $0.kind.classifies }
        if let index = stage.losses.firstIndex(where: { $0.kind.classifies }) {
            let name = stage.losses[index].kind.rawValue
            try requirePart(.train, labelled: true, for: "the loss \(name)", at: "\(path).losses.\(index)")
        }
        if !stage.losses.isEmpty {
            try requirePart(
                .train, labelled: true, for: "the loss \(stage.losses[0].kind.rawValue)", at: "\(path).losses")
        }
        if stage.mixing != nil, !classifies {
            throw error(
                "\(path).mixing",
                "mixed photos have two classes, and no loss of this stage classifies; leave “mixing” out")
        }
        if stage.losses.isEmpty, let delg = stage.delg, delg.globalWeight > 0 {
            throw error("\(path).losses", "DELG’s global half has no loss; list one, or set “globalWeight” to 0")
        }
    }

    private func checkTuples(of stage: TrainingStage, _ path: String) throws {
        let needsTuples = stage.losses.contains { $0.kind.needsTuples }
        if let index = stage.losses.firstIndex(where: { $0.kind.needsTuples }) {
            let name = stage.losses[index].kind.rawValue
            guard stage.mining != nil else {
                throw error(
                    "\(path).losses.\(index)",
                    "the loss \(name) takes mined photos; add “mining”, {} for the paper’s numbers")
            }
            guard stage.sampler.kind == .tuples else {
                throw error("\(path).sampler", "the loss \(name) takes mined photos; set the sampler to tuples")
            }
        }
        guard needsTuples || stage.mining == nil else {
            throw error("\(path).mining", "no loss of this stage takes mined photos; leave “mining” out")
        }
        guard needsTuples || stage.sampler.kind != .tuples else {
            throw error("\(path).sampler", "there are no tuples to sample, as no loss takes any; choose shuffled")
        }
        if let index = stage.losses.firstIndex(where: { $0.kind.needsPositivesInBatch }),
            stage.sampler.kind != .classesByPhotos
        {
            throw error(
                "\(path).losses.\(index)",
                "the loss \(stage.losses[index].kind.rawValue) needs several photos of a class in each batch; set the sampler to classesByPhotos"
            )
        }
        if let classes = stage.sampler.classes, let photos = stage.sampler.photos, classes * photos != stage.batchSize {
            throw error(
                "\(path).sampler",
                "\(classes) classes of \(photos) photos make a batch of \(classes * photos), not \(stage.batchSize)")
        }
    }

    private func checkDELG(of stage: TrainingStage, _ models: [RecipeModel], _ path: String) throws {
        guard stage.delg != nil else { return }
        for model in models where model.delg == nil {
            throw error(
                "\(path).delg", "\(model.name) is no DELG model: it has no local half to train; add “delg: {}” to it")
        }
    }

    private func checkFrozen(of stage: TrainingStage, _ models: [RecipeModel], _ path: String) throws {
        let frozen = Set(stage.frozen)
        func place(_ part: TrainingStage.FrozenPart) -> String {
            "\(path).frozen.\(stage.frozen.firstIndex(of: part) ?? 0)"
        }
        if frozen.contains(.pooling) {
            for model in models where !model.pooling.learnsExponent {
                throw error(
                    place(.pooling),
                    "the pooling of \(model.name) learns nothing that could be frozen; leave “pooling” out")
            }
            if let training = recipe.training {
                for model in models
                where training.stages(of: model.name).allSatisfy({ $0.frozen.contains(.pooling) }) {
                    throw error(
                        place(.pooling),
                        "\(model.name) learns its pooling’s exponent, which every stage freezes; set “learnsExponent: false”"
                    )
                }
            }
        }
        if frozen.contains(.classifier), !stage.losses.contains(where: { $0.kind.classifies }) {
            throw error(
                place(.classifier), "no loss of this stage classifies, so that there is no classifier to freeze")
        }
        if frozen.isSuperset(of: [.backbone, .head, .classifier]), stage.delg == nil {
            throw error("\(path).frozen", "nothing is left to learn; leave a part out of “frozen”")
        }
        if frozen.contains(.batchNorm), let first = models.first,
            models.allSatisfy({ Self.isWithoutBatchNorm($0.backbone) && !Self.headHasBatchNorm($0.head.kind) })
        {
            throw error(place(.batchNorm), "\(first.backbone) has no batch normalisation to freeze; leave it out")
        }
    }

    private static func isWithoutBatchNorm(_ backbone: String) -> Bool {
        switch try? Architecture.named(backbone).definition {
        case .nfNet, .swinTransformer: true
        default: false
        }
    }

    private static func headHasBatchNorm(_ kind: HeadConfiguration.Kind) -> Bool {
        [.convolutionNorm, .linearNorm, .normDropoutLinearNorm].contains(kind)
    }

    private func checkSizes(of stage: TrainingStage, _ models: [RecipeModel], _ path: String) throws {
        for (index, step) in stage.sizes.enumerated() {
            guard step.shape != .aspectGroups || stage.sampler.groupsByAspect else {
                throw error(
                    "\(path).sizes.\(index)",
                    "aspectGroups needs batches of like photos; set “groupsByAspect: true” in “sampler”")
            }
            for model in models where step.shape != .longSide {
                try requireSize(step.size, of: Architecture.named(model.backbone), at: "\(path).sizes.\(index)")
            }
        }
        guard !stage.sampler.groupsByAspect || stage.sizes.contains(where: { $0.shape != .square }) else {
            throw error(
                "\(path).sampler",
                "photos are grouped by aspect ratio and then made squares; set a size’s “shape” to aspectGroups")
        }
    }

    private func checkEpochs(of stage: TrainingStage, _ path: String) throws {
        if stage.schedule.warmupEpochs > Double(stage.epochs) {
            throw error(
                "\(path).schedule",
                "the warm-up of \(stage.schedule.warmupEpochs) epochs is longer than the stage’s \(stage.epochs)")
        }
        if let last = stage.schedule.milestones?.last, last >= stage.epochs {
            throw error(
                "\(path).schedule.milestones", "the milestone \(last) is not within the stage’s \(stage.epochs) epochs")
        }
        var before = 0
        for (index, phase) in stage.augmentation.enumerated() {
            let place = "\(path).augmentation.\(index).fromEpoch"
            guard index > 0 || phase.fromEpoch == 1 else {
                throw error(place, "the first phase must begin with epoch 1, not \(phase.fromEpoch)")
            }
            guard phase.fromEpoch > before else {
                throw error(
                    place,
                    "“\(phase.name)” begins with epoch \(phase.fromEpoch), no later than the phase before; set “fromEpoch”"
                )
            }
            guard phase.fromEpoch <= stage.epochs else {
                throw error(
                    place, "“\(phase.name)” begins with epoch \(phase.fromEpoch), and the stage has \(stage.epochs)")
            }
            before = phase.fromEpoch
        }
    }
}
