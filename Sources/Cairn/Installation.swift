import CImageCodecs
import CKernels
import GRDB

/// What this copy of Cairn runs on.
public enum Installation {
    /// Versions of native libraries, by name.
    public static var versions: [String: String] {
        var versions = [
            "libjpeg-turbo": String(cString: cairn_jpeg_version()), "libvips": String(cString: cairn_vips_version()),
        ]
        versions["SQLite"] =
            (try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }) ?? nil
        #if os(Linux)
            versions["platform"] = "Linux"
        #endif
        return versions
    }

    /// The processor's instruction sets that kernels know, and the one in use.
    public static var processor: String {
        let needed = cairn_cpu_feature_names(nil, 0)
        let names = withUnsafeTemporaryAllocation(of: CChar.self, capacity: needed + 1) { text in
            cairn_cpu_feature_names(text.baseAddress, text.count)
            return text.baseAddress.map { String(cString: $0) } ?? ""
        }
        return "\(names); kernels run on \(String(cString: cairn_isa_name(cairn_isa_resolve(.best))))"
    }
}
