import CairnModels

extension ModelAddition {
    /// Throws `ModelLibraryError` where what a user says contradicts what the file says of its own weights.
    ///
    /// Architecture, pooling, head, dimensions and preprocessing are facts of the weights. Size, fit and scales are choices.
    func requireAgreement(with description: ModelDescription) throws {
        let network = description.descriptorNetwork
        func require(_ agrees: Bool, _ option: String, _ said: String, _ found: String) throws {
            guard agrees else {
                throw ModelLibraryError(
                    .invalidArgument, "\(file) says that its \(option) is \(found), not \(said); leave that option out")
            }
        }
        if let architecture {
            try require(
                architecture == description.architecture || architecture == network.architecture, "architecture",
                architecture, description.architecture)
        }
        if let delg {
            try require(
                delg == description.delg, "DELG",
                "of \(delg.localDimensions) local dimensions on \(delg.architecture)",
                description.delg.map { "of \($0.localDimensions) on \($0.architecture)" } ?? "none")
        }
        if let pooling {
            let (said, own) = (pooling, network.pooling)
            let fixed = !said.learnsExponent && !own.learnsExponent
            // An exponent that nobody chose agrees with any.
            let sameExponent =
                !fixed || said.exponent == own.exponent || said.exponent == PoolingConfiguration.gem.exponent
            try require(
                said.kind == own.kind && sameExponent && (!said.learnsExponent || own.learnsExponent), "pooling",
                Self.text(said), Self.text(own))
        }
        if let head {
            try require(head.kind == network.head.kind, "head", head.kind.rawValue, network.head.kind.rawValue)
        }
        if let dimensions, let own = network.dimensions {
            try require(dimensions == own, "number of dimensions", String(dimensions), String(own))
        }
        if let preprocessing {
            try require(
                preprocessing == description.preprocessing, "preprocessing", "the one that is asked for", "another one")
        }
        if output != nil {
            throw ModelLibraryError(.invalidArgument, "\(file) is a checkpoint; --output is for ONNX files")
        }
    }

    private static func text(_ pooling: PoolingConfiguration) -> String {
        pooling.learnsExponent
            ? "\(pooling.kind.rawValue) with a learned exponent" : "\(pooling.kind.rawValue) of p = \(pooling.exponent)"
    }
}
