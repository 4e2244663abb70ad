import CairnCore
import CairnModels

extension RecipeCheck {
    func checkModels() throws {
        try requireUnique(recipe.models.map(\.name), of: "models", at: "models")
        for (index, model) in recipe.models.enumerated() {
            let path = "models.\(index)"
            let names = Architecture.all.map(\.name)
            guard let architecture = Architecture.all.first(where: { $0.name == model.backbone }) else {
                let near = nearest(to: model.backbone, among: names).map { "; did you mean “\($0)”?" } ?? ";"
                throw error(
                    "\(path).backbone", "there is no backbone “\(model.backbone)”\(near) There are \(list(names))")
            }
            let channels = try Self.channels(of: model.backbone)
            if model.head.kind == .none, let dimensions = model.dimensions, dimensions != channels {
                throw error(
                    "\(path).dimensions",
                    "without a head descriptors have the \(channels) dimensions of \(model.backbone), not \(dimensions); choose a head"
                )
            }
            if model.input.fit == .square {
                try requireSize(model.input.size, of: architecture, at: "\(path).input")
            }
            if model.delg != nil { try checkDELG(model, architecture, at: path) }
            if let whitening = model.whitening {
                try check(whitening, of: model.dimensions ?? channels, at: "\(path).whitening")
            }
        }
    }

    private func checkDELG(_ model: RecipeModel, _ architecture: Architecture, at path: String) throws {
        guard case .resNet = architecture.definition else {
            throw error(
                "\(path).backbone",
                "DELG needs a backbone that shows its second-last stage, as the ResNets do; \(model.backbone) does not"
            )
        }
        guard model.head.kind == .whitening else {
            throw error("\(path).head", "the global head of DELG is “whitening”, not “\(model.head.kind.rawValue)”")
        }
    }

    func check(_ whitening: RecipeWhitening, of dimensions: Int, at path: String) throws {
        if let kept = whitening.dimensions, kept > dimensions {
            throw error(
                "\(path).dimensions", "of \(dimensions) dimensions \(kept) cannot be kept; keep at most as many")
        }
        try requirePart(
            whitening.learnedOn, labelled: whitening.kind == .learned, for: "this whitening", at: "\(path).learnedOn")
    }

    /// Throws unless a network takes squares of a size.
    func requireSize(_ size: Int, of architecture: Architecture, at path: String) throws {
        var multiple = architecture.sizeMultiple
        // Four stages, each of half the size of the one before, the first of patches of four pixels.
        if case .swinTransformer = architecture.definition { multiple = 32 }
        guard size.isMultiple(of: multiple) else {
            let near = max(multiple, (size + multiple / 2) / multiple * multiple)
            throw error(path, "\(architecture.name) takes sides that \(multiple) divides, not \(size); take \(near)")
        }
    }

    func checkDescriptor() throws {
        guard let descriptor = recipe.descriptor else {
            guard recipe.models.isEmpty else {
                throw error(
                    "models",
                    "there are models, and no section “descriptor” says what becomes of their descriptors; add it")
            }
            guard recipe.search.local != .none else {
                throw error("search", "there is nothing to search with: no models, and no “local” search")
            }
            return
        }
        guard !recipe.models.isEmpty else {
            throw error("descriptor", "there are no models to take descriptors from; list them in “models”")
        }
        var known: Set<String> = []
        for (index, member) in descriptor.ensemble.enumerated() {
            let path = "descriptor.ensemble.\(index)"
            _ = try model(member.model, at: path)
            guard known.insert(member.model).inserted else {
                throw error(path, "the model “\(member.model)” is in the ensemble twice; give it a weight instead")
            }
        }
        if let whitening = descriptor.whitening {
            try check(whitening, of: ensembleDimensions(), at: "descriptor.whitening")
        }
    }
}
