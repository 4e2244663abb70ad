import CairnCheckpoints
import CairnModels
import CairnNN

/// Matching networks of Cairn's own, by the names of their checkpoints.
enum MatcherArchitecture: String, CaseIterable {
    case superGlue = "superglue"
    case lightGlueSuperPoint = "lightglue-superpoint"
    case lightGlueALIKED = "lightglue-aliked"
    case lightGlueDISK = "lightglue-disk"
    case lightGlueXFeat = "lightglue-xfeat"
    case loftr = "loftr"
    case loftrCorrected = "loftr-new"

    /// What it is made of.
    enum Family {
        case superGlue(SuperGlueConfiguration)
        case lightGlue(LightGlueConfiguration)
        case loftr(LoFTRConfiguration)
    }

    /// Paper and authors.
    var source: String {
        switch self {
        case .superGlue: "Sarlin et al. 2020, SuperGlue: Learning Feature Matching with Graph Neural Networks"
        case .lightGlueSuperPoint, .lightGlueALIKED, .lightGlueDISK:
            "Lindenberger et al. 2023, LightGlue: Local Feature Matching at Light Speed"
        case .lightGlueXFeat: "Potje et al. 2024, XFeat: Accelerated Features; its LightGlue, called LighterGlue"
        case .loftr, .loftrCorrected: "Sun et al. 2021, LoFTR: Detector-Free Local Feature Matching with Transformers"
        }
    }

    /// What it is made of, for a checkpoint with these names.
    func family(names: [String], namePrefix: String? = nil) -> Family {
        let loading = Self.loading(stripping: namePrefix)
        func lightGlue(_ preset: LightGlueConfiguration) -> Family {
            var configuration = preset
            configuration.naming = LightGlueConfiguration.naming(of: names.map(loading.stripped))
            return .lightGlue(configuration)
        }
        switch self {
        case .superGlue: return .superGlue(.published)
        case .lightGlueSuperPoint: return lightGlue(.superPoint)
        case .lightGlueALIKED: return lightGlue(.aliked)
        case .lightGlueDISK: return lightGlue(.disk)
        case .lightGlueXFeat: return lightGlue(.xfeat)
        case .loftr: return .loftr(.published)
        case .loftrCorrected: return .loftr(.corrected)
        }
    }

    /// Strict, but for what training frameworks put before names, and a table that follows from the number of layers.
    static func loading(stripping prefix: String?) -> LoadingConfiguration {
        var configuration = LoadingConfiguration.strict
        configuration.strippedPrefixes = (prefix.map { [$0] } ?? []) + ["matcher.", "module."]
        configuration.ignoredNames = ["confidence_thresholds"]
        return configuration
    }

    /// The architectures that a checkpoint's names and shapes are those of.
    static func fitting(_ checkpoint: Checkpoint, namePrefix: String?) throws -> [MatcherArchitecture] {
        let loading = loading(stripping: namePrefix)
        return try allCases.filter { architecture in
            let specs = try architecture.family(names: checkpoint.names, namePrefix: namePrefix).specs()
            return try CheckpointMatch(checkpoint, with: specs, configuration: loading).isComplete
        }
    }
}

extension MatcherArchitecture.Family {
    /// What the network asks a checkpoint for.
    func specs() throws -> [ParameterSpec] {
        let source = ShapeParameters()
        switch self {
        case .superGlue(let configuration): _ = try SuperGlue(Parameters(source), configuration: configuration)
        case .lightGlue(let configuration): _ = try LightGlue(Parameters(source), configuration: configuration)
        case .loftr(let configuration): _ = try LoFTR(Parameters(source), configuration: configuration)
        }
        return source.specs
    }
}

extension MatcherArchitecture.Family {
    /// Numbers in the descriptors of its keypoints; 0 where it sees images.
    var entries: Int {
        switch self {
        case .superGlue(let configuration): configuration.descriptorSize
        case .lightGlue(let configuration): configuration.inputSize
        case .loftr: 0
        }
    }

    /// Learned numbers.
    func parameterCount() throws -> Int {
        try OperationCount.of(inputs: []) { parameters in
            switch self {
            case .superGlue(let configuration): _ = try SuperGlue(parameters, configuration: configuration)
            case .lightGlue(let configuration): _ = try LightGlue(parameters, configuration: configuration)
            case .loftr(let configuration): _ = try LoFTR(parameters, configuration: configuration)
            }
            return { _ in }
        }.parameters
    }
}

extension LoadingConfiguration {
    /// The name without the first prefix that it has.
    fileprivate func stripped(_ name: String) -> String {
        guard let prefix = strippedPrefixes.first(where: { name.hasPrefix($0) }) else { return name }
        return String(name.dropFirst(prefix.count))
    }
}
