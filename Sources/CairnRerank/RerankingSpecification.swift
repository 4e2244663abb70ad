import Foundation

/// Reads methods from a line of text, `dba:k=10;alphaqe:n=50,alpha=5;diffusion`, or from JSON.
///
/// Methods stand in their order between semicolons; a colon, then settings between commas. The name of a preset stands for its
/// methods. As JSON the same is
/// `[{"method": "dba", "k": 10}, {"method": "alphaqe", "n": 50, "alpha": 5}, {"method": "diffusion"}]`.
/// Unknown methods and settings are refused, with those that there are.
public enum RerankingSpecification {
    /// Reads a line. Throws `RerankError` (`invalidArgument`) saying what in it makes no sense.
    public static func parse(_ text: String) throws -> RerankingPipeline {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else {
            throw RerankError(.invalidArgument, "the re-ranking is empty; name methods, such as \(example)")
        }
        return try RerankingPipeline(text.split(separator: ";", omittingEmptySubsequences: false).flatMap(steps))
    }

    /// Reads the JSON form. Throws `RerankError`: `invalidInput` for what is no list of objects, else as for a line.
    public static func parse(json data: Data) throws -> RerankingPipeline {
        guard let list = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]] else {
            throw RerankError(
                .invalidInput, "the re-ranking is not a JSON list of objects such as [{\"method\": \"dba\", \"k\": 10}]"
            )
        }
        guard !list.isEmpty else {
            throw RerankError(.invalidInput, "the re-ranking is an empty list; name methods in it")
        }
        return try RerankingPipeline(
            list.flatMap { object in
                guard let name = object["method"] as? String else {
                    throw RerankError(.invalidInput, "a step of the re-ranking has no “method”, the name of one")
                }
                var settings: [String: SettingValue] = [:]
                for (key, value) in object where key != "method" {
                    settings[key] = try SettingValue(json: value, key: key)
                }
                return try make(name, settings)
            })
    }

    /// Writes methods as a line that reads back as the same; settings that are the defaults are left out.
    public static func text(of pipeline: RerankingPipeline) -> String {
        pipeline.methods.map { method in
            let standard: any RerankingMethod = type(of: method).init()
            let defaults = settings(of: standard)
            return line(type(of: method).name, settings(of: method).filter { defaults[$0.key] != $0.value })
        }.joined(separator: ";")
    }

    /// A method with all its settings and their defaults, as a step would be written: `alphaqe:alpha=3,n=50`.
    public static func defaults(of method: any RerankingMethod.Type) -> String {
        let standard: any RerankingMethod = method.init()
        return line(method.name, settings(of: standard))
    }

    private static let example = "“dba:k=10;alphaqe:n=50,alpha=5”"

    private static func line(_ name: String, _ settings: [String: SettingValue]) -> String {
        guard !settings.isEmpty else { return name }
        return name + ":"
            + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    private static func steps(_ text: Substring) throws -> [any RerankingMethod] {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = trimmed(parts[0])
        guard !name.isEmpty else {
            throw RerankError(.invalidArgument, "a method is missing between the semicolons; write it as \(example)")
        }
        var settings: [String: SettingValue] = [:]
        for assignment in parts.count > 1 ? parts[1].split(separator: ",", omittingEmptySubsequences: false) : [] {
            let sides = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, !trimmed(sides[0]).isEmpty, !trimmed(sides[1]).isEmpty else {
                throw RerankError(
                    .invalidArgument,
                    "“\(shown(trimmed(assignment)))” of \(shown(name)) is no setting; write it as \(example)")
            }
            guard settings.updateValue(SettingValue(text: trimmed(sides[1])), forKey: trimmed(sides[0])) == nil else {
                throw RerankError(.invalidArgument, "\(shown(name)) is told “\(shown(trimmed(sides[0])))” twice")
            }
        }
        return try make(name, settings)
    }

    private static func make(_ name: String, _ settings: [String: SettingValue]) throws -> [any RerankingMethod] {
        if let preset = RerankingPreset(rawValue: name) {
            guard settings.isEmpty else {
                throw RerankError(
                    .invalidArgument, "\(name) is a preset and takes no settings; it is “\(preset.specification)”")
            }
            return try parse(preset.specification).methods
        }
        guard let type = methods.first(where: { $0.name == name }) else {
            let known = methods.map { $0.name }.joined(separator: ", ")
            let presets = RerankingPreset.allCases.map(\.rawValue).joined(separator: ", ")
            throw RerankError(
                .invalidArgument,
                "there is no re-ranking method “\(shown(name))”; there are \(known), and the presets \(presets)")
        }
        return [try configured(type, settings)]
    }

    /// The defaults with some settings changed.
    private static func configured<Method: RerankingMethod>(
        _ type: Method.Type, _ changes: [String: SettingValue]
    ) throws -> Method {
        var settings = settings(of: Method())
        for (key, value) in changes.sorted(by: { $0.key < $1.key }) {
            guard let standard = settings[key] else {
                let known = settings.keys.sorted().joined(separator: ", ")
                throw RerankError(
                    .invalidArgument,
                    "\(Method.name) has no setting “\(shown(key))”; it has \(known.isEmpty ? "none" : known)")
            }
            guard standard.hasKind(of: value) else {
                throw refusal(Method.self, key, value, "it must be \(standard.kindInWords)")
            }
            if let words = Method.choices[key], !words.contains(value.description) {
                throw refusal(Method.self, key, value, "it must be one of \(words.joined(separator: ", "))")
            }
            // One at a time, so that the error knows which it was.
            settings[key] = if case .word = standard { .word(value.description) } else { value }
            guard (try? decode(Method.self, settings)) != nil else {
                let isWord = if case .word = standard { true } else { false }
                throw refusal(
                    Method.self, key, value,
                    isWord ? "that is none of its words" : "it must be a whole number that is not too large")
            }
        }
        return try decode(Method.self, settings)
    }

    private static func refusal<Method: RerankingMethod>(
        _ type: Method.Type, _ key: String, _ value: SettingValue, _ must: String
    ) -> RerankError {
        RerankError(.invalidArgument, "“\(key)” of \(Method.name) is \(shown(value.description)); \(must)")
    }

    private static func decode<Method: RerankingMethod>(
        _ type: Method.Type, _ settings: [String: SettingValue]
    ) throws -> Method {
        let data = try JSONSerialization.data(withJSONObject: settings.mapValues(\.json))
        return try JSONDecoder().decode(Method.self, from: data)
    }

    private static func settings(of method: some RerankingMethod) -> [String: SettingValue] {
        guard let data = try? JSONEncoder().encode(method),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { preconditionFailure("\(type(of: method)) does not encode as a flat object") }
        return object.mapValues {
            guard let setting = try? SettingValue(json: $0, key: "") else {
                preconditionFailure("\(type(of: method)) does not encode as a flat object")
            }
            return setting
        }
    }

    private static func trimmed(_ text: Substring) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

    /// Text of the user's, short and without control characters, for an error.
    private static func shown(_ text: String) -> String {
        let plain = String(
            text.unicodeScalars.prefix(60).map { $0.properties.generalCategory == .control ? " " : Character($0) })
        return text.unicodeScalars.count > 60 ? plain + "…" : plain
    }
}
