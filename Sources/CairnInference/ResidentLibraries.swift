import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Keeps OpenVINO's libraries in memory to the end of the process.
///
/// OpenVINO loads its plugin and its readers of model files when they are first needed, and unloads them with the last object
/// that came from them, or when the process ends. Threads that ran a model have destructors there, which would then be called in
/// memory that is gone.
enum ResidentLibraries {
    private static let pinned = Mutex<Set<String>>([])

    /// Pins what is loaded now. Call it after something new may have been loaded.
    static func pin() {
        guard let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8) else { return }
        let paths = Set(
            maps.split(separator: "\n").compactMap { line -> String? in
                guard let start = line.firstIndex(of: "/") else { return nil }
                let path = line[start...]
                let name = path[(path.lastIndex(of: "/") ?? start)...]
                return name.hasPrefix("/libopenvino") || name.hasPrefix("/libtbb") ? String(path) : nil
            })
        pinned.withLock { pinned in
            for path in paths where pinned.insert(path).inserted {
                _ = dlopen(path, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE)
            }
        }
    }
}
