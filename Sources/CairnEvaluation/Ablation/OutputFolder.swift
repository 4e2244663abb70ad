import CairnCore
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The folder of a run: its own, and one run's at a time.
final class OutputFolder: Sendable {
    /// Its path.
    let path: String
    private let descriptor: Int32

    /// Makes a folder, or takes that of an earlier run.
    ///
    /// - Parameters:
    ///   - path: Where.
    ///   - marker: A folder that every such run makes: what else is not empty, is somebody's.
    ///   - what: Of what a run is: “an ablation”.
    /// - Throws: `EvaluationError`: `conflict` where there are other files, or where another run is at work; `failure` where it cannot be made.
    init(_ path: String, marker: String, what: String) throws {
        self.path = path
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard !manager.fileExists(atPath: path, isDirectory: &isFolder) || isFolder.boolValue else {
            throw EvaluationError(.conflict, "\(path) is a file; name a new folder")
        }
        let present = (try? manager.contentsOfDirectory(atPath: path)) ?? []
        guard present.isEmpty || present.contains(marker) else {
            throw EvaluationError(
                .conflict,
                "\(path) holds files that are no run of \(what); name a new folder, or that of an earlier run")
        }
        do {
            try manager.createDirectory(atPath: path + "/" + marker, withIntermediateDirectories: true)
        } catch {
            throw EvaluationError(.failure, "the folder \(path) cannot be made; check that you may write there")
        }
        descriptor = open(path + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            throw EvaluationError(
                .conflict, "another run is at work in \(path); wait for it, or name another folder")
        }
    }

    deinit { close(descriptor) }
}
