import CairnCore

/// How a checkpoint's names are brought to a model's. The default is strict: every name on either side has its partner.
public struct LoadingConfiguration: Sendable, Codable, Equatable {
    /// Names left out on both sides, such as a classifier's: the checkpoint's are not read, the model's not filled. Names are
    /// the model's; one `*` in a pattern stands for any text: `fc.*`, `*.bias`.
    public var ignoredNames: [String] = []

    /// Beginnings that come off the checkpoint's names, such as `module.`: from each name the first that it has, once.
    public var strippedPrefixes: [String] = []

    /// Names of the checkpoint that the model calls otherwise, and what it calls them. Not stripped any further.
    public var renamed: [String: String] = [:]

    /// Whether batch normalisation's counters (`num_batches_tracked`) may be left over. They say how long a model was
    /// trained, and nothing in inference reads them.
    public var toleratesBatchCounters = true

    /// The defaults.
    public init() {}

    /// Every name has its partner; only batch counters may be left over.
    public static let strict = LoadingConfiguration()

    /// Strict but for the classifier on top, of which these are the names or their patterns.
    public static func ignoringHead(_ names: [String]) -> LoadingConfiguration {
        var configuration = LoadingConfiguration()
        configuration.ignoredNames = names
        return configuration
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case ignoredNames, strippedPrefixes, renamed, toleratesBatchCounters
    }

    /// Reads what is there; the rest keeps its default, and unknown keys are refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "loading")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        ignoredNames = try values.decodeIfPresent([String].self, forKey: .ignoredNames) ?? []
        strippedPrefixes = try values.decodeIfPresent([String].self, forKey: .strippedPrefixes) ?? []
        renamed = try values.decodeIfPresent([String: String].self, forKey: .renamed) ?? [:]
        toleratesBatchCounters = try values.decodeIfPresent(Bool.self, forKey: .toleratesBatchCounters) ?? true
    }

    /// Whether a name of the model is left out.
    func ignores(_ name: String) -> Bool {
        ignoredNames.contains { pattern in
            guard let star = pattern.firstIndex(of: "*") else { return pattern == name }
            let (start, end) = (pattern[..<star], pattern[pattern.index(after: star)...])
            return name.count >= start.count + end.count && name.hasPrefix(start) && name.hasSuffix(end)
        }
    }

    /// Whether a name that no model asked for may stay so.
    func tolerates(unused name: String) -> Bool {
        toleratesBatchCounters && name.split(separator: ".").last == "num_batches_tracked"
    }

    /// The checkpoint's name as the model would say it.
    func stripped(_ name: String) -> String {
        if let new = renamed[name] { return new }
        guard let prefix = strippedPrefixes.first(where: { name.hasPrefix($0) }) else { return name }
        return String(name.dropFirst(prefix.count))
    }
}
