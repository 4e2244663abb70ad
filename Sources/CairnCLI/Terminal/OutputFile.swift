import CairnCore
import Foundation

/// What the command line itself fails at.
struct CommandError: CairnError {
    var kind: ErrorKind
    var message: String
    var cause: (any Error)?
}

/// Files that a command was asked to write.
enum OutputFile {
    /// Writes all of it or nothing.
    static func write(_ data: Data, to path: String) throws {
        do {
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandError(
                kind: .failure, message: "\(path) cannot be written; check that its folder exists and has room", cause: error)
        }
    }

    static func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }
}
