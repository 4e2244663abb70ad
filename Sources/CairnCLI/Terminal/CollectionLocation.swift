import Cairn
import Crypto
import Foundation

/// Where the collection is: `--collection`, else `$CAIRN_COLLECTION`, else the XDG data folder.
enum CollectionLocation {
    static func resolve(_ option: String?, environment: [String: String] = ProcessInfo.processInfo.environment)
        -> String
    {
        if let option, !option.isEmpty { return absolute(option) }
        if let variable = environment["CAIRN_COLLECTION"], !variable.isEmpty { return absolute(variable) }
        // The XDG base directory specification has relative paths ignored.
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/cairn/collection" }
        return home(environment) + "/.local/share/cairn/collection"
    }

    /// Where features of a data set are kept between evaluations: below the XDG cache folder, one folder for each data set
    /// and each way of making features.
    static func cache(
        for root: String, _ extractors: ExtractorSet,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let models = (extractors.local.map { [$0.digest] } ?? []) + extractors.globals.map(\.digest)
        let key = try Data(root.utf8) + encoder.encode(models) + encoder.encode(extractors.index)
        let digest = SHA256.hash(data: key).prefix(8).map { String(format: "%02x", $0) }.joined()
        let variable = environment["XDG_CACHE_HOME"] ?? ""
        let cache = variable.hasPrefix("/") ? variable : home(environment) + "/.cache"
        return "\(cache)/cairn/evaluate/\(digest)"
    }

    /// `$HOME` first, as the specification has it; Foundation goes by the user database alone.
    private static func home(_ environment: [String: String]) -> String {
        let variable = environment["HOME"] ?? ""
        return variable.hasPrefix("/") ? variable : NSHomeDirectory()
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
