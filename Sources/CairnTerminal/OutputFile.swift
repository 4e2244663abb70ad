import CairnCore
import Foundation

/// What the command line itself fails at.
public struct CommandError: CairnError {
    /// What a caller acts on.
    public var kind: ErrorKind
    /// What is wrong, with what, and what to do.
    public var message: String
    /// The error underneath, where there is one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(kind: ErrorKind, message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }
}

/// Files that a command was asked to write.
public enum OutputFile {
    /// Throws where a file cannot be: before the work, rather than when it is done.
    public static func requireFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw CommandError(
                kind: .notFound, message: "\(path) cannot be written: there is no folder \(folder); make it first")
        }
        guard access(folder, W_OK) == 0 else {
            throw CommandError(
                kind: .failure, message: "\(path) cannot be written: you may not write in \(folder)")
        }
    }

    /// Makes a folder, unless it is there.
    public static func makeFolder(_ path: String) throws {
        try requireFolder(of: path)
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CommandError(
                kind: .failure, message: "the folder \(path) cannot be made; check that no file has its name")
        }
    }

    /// Writes all of it or nothing.
    public static func write(_ data: Data, to path: String) throws {
        try requireFolder(of: path)
        do {
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            // Foundation's description is for developers; the system's own word for it is inside.
            let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
            let reason =
                system.map { String(cString: strerror(Int32($0.code))) }
                ?? "check that it is no folder, and that there is room"
            throw CommandError(
                kind: system?.code == Int(ENOSPC) ? .resourceExhausted : .failure,
                message: "\(path) cannot be written: \(reason)")
        }
    }

    /// Writes text, all of it or nothing.
    public static func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }
}
