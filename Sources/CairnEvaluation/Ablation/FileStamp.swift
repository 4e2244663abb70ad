import Foundation

/// What tells that a file is as it was: its path, size and time of change. Part of the digests under which results are kept.
enum FileStamp {
    /// The stamp as text; a file that is not there has size -1.
    static func text(of path: String) -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let changed = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return "\(path)\t\(attributes?[.size] as? Int ?? -1)\t\(changed)"
    }
}
