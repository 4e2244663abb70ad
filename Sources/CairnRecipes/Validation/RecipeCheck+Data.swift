extension RecipeCheck {
    func checkData() throws {
        let data = recipe.data
        for role in RecipeData.Part.allCases {
            guard let part = data[role] else { continue }
            let path = "data.\(role.rawValue)"
            if let subset = part.subset, let known = subsets(of: data.layout(of: role)), !known.contains(subset) {
                throw error(
                    "\(path).subset",
                    "the layout \(data.layout(of: role).rawValue) has no subset “\(subset)”; it has \(known.joined(separator: ", "))"
                )
            }
            if let source = part.heldOutOf {
                guard source != role else {
                    throw error("\(path).heldOutOf", "a part cannot be held out of itself; name another part")
                }
                try requirePart(source, labelled: true, for: "holding out classes", at: "\(path).heldOutOf")
            }
        }
        try requirePart(.test, for: "every recipe", at: "data")
        if recipe.recognition == nil { try requirePart(.index, for: "retrieval", at: "data") }
    }

    private func subsets(of layout: RecipeData.Layout) -> [String]? {
        switch layout {
        case .gldv2: ["train", "train_clean", "index", "test"]
        case .digix: ["train", "gallery", "query"]
        case .revisited, .oxford, .ukbench, .holidays, .folders, .csv: nil
        }
    }

    func checkCleaning() throws {
        try requireUnique(recipe.cleaning.map(\.name), of: "cleaning steps", at: "cleaning")
        var known = ["train"]
        for (index, step) in recipe.cleaning.enumerated() {
            let path = "cleaning.\(index)"
            try requirePart(.train, labelled: true, for: "cleaning", at: path)
            guard step.name != "train" else {
                throw error("\(path).name", "“train” is the data that cleaning begins with; call the step otherwise")
            }
            guard known.contains(step.from) else {
                throw error(
                    "\(path).from",
                    "there is nothing called “\(step.from)” before this step; there is \(known.joined(separator: ", "))"
                )
            }
            known.append(step.name)
            guard step.method != .list else { continue }
            if let name = step.model { _ = try model(name, at: "\(path).model") }
            guard !recipe.models.isEmpty else {
                throw error(
                    "\(path).method",
                    "\(step.method.rawValue) compares descriptors, and there is no model; add one to “models”")
            }
            guard step.method != .verifiedNeighbors || recipe.local != nil else {
                throw error(
                    "\(path).method",
                    "verifiedNeighbors compares local features, and there is no section “local”; add it")
            }
            try checkStage(of: step, at: path)
        }
    }

    /// The stage behind a cleaning step must be over before the step's result is needed.
    private func checkStage(of step: CleaningStep, at path: String) throws {
        guard let name = step.afterStage else { return }
        let stages = recipe.training?.stages ?? []
        guard let place = stages.firstIndex(where: { $0.name == name }) else {
            throw error(
                "\(path).afterStage", "there is no stage “\(name)” in “training”; there are \(list(stages.map(\.name)))"
            )
        }
        if let first = stages.firstIndex(where: { $0.data == step.name }), first <= place {
            throw error(
                "\(path).afterStage",
                "the stage “\(stages[first].name)” learns from “\(step.name)”, which is only made after the stage “\(name)”"
            )
        }
        if let model = step.model ?? recipe.models.first?.name, !stages[place].models.isEmpty,
            !stages[place].models.contains(model)
        {
            throw error(
                "\(path).afterStage",
                "the model “\(model)” does not go through the stage “\(name)”; name one of its stages")
        }
    }

    func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}
